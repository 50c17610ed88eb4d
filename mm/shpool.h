/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The objects that shadows consist of, and the memory for them.
 *
 *	sh_root   one of the guest's address spaces
 *	  pd[4] ---> sh_page  512 directory entries
 *	               entry ---> sh_page  512 leaves ---> guest frames
 *	sh_table  a guest frame used as directory or table, and the shadow
 *	          pages made from it: a table has 1 (PAE) or 2 (2-level), a
 *	          directory one for each GiB where it is used
 */
#pragma once

#include "mm/hvmap.h"
#include "mm/pte_set.h"
#include "mm/shadow.h"

/* Frames of one page: entries, and what they came from. */
#define SH_ORDER     1
#define SH_PARTS_MAX 4

struct sh_page {
	spte_t *entry; /* [PAE_ENTRIES], what the processor reads */
	/* [PAE_ENTRIES], the guest entry behind each; 0: absent. */
	gpte_t *from;
	/* Directories: [PAE_ENTRIES], what each filled entry refers to. */
	struct sh_table **to;
	struct sh_table *table; /* NULL: linear mode, kernel half, no table */
	struct sh_page *next, **link; /* among the free ones, or the used */
	/* Directories: list of those with copies of kernel entries. */
	struct sh_page *copy_next, **copy_link;
	u32 part;    /* index in table->page */
	u32 summary; /* bit n: filled[n] is not 0 */
	u32 filled[PAE_ENTRIES / 32];
};

enum sh_level {
	SH_L1 = 1, /* holds leaves */
	SH_L2 = 2, /* holds directory entries */
};

struct sh_table {
	gfn_t gfn;
	enum sh_level level;
	/*
	 * Has the guest written to the frame since the last check? The
	 * dirty bit of the one writable leaf that maps it; or a constant.
	 */
	const spte_t *dirty;
	u32 refs;		/* directory entries and roots that use it */
	struct sh_table *other; /* of the same frame, at the other level */
	struct sh_page *page[SH_PARTS_MAX];

	/* The kernel half's entries that refer to it, and the list of such. */
	u32 kernel_refs;
	struct sh_table *kernel_next, **kernel_link;

	/* Directories: s->kernel_generation when the kernel half agreed. */
	u32 kernel_generation[PAE_PDPTES];
};

struct sh_root {
	spte_t pdpt[PAE_PDPTES] __aligned(32);
	gpa_t key; /* of the guest's top-level table */
	/*
	 * The guest's directory for each GiB, referenced, and its page here.
	 * All-kernel GiBs have a directory only to watch it for writes.
	 */
	struct sh_table *dir[PAE_PDPTES];
	struct sh_page *pd[PAE_PDPTES];
	u32 generation; /* user half was checked at */
	struct sh_root *next_in_bucket;
	struct sh_root *newer, *older;
};

static inline spte_t spte_make(mfn_t f, u64 flags)
{
	return mk_spte(mfn_to_hpa(f).raw | flags);
}

/* The frame that @e names, which is present. */
static inline mfn_t spte_frame(spte_t e)
{
	return hpa_to_mfn(mk_hpa(e.raw & PTE_FRAME));
}

/* An entry that refers to a table of ours. */
static inline spte_t spte_link(const spte_t *table, u64 flags)
{
	return spte_make(hvmap_frame_of(table), flags);
}

static inline void spte_set(spte_t *entry, spte_t value)
{
	pte_set(&entry->raw, value.raw);
}

/* Entry numbers inside a shadow directory and table for address @va. */
static inline u32 sh_pd_index(u32 va)
{
	return va >> PAE_PD_SHIFT & (PAE_ENTRIES - 1);
}

static inline u32 sh_pt_index(u32 va)
{
	return va >> PAGE_SHIFT & (PAE_ENTRIES - 1);
}

/*
 * Lists by two members of the objects: @next, and @link, which is where the
 * object is referred to. Make @x the first one; take it out.
 */
#define sh_list_add(head, x, next, link)              \
	do {                                          \
		(x)->next = (head);                   \
		(x)->link = &(head);                  \
		if ((x)->next) {                      \
			(x)->next->link = &(x)->next; \
		}                                     \
		(head) = (x);                         \
	} while (0)

#define sh_list_del(x, next, link)                   \
	do {                                         \
		*(x)->link = (x)->next;              \
		if ((x)->next) {                     \
			(x)->next->link = (x)->link; \
		}                                    \
	} while (0)

/* Take memory for a minimum of work. Returns 0, or -1: no memory. */
int shpool_init(struct shadow *s) __must_check;

/* 2^@order cleared frames; NULL: no memory. */
void *shpool_frames(struct shadow *s, u32 order);

/* Each returns NULL when there is no memory; pages and tables come zeroed. */
struct sh_page *shpool_page(struct shadow *s, enum sh_level level);
struct sh_table *shpool_table(struct shadow *s);
struct sh_root *shpool_root(struct shadow *s);

/* The page's entries are all absent again. */
void shpool_free_page(struct shadow *s, struct sh_page *p);
void shpool_free_table(struct shadow *s, struct sh_table *t);
void shpool_free_root(struct shadow *s, struct sh_root *r);
