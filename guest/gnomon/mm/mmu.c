// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page tables of processes and of the kernel (formats: guest/lib/paging.h).
 *
 * The kernel's half, KERNEL_BASE and above, is made by early.c and the same
 * in all spaces: the upper half of each root.
 *
 * I1  Tables of user mappings that are freed hold zeros only, so they are
 *     kept for the next space as they are; so are roots.
 * I2  A table is unlinked and that is announced before its frame is used
 *     again: announcements are made in order.
 */
#include "guest/gnomon/mm/mmu.h"

#include <string.h>

#include "guest/gnomon/arch/early.h"
#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/mm/frame.h"

/* In bytes. */
#define ROOT_SIZE      (paging_is_pae ? 32u : PAGE_SIZE)
#define DIRECTORY_SIZE 0x40000000u /* that one of PAE maps */

/* Addresses whose tables share a bit of mmu_space.groups. */
#define GROUP_SHIFT 26

#define CACHED_TABLES 64
#define CACHED_ROOTS  8

struct mmu_space mmu_kernel;

static uint32_t current_root;

/* Stacks of frames ready for use. */
static uint32_t tables[CACHED_TABLES], table_count;
static uint32_t roots[CACHED_ROOTS], root_count;

/* --- announcements -------------------------------------------------------- */

void mmu_changed(struct mmu_space *s, uint32_t va, uint64_t pte)
{
	platform->call(HC_SET_PTE, s->root, va, (uint32_t)pte,
		       (uint32_t)(pte >> 32));
}

void mmu_changed_many(struct mmu_space *s)
{
	if (s->root == current_root) {
		platform->call(HC_FLUSH_TLB, 0, 0, 0, 0);
	}
}

void mmu_commit(void)
{
	hcall_sync();
}

/* --- tables --------------------------------------------------------------- */

static uint32_t table_new(void)
{
	return table_count ? tables[--table_count] : frame_alloc_zero();
}

/* The table that @entry of the root, or of a directory below it, names. */
static void table_free(uint32_t root, void *entry)
{
	uint32_t table = paging_table(entry);
	uint32_t page = page_down(frame_of(entry));
	uint32_t index = (frame_of(entry) - page) / mmu_entry_size();

	paging_write(entry, 0);
	platform->call(page == root ? HC_SET_PGD : HC_SET_PMD, page, index, 0,
		       0);
	if (table_count < CACHED_TABLES) {
		tables[table_count++] = table;
	} else {
		frame_put(table);
	}
}

void *mmu_pte(const struct mmu_space *s, uint32_t va)
{
	return paging_entry(s->root, va);
}

/*
 * A table that appears need not be announced: what is absent is looked up
 * when it is needed.
 */
void *mmu_pte_make(struct mmu_space *s, uint32_t va)
{
	void *entry = paging_directory_entry(s->root, va);
	uint32_t table = paging_table(entry);

	if (!table) {
		table = table_new();
		if (!table) {
			return NULL;
		}
		paging_write(entry, table | PTE_TABLE);
		s->groups |= 1u << (va >> GROUP_SHIFT);
	}
	return paging_entry_in(table, va);
}

uint32_t mmu_next_table(uint32_t va)
{
	return (va | ((1u << paging_table_shift()) - 1)) + 1;
}

void mmu_free_tables(struct mmu_space *s)
{
	uint32_t tables_in_group = 1u << (GROUP_SHIFT - paging_table_shift());
	uint32_t n;
	char *entry;

	for (; s->groups; s->groups &= s->groups - 1) {
		n = (uint32_t)__builtin_ctz(s->groups);
		entry = paging_directory_entry(s->root, n << GROUP_SHIFT);
		for (n = 0; n < tables_in_group; n++) {
			if (paging_table(entry)) {
				table_free(s->root, entry);
			}
			entry += mmu_entry_size();
		}
	}
}

/* --- spaces --------------------------------------------------------------- */

/* @root is not known to the hypervisor, or all its user entries are zero. */
static void root_free(uint32_t root)
{
	uint32_t va;

	for (va = 0; paging_is_pae && va < KERNEL_BASE; va += DIRECTORY_SIZE) {
		void *entry = paging_root_entry(root, va);

		if (paging_table(entry)) {
			table_free(root, entry);
		}
	}
	frame_put(root);
}

/* With its directories, if it is of PAE: those cannot be added later. */
static uint32_t root_new(void)
{
	uint32_t root = frame_alloc_zero(), half = ROOT_SIZE / 2;
	uint32_t va, directory;

	if (!root) {
		return 0;
	}
	memcpy(frame_at(root + half), frame_at(mmu_kernel.root + half), half);
	for (va = 0; paging_is_pae && va < KERNEL_BASE; va += DIRECTORY_SIZE) {
		directory = table_new();
		if (!directory) {
			root_free(root);
			return 0;
		}
		paging_write(paging_root_entry(root, va), directory | PTE_P);
	}
	return root;
}

int mmu_create(struct mmu_space *s)
{
	s->groups = 0;
	s->root = root_count ? roots[--root_count] : root_new();
	return s->root ? 0 : -ENOMEM;
}

void mmu_destroy(struct mmu_space *s)
{
	mmu_free_tables(s);
	if (root_count < CACHED_ROOTS) {
		roots[root_count++] = s->root;
	} else {
		root_free(s->root);
	}
}

void mmu_activate(const struct mmu_space *s)
{
	if (s->root != current_root) {
		current_root = s->root;
		platform->call(HC_NEW_PGTABLE, s->root, 0, 0, 0);
	}
}

/* The boot's mapping of the first addresses one to one goes. */
void mmu_init(const struct early *e)
{
	mmu_kernel.root = e->root;
	paging_write(frame_at(e->root), 0);
	mmu_activate(&mmu_kernel);
	platform->call(HC_FLUSH_TLB, 1, 0, 0, 0);
	hcall_sync();
}
