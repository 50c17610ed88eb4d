/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables, 2-level or PAE as chosen at boot.
 *
 * Each change goes to memory at once; the processor, or the hypervisor,
 * knows of it after mmu_commit() at the latest.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/lib/paging.h"

struct mmu_space {
	uint32_t root;	 /* pa of the top-level table */
	uint32_t groups; /* of addresses: those that may have tables */
};

/* The kernel's half alone: its tables exist from the start. */
extern struct mmu_space mmu_kernel;

struct early;

/* At boot: adopt the tables early.c made. */
void mmu_init(const struct early *e);

/* Space without user mappings. 0 or -ENOMEM. */
int mmu_create(struct mmu_space *s);
/* Its user entries are all 0. It is not the current one. */
void mmu_destroy(struct mmu_space *s);
void mmu_activate(const struct mmu_space *s);

/*
 * Where the entry of user address @va lives, or NULL: no table yet.
 * mmu_pte_make() makes the table; NULL: no memory. Read and write entries
 * with paging_read() and paging_write() only.
 */
void *mmu_pte(const struct mmu_space *s, uint32_t va);
void *mmu_pte_make(struct mmu_space *s, uint32_t va);

static inline uint32_t mmu_entry_size(void)
{
	return paging_is_pae ? 8 : 4;
}

static inline uint32_t mmu_frame(uint64_t pte)
{
	return (uint32_t)pte & ~0xfffu;
}

/*
 * One entry changed: tell now. An entry that was absent need not be told,
 * but telling saves a fault on Umbra.
 */
void mmu_changed(struct mmu_space *s, uint32_t va, uint64_t pte);
/* Many entries of the current space changed: cheaper than one by one. */
void mmu_changed_many(struct mmu_space *s);
void mmu_commit(void);

/* First address of the next table behind @va. */
uint32_t mmu_next_table(uint32_t va);
/* Free the tables of user addresses; their entries are all 0. */
void mmu_free_tables(struct mmu_space *s);
