/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults: what the guest's tables allow is filled, the rest is the guest's
 * own fault.
 *
 * I1  A leaf below the reserved area maps a frame of this guest's RAM, by
 *     way of gwalk() and p2m_lookup(), and nothing else.
 *
 * Next: mm/shadow.c, set-up and switches.
 */
#include "arch/x86/layout.h"
#include "mm/shflush.h"
#include "mm/shlinear.h"

/* Neighbours looked at when an entry is filled: an aligned group. */
#define PREFAULT_GROUP 8u

/* The page with the directory entry for @va, if it was made from @pd. */
static inline struct sh_page *directory_in_use(const struct shadow *s, u32 va,
					       gfn_t pd)
{
	u32 q = va >> PAE_PDPT_SHIFT;
	const struct sh_root *r = s->current;

	if (sh_is_kernel(s, va)) {
		return s->kernel[q];
	}
	return likely(r->pd[q] && gfn_eq(r->dir[q]->gfn, pd)) ? r->pd[q] : NULL;
}

/* Refer from directory page @p to the table of the walk. */
static struct sh_page *use_table(struct shadow *s, struct sh_page *p, u32 va,
				 const struct gwalk *w)
{
	u32 i = sh_pd_index(va);
	u32 part = shtable_part(gwalk_format(s->ctx), i);
	struct sh_table *t = shtable_get(s, w->pt, SH_L1);
	struct sh_table *dir = s->current->dir[p->part];

	if (dir && !gfn_eq(dir->gfn, w->pd)) {
		dir = NULL;
	}
	if (!t) {
		return NULL;
	}
	if (!shtable_page(s, t, part)) {
		shtable_put(s, t);
		return NULL;
	}
	if (p->from[i].raw) {
		shkernel_unlink(s, p, i);
	}
	/* Another root may have filled it before the last flush of this one. */
	if (t->refs > 1 && shdirty_is_written(t)) {
		shresync_table(s, t);
	}
	shkernel_link(s, p, i, w->gpde, t, part, dir);
	return t->page[part];
}

/* The page of the walk's directory for GiB @q of the current root. */
static struct sh_page *use_directory(struct shadow *s, u32 q, gfn_t pd)
{
	struct sh_root *r = s->current;
	struct sh_table *t = shroot_set_directory(s, r, q, pd);
	struct sh_page *p = t ? t->page[q] : NULL;

	if (p) {
		/* Another root filled it, maybe before our last flush. */
		shflush_directory(s, t, q);
	} else {
		p = t ? shtable_page(s, t, q) : NULL;
		if (!p) {
			return NULL;
		}
		shkernel_add_copy(s, p);
	}
	shroot_use_directory(s, r, q);
	return p;
}

/* The leaves for @va where there are none yet; NULL: no memory. */
static __attribute__((noinline)) struct sh_page *
make_leaves(struct shadow *s, u32 va, const struct gwalk *w)
{
	struct sh_page *dir = directory_in_use(s, va, w->pd);

	if (!dir) {
		dir = use_directory(s, va >> PAE_PDPT_SHIFT, w->pd);
	}
	return dir ? use_table(s, dir, va, w) : NULL;
}

/*
 * Which of the PREFAULT_GROUP entries from @gpt on, which are @words dwords
 * apart, carry accessed? One bit each.
 */
static inline u32 accessed_entries(const volatile u32 *gpt, u32 words)
{
	u32 bits = 0;

#pragma GCC unroll 8
	for (u32 n = PREFAULT_GROUP; n-- > 0;) {
		bits = bits * 2 + (gpt[n * words] & PTE_A);
	}
	return bits / PTE_A;
}

/*
 * Fill neighbours whose guest entries already carry accessed: kernels preset
 * it for their own memory, and earlier faults left it. @todo has a bit for
 * each entry from @first on.
 */
static __attribute__((noinline)) void prefault(struct shadow *s,
					       struct sh_page *p, u32 first,
					       u32 todo, const struct gwalk *w)
{
	u32 base = p->part * PAE_ENTRIES;

	for (; todo; todo &= todo - 1) {
		u32 n = first + (u32)__builtin_ctz(todo);
		gpte_t gpte = gwalk_entry(s->ctx, w->pt, base + n);

		s->stats.prefaulted += shtable_set_leaf(s, p, n, gpte);
	}
}

/* Shadow memory ran out. That is our shortage, never the guest's fault. */
static __cold_path enum sh_rc make_room(struct shadow *s)
{
	if (!shroot_recycle(s)) {
		shroot_empty_current(s);
	}
	return SH_REFILL;
}

/* Specialised for either format, by its constant @f. */
static inline __attribute__((always_inline)) enum sh_rc
fill(struct shadow *s, u32 va, const struct gwalk *w,
     const struct table_format *f)
{
	struct sh_page *dir = directory_in_use(s, va, w->pd);
	u32 pd_index = sh_pd_index(va), i = sh_pt_index(va);
	u32 part = shtable_part(f, pd_index);
	u32 words = f->entry_size / sizeof(u32);
	u32 first = ROUND_DOWN(i, PREFAULT_GROUP);
	struct sh_page *p;
	u32 todo;

	if (likely(dir && dir->from[pd_index].raw == w->gpde.raw)) {
		p = dir->to[pd_index]->page[part];
	} else {
		p = make_leaves(s, va, w);
		if (!p) {
			return make_room(s);
		}
	}
	shtable_fill_leaf(s, p, i, w->gpte);
	todo = accessed_entries((const u32 *)w->pt_bytes +
					(part * PAE_ENTRIES + first) * words,
				words) &
	       ~(p->filled[i / 32] >> first % 32);
	if (todo) {
		prefault(s, p, first, todo, w);
	}
	return SH_FIXED;
}

__hot_path enum sh_rc sh_fault(struct shadow *s, gva_t gva, u32 pfec,
			       struct gwalk *w)
{
	u32 va = gva_raw(gva);

	if (va >= SWITCH_BASE) {
		w->pfec = gwalk_access(s->ctx, pfec);
		return SH_REFLECT;
	}
	switch (gwalk(s->ctx, gva, pfec, w)) {
	case GW_OK:
		break;
	case GW_FAULT:
		return SH_REFLECT;
	case GW_BAD:
		return SH_BAD;
	case GW_MMIO:
		return SH_MMIO;
	}
	switch (s->ctx->mode) {
	case GWALK_PAE:
		return fill(s, va, w, &gformat_pae);
	case GWALK_2LEVEL:
		return fill(s, va, w, &gformat_2level);
	default:
		return shlinear_fill(s, va, w->gpa);
	}
}

/* The leaf for @va in use, whatever it holds; NULL: there is no table. */
static spte_t *leaf_in_use(const struct shadow *s, u32 va)
{
	u32 q = va >> PAE_PDPT_SHIFT;
	const struct sh_page *dir =
		sh_is_kernel(s, va) ? s->kernel[q] : s->current->pd[q];
	u32 entry = dir ? LO32(dir->entry[sh_pd_index(va)].raw) : 0;

	if ((entry & (PTE_P | PTE_RW)) != (PTE_P | PTE_RW)) {
		return NULL;
	}
	/* Shadow pages lie in low frames. */
	return (spte_t *)hvmap_page(mk_mfn(entry >> PAGE_SHIFT)) +
	       sh_pt_index(va);
}

void *sh_writable(struct shadow *s, gva_t gva, u32 len)
{
	u32 va = gva_raw(gva);
	spte_t *leaf;

	if (!s->current || va >= SWITCH_BASE ||
	    gva_offset(gva) + len > PAGE_SIZE) {
		return NULL;
	}
	leaf = leaf_in_use(s, va);
	if (!leaf || (LO32(leaf->raw) & (PTE_P | PTE_RW)) != (PTE_P | PTE_RW)) {
		return NULL;
	}
	/* As the processor would: the frame may be a table that is watched. */
	leaf->raw |= PTE_D;
	return (u8 *)hvmap_page(spte_frame(*leaf)) + gva_offset(gva);
}
