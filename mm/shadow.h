/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shadow page tables: what the processor uses while a guest runs. They hold
 * translations of the guest's tables, filled in on demand, and the Switcher.
 *
 * The guest writes its tables in its own memory and says so by hypercalls,
 * which arrive here. A shadow may lag the guest's tables until the guest
 * says that it changed them. Rules: lguest ABI 6.5.
 */
#pragma once

#include "mm/gwalk.h"

#define SH_FRAMES_PER_PAGE 2 /* what one shadow page takes */

struct sh_root;
struct sh_page;
struct sh_table;

/* The frames of the Switcher window's pages. */
struct sh_switcher {
	mfn_t code, state, regs;
};

/* What is known of one guest frame. */
struct sh_gframe {
	spte_t *writer;		/* the writable leaf that maps it, see wcount */
	struct sh_table *table; /* what it is shadowed as; NULL: no table */
	u32 wcount; /* writable leaves, and 1 if others write without a note;
		     * with 1, writer is that leaf or NULL */
};

#define SH_GFRAME_CHUNK_SHIFT 15
#define SH_GFRAME_CHUNKS      25 /* 3 GiB, and devices behind them */
#define SH_ROOT_BUCKETS	      64
#define SH_WINDOW_MAX	      8
#define SH_LINEAR_SPARES      8 /* enough for any one instruction */
#define SH_SHARED_MAX	      2

struct sh_slab {
	void *free;
	u32 size;
};

/* Counters: field of struct sh_stats, and name for people. */
#define SH_STATS_LIST(X)                                                    \
	/* entries filled beside the one that faulted */                    \
	X(prefaulted, "shadow.prefaulted")                                  \
	/* tables compared on flushes, and entries found changed by that */ \
	X(checked, "shadow.checked")                                        \
	X(mended, "shadow.mended")                                          \
	/* roots dropped to make room */                                    \
	X(recycled, "shadow.recycled")                                      \
	/* differences that the audit had to repair */                      \
	X(repaired, "shadow.repaired")

struct sh_stats {
#define X(field, name) u64 field;
	SH_STATS_LIST(X)
#undef X
};

struct shadow {
	struct pfa *pfa;
	struct mmu_ctx *ctx;

	struct sh_gframe *gframe[SH_GFRAME_CHUNKS];
	struct sh_slab table_slab, page_slab, root_slab, to_slab;
	struct sh_page *free_pages; /* all zero */
	struct sh_page *used_pages;
	struct sh_page *audit_next; /* among them */
	u32 free_count;
	u32 pages; /* shadow pages in use */
	u32 roots; /* the linear one included */
	u32 page_limit;
	u64 nx; /* PTE_NX where the processor has it */

	/* Before the first NEW_PGTABLE, and while nothing else is current. */
	struct sh_root *linear;
	spte_t *linear_spare[SH_LINEAR_SPARES]; /* tables, with any contents */
	u32 linear_spares;

	struct sh_root *current;
	struct sh_root *bucket[SH_ROOT_BUCKETS];
	struct sh_root *newest, *oldest; /* by last use, current is newest */
	u32 generation;			 /* of FLUSH_TLB(1) */

	/*
	 * The kernel half: directory entries from kernel_first on, one page
	 * per GiB, shared by all roots. A GiB that is only partly kernel has
	 * per-root pages which repeat the entries.
	 */
	u32 kernel_first; /* directory entry: gva >> 21 */
	struct sh_page *kernel[PAE_PDPTES];
	struct sh_page *kernel_copies;	   /* list of such pages */
	struct sh_table *kernel_tables;	   /* list of what they refer to */
	u32 kernel_generation[PAE_PDPTES]; /* counts entries made there */
	spte_t switch_pde; /* the table of the Switcher window */
	spte_t *switch_table;
	struct {
		u32 index;
		spte_t entry;
	} window[SH_WINDOW_MAX]; /* what the table holds */
	u32 window_count;
	struct sh_gframe *shared[SH_SHARED_MAX]; /* see sh_share() */
	u32 shared_count;

	struct sh_stats stats;
};

enum sh_rc {
	SH_FIXED,   /* an entry was filled: run the guest again */
	SH_REFILL,  /* out of memory: much was dropped, run again */
	SH_REFLECT, /* the guest's own fault: w->pfec */
	SH_MMIO,    /* beyond RAM: emulate at w->gpa, or reflect w->pfec */
	SH_BAD,	    /* tables that the ABI does not allow: w->why, w->bad */
};

/*
 * A shadow without any translation but the Switcher's, for a guest with
 * ctx->p2m's memory. Uses at most @page_limit pages of tables. Returns 0, or
 * -1: no memory.
 */
int sh_init(struct shadow *s, struct pfa *pfa, struct mmu_ctx *ctx,
	    const struct sh_switcher *sw, u32 page_limit) __must_check;

/* Forget everything and return to linear mode, as for a restart. */
void sh_reset(struct shadow *s);

/*
 * From now on addresses at and above guest-virtual @va, which lies below the
 * reserved area, are the kernel's. Returns 0, or -1: no memory.
 */
int sh_set_kernel(struct shadow *s, gva_t va) __must_check;

/*
 * Map @f in the Switcher window at @va (arch/x86/layout.h) with @rights, until
 * sh_reset().
 */
void sh_map_switcher(struct shadow *s, u32 va, mfn_t f, u64 rights);

/* Host-physical address of the current root, for CR3. */
u32 sh_cr3(const struct shadow *s);

/*
 * The guest faulted at @va with error code @pfec. Fills the entry if the
 * guest's tables allow the access. Otherwise *@w says what to reflect.
 */
enum sh_rc sh_fault(struct shadow *s, gva_t va, u32 pfec, struct gwalk *w);

/*
 * Where to write @len bytes at guest-virtual @va, which the guest's kernel
 * may write to by what is filled, within one page. NULL: use gwalk_write().
 */
void *sh_writable(struct shadow *s, gva_t va, u32 len);

/*
 * NEW_PGTABLE: make the guest's top-level table at @root current. Returns 0,
 * or -1: no memory even after everything else was dropped.
 */
int sh_switch(struct shadow *s, gpa_t root) __must_check;

/*
 * The guest changed entries. Each looks at the guest's tables and makes the
 * shadow agree: memory wins. None writes guest memory, none can fail.
 */
void sh_set_pte(struct shadow *s, gpa_t root, gva_t va);
void sh_set_pmd(struct shadow *s, gpa_t directory, u32 index);
void sh_set_pgd(struct shadow *s, gpa_t root, u32 index);
void sh_flush_user(struct shadow *s); /* of the current root */
void sh_flush_all(struct shadow *s);

/* Somebody other than the guest wrote to frame @f of the guest. */
void sh_note_write(struct shadow *s, gfn_t f);

/*
 * From now on, until sh_reset(), frame @f of the guest, which is RAM, may be
 * written at any time by ways that nobody is told of.
 */
void sh_share(struct shadow *s, gfn_t f);

/* Pages of shadow tables in use. */
u32 sh_pages(const struct shadow *s);

/*
 * Check what must always hold (audit.c). Returns NULL, or what is broken.
 * sh_audit_some() looks at one page, the next one at each call.
 */
const char *sh_audit(struct shadow *s);
const char *sh_audit_some(struct shadow *s);

/*
 * Check that the current root, with the kernel half or without it, agrees
 * with the guest's tables, as it must right after a flush. Differences are
 * repaired; returns how many.
 */
u32 sh_audit_flushed(struct shadow *s, bool with_kernel);
