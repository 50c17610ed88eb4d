/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine with one guest for tests of the shadow: the real pfa, p2m, walk
 * and shadow; a guest with tables and a direct map of its memory, as Linux
 * has; a processor that walks the shadow.
 */
#pragma once

#include "arch/x86/layout.h"
#include "arch/x86/pte.h"
#include "arch/x86/regs.h"
#include "mm/shroot.h"
#include "test/host/model_walk.h"

struct world_config {
	bool is_pae;
	bool has_nx;
	u32 kernel;	/* guest-virtual address where the kernel begins */
	u32 ram;	/* guest frames */
	u32 page_limit; /* of shadow pages */
	u32 machine;	/* frames, 0: enough */
	u32 direct;	/* those reached without slots, 0: all */
};

#define NO_GFN (~0u)

struct world {
	struct world_config config;
	struct pfa pfa;
	void *pfa_table;
	struct p2m p2m;
	struct mmu_ctx mmu;
	struct shadow shadow;
	struct sh_switcher switcher;
	u32 *gfn_of; /* [machine], INVALID_gfn: no frame of the guest */
	u32 machine;
	u32 free;	 /* the next unused guest frame */
	u64 kernel_root; /* the root whose kernel half others get */
	u32 boot_frames[FRAME_OWNERS]; /* after sh_init() */
};

extern struct world w;

void world_init(const struct world_config *config);
void world_free(void);

/* --- guest memory and tables, written as by a device: noted ------------- */

u32 world_new_frame(void); /* the next one, cleared */

/* Entry @i of the table in guest frame @gfn, in the guest's format. */
u64 world_entry(u32 gfn, u32 i);
void world_set_entry(u32 gfn, u32 i, u64 value);

/* The place of an entry: frame and index. */
struct place {
	u32 gfn, i;
};

/* Where the entries for @va are; gfn is INVALID_gfn when there is none. */
struct place world_pde(u64 root, u32 va);
struct place world_pte(u64 root, u32 va);

/* PAE: where root entry @q is. */
struct place world_pdpte(u64 root, u32 q);

u64 world_get(struct place p);
void world_set(struct place p, u64 value);

/* Entry value for guest frame @gfn. */
u64 world_to(u32 gfn, u64 flags);

/* Map @va in the tables at @root to @pte; makes missing tables. */
void world_map(u64 root, u32 va, u64 pte);

/*
 * An address space with the kernel half of the first one: a direct map of
 * all memory, writable, for ring 1.
 */
u64 world_new_root(void);

/* Where the guest's kernel sees byte @offset of frame @gfn. */
u32 world_kva(u32 gfn, u32 offset);

/* --- the guest runs ----------------------------------------------------- */

enum access_rc {
	ACCESS_OK,
	ACCESS_MMIO,
	ACCESS_FAULT,
	ACCESS_KILL
};

struct access {
	enum access_rc rc;
	u32 error;   /* ACCESS_FAULT */
	u32 gfn;     /* ACCESS_OK; INVALID_gfn: a page of the Switcher */
	u32 fixes;   /* faults that were filled */
	u32 refills; /* faults that found no memory */
	/* What the walk had to set in the guest's tables, if it succeeded. */
	u32 write_count;
	struct model_write write[2];
};

/*
 * An access by the shadow, with faults, each of which is compared with the
 * model. Fails the test when they differ, or when there is no progress.
 */
struct access world_access(u32 va, u32 kind);

/* A 32-bit store by ring 1. False: a fault, or the end of the guest. */
bool world_store(u32 va, u32 value);

/* Set an entry by stores through the direct map, as the guest's kernel. */
bool world_store_entry(struct place p, u64 value);

/* What the guest's live tables say now; see model_walk.h. */
struct model_result world_model(u32 va, u32 kind);

/* The shadow's translation, as it is: no fault, nothing set. */
bool world_is_mapped(u32 va);
u32 world_mapped_gfn(u32 va); /* INVALID_gfn: none */
bool world_is_writable(u32 va);

void world_switch(u64 root);

/* Kinds of access. */
#define READ  0u
#define WRITE PFEC_W
#define FETCH PFEC_I
#define RING3 PFEC_U

/* Flags of entries. */
#define DIR_FLAGS  (PTE_P | PTE_RW | PTE_US | PTE_A)
#define KERN_FLAGS (PTE_P | PTE_RW | PTE_A | PTE_D)
#define USER_FLAGS (PTE_P | PTE_RW | PTE_US)
