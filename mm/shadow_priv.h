/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside the shadow: pages, tables, roots. Only mm/sh*.c and mm/audit.c.
 *
 *	sh_root   one of the guest's address spaces
 *	  pd[4] ---> sh_page  512 directory entries
 *	               entry ---> sh_page  512 leaves ---> guest frames
 *	sh_table  a guest frame used as directory or table, and the shadow
 *	          pages made from it: a table has 1 (PAE) or 2 (2-level), a
 *	          directory one for each GiB where it is used
 */
#pragma once

#include "arch/x86/bits.h"
#include "mm/pte_set.h"
#include "mm/shadow.h"

/* Frames of one page: entries, and what they came from. */
#define SH_ORDER     1
#define SH_PARTS_MAX 4

struct sh_page {
	u64 *entry; /* [PAE_ENTRIES], what the processor reads */
	u64 *from;  /* [PAE_ENTRIES], the guest entry behind each; 0: absent */
	/* Directories: [PAE_ENTRIES], what each filled entry refers to. */
	struct sh_table **to;
	struct sh_table *table; /* NULL: linear mode, kernel half, no table */
	struct sh_page *next, *prev; /* among the free ones, or the used */
	u32 part;		     /* index in table->page */
	u32 summary;		     /* bit n: filled[n] is not 0 */
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
	const u64 *dirty;
	u32 refs;		/* directory entries and roots that use it */
	struct sh_table *other; /* of the same frame, at the other level */
	struct sh_table *kernel_next, **kernel_link; /* list of the kernel's */
	struct sh_page *page[SH_PARTS_MAX];
	/* Directories: s->kernel_generation when the kernel half agreed. */
	u32 kernel_generation[PAE_PDPTES];
};

struct sh_root {
	u64 pdpt[PAE_PDPTES] __aligned(32);
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

static inline bool sh_is_pae(const struct shadow *s)
{
	return s->ctx->mode == GWALK_PAE;
}

static inline bool sh_is_ram(const struct shadow *s, gfn_t f)
{
	return gfn_raw(f) < s->ctx->p2m->ram_frames;
}

static inline u32 sh_pd_index(u32 va)
{
	return va >> PAE_PD_SHIFT & (PAE_ENTRIES - 1);
}

static inline u32 sh_pt_index(u32 va)
{
	return va >> PAGE_SHIFT & (PAE_ENTRIES - 1);
}

static inline bool sh_is_kernel(const struct shadow *s, u32 va)
{
	return va >> PAE_PD_SHIFT >= s->kernel_first;
}

/* Is all of GiB @q the kernel's, so that its page is shared? */
static inline bool sh_is_all_kernel(const struct shadow *s, u32 q)
{
	return q * PAE_ENTRIES >= s->kernel_first;
}

/* @f is RAM. */
static inline struct sh_gframe *sh_gframe(const struct shadow *s, gfn_t f)
{
	u32 n = gfn_raw(f);

	return &s->gframe[n >> SH_GFRAME_CHUNK_SHIFT]
			 [n & ((1u << SH_GFRAME_CHUNK_SHIFT) - 1)];
}

/* --- shpool.c: memory --- */

/* Each returns NULL when there is no memory; pages and tables come zeroed. */
struct sh_page *shpool_page(struct shadow *s, enum sh_level level);
struct sh_table *shpool_table(struct shadow *s);
struct sh_root *shpool_root(struct shadow *s);

/* The page's entries are all absent again. */
void shpool_free_page(struct shadow *s, struct sh_page *p);
void shpool_free_table(struct shadow *s, struct sh_table *t);
void shpool_free_root(struct shadow *s, struct sh_root *r);

int shpool_init(struct shadow *s) __must_check;

/* --- shtable.c: tables, entries, who wrote --- */

/*
 * The table for guest frame @f, which is RAM, at @level, with one reference
 * for the caller; made if need be; NULL: no memory.
 */
struct sh_table *shtable_get(struct shadow *s, gfn_t f, enum sh_level level);

/* The same, if it exists, without a reference. */
static inline struct sh_table *shtable_find(const struct shadow *s, gfn_t f,
					    enum sh_level level)
{
	struct sh_table *t = sh_gframe(s, f)->table;

	while (t && t->level != level) {
		t = t->other;
	}
	return t;
}

/* Page @part of @t; made if need be; NULL: no memory. */
struct sh_page *shtable_page(struct shadow *s, struct sh_table *t, u32 part);

/* One user less; the last one frees the table and what it refers to. */
void shtable_put(struct shadow *s, struct sh_table *t);

static inline bool shtable_is_written(const struct sh_table *t)
{
	return *(const u32 *)t->dirty & PTE_D;
}

/* Does the kernel half of GiB @q agree with @t, unless @t was written? */
static inline bool shtable_has_kernel(const struct shadow *s,
				      const struct sh_table *t, u32 q)
{
	return t->kernel_generation[q] == s->kernel_generation[q];
}

/* It is not known to. */
void shtable_forget_kernel(const struct shadow *s, struct sh_table *t);

/* No frame is shared any more. There are no tables. */
void shtable_unshare(struct shadow *s);

/* Nothing has been written as of now: watch for the next write. */
void shtable_watch(struct shadow *s, struct sh_table *t);

/*
 * Make leaf @i of @p agree with guest entry @gpte: filled if it is present,
 * legal and accessed, else absent. Returns whether it is filled.
 */
bool shtable_set_leaf(struct shadow *s, struct sh_page *p, u32 i, u64 gpte);

/* The same for a @gpte that gwalk() has just found legal and accessed. */
void shtable_fill_leaf(struct shadow *s, struct sh_page *p, u32 i, u64 gpte);

/*
 * Directory entry @i of @p, absent so far: refer to part @part of table @t.
 * The caller's reference goes over to the entry.
 */
void shtable_link(struct shadow *s, struct sh_page *p, u32 i, u64 gpde,
		  struct sh_table *t, u32 part);
void shtable_unlink(struct shadow *s, struct sh_page *p, u32 i);

/* The leaves behind directory entry @i of @p; NULL: absent. */
struct sh_page *shtable_child(const struct shadow *s, const struct sh_page *p,
			      u32 i);

/* For each bit i that is set in @bits, lowest first. */
#define for_each_bit(bits, i)                                      \
	for (u32 b_ = (bits); b_ != 0 && (i = lowest_bit(b_), true); \
	     b_ &= b_ - 1)

/* For each group of 32 entries, from @first on, with filled ones in page p. */
#define for_each_filled_group(p, first)                      \
	for (u32 s_ = (p)->summary;                          \
	     s_ != 0 && (first = lowest_bit(s_) * 32, true); \
	     s_ &= s_ - 1)

/* For each filled entry @first + i of page p, lowest first; the body may
 * clear it. */
#define for_each_filled(p, first, i) \
	for_each_filled_group(p, first) for_each_bit((p)->filled[first / 32], i)

/* --- shroot.c: address spaces and the kernel half --- */

/* The root for the guest's top-level table at @key; NULL: unknown. */
struct sh_root *shroot_find(const struct shadow *s, gpa_t key);

/* A new one; NULL: no memory. */
struct sh_root *shroot_new(struct shadow *s, gpa_t key);
void shroot_make_current(struct shadow *s, struct sh_root *r);

/*
 * Make guest frame @pd, which is RAM, the directory of GiB @q of @r. The
 * first is for all-kernel GiBs, whose directories are only watched. NULL: no
 * memory.
 */
struct sh_table *shroot_set_directory(struct shadow *s, struct sh_root *r,
				      u32 q, gfn_t pd);
struct sh_page *shroot_directory(struct shadow *s, struct sh_root *r, u32 q,
				 gfn_t pd);
void shroot_drop_directory(struct shadow *s, struct sh_root *r, u32 q);

/* Give back the least recently used root. False: only the current is left. */
bool shroot_recycle(struct shadow *s);

/* Drop every translation of the current root, the kernel's included. */
void shroot_empty_current(struct shadow *s);

/* Drop every root, and the kernel half. */
void shroot_drop_all(struct shadow *s);

/* Entry @i of kernel page @q changed: repeat it where roots have copies. */
void shroot_spread_kernel(struct shadow *s, u32 q, u32 i);
void shroot_drop_kernel_entry(struct shadow *s, u32 q, u32 i);

/* Clear the copies of kernel entries in a page that is to be free. */
void shroot_forget_kernel(struct shadow *s, struct sh_page *p,
			  enum sh_level level);

/* --- shflush.c: checking what may have changed --- */

/* Compare what is filled for table @t with the guest's, and mend it. */
void shflush_table(struct shadow *s, struct sh_table *t);

/* Compare the user half of @r where it may have changed. */
void shflush_user(struct shadow *s, struct sh_root *r);

/* A root begins to use directory @t, of which GiB @q is filled already. */
void shflush_directory(struct shadow *s, struct sh_table *t, u32 q);

/*
 * Directory entry @i of page @p of GiB @q, made from frame @pd: drop it if
 * the guest's entry is another one now.
 */
void shflush_entry(struct shadow *s, struct sh_page *p, u32 q, u32 i, gfn_t pd);

/* The frame of @r's directory for GiB @q; INVALID_gfn: none. */
gfn_t shflush_directory_frame(const struct shadow *s, const struct sh_root *r,
			      u32 q);

/* --- shlinear.c --- */

int shlinear_init(struct shadow *s) __must_check;
enum sh_rc shlinear_fill(struct shadow *s, u32 va, gpa_t gpa);
void shlinear_drop(struct shadow *s);
