/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shadow page tables, always in PAE format: set-up, faults, switches.
 *
 * I1  A leaf below the reserved area maps a frame of this guest's RAM, by
 *     way of gwalk() and p2m_lookup(), and nothing else.
 * I2  The Switcher's entry is the same in every root and never changes.
 *     Its state page is read-only, and none of it is reachable from ring 3.
 * I3  No entry has G set: a CR3 load forgets the guest.
 * I4  No edit here needs an INVLPG: the guest's tables are not loaded, and
 *     entering the guest loads CR3.
 *
 * Files: shpool.c memory, shtable.c entries, shroot.c address spaces,
 * shchange.c announced changes, shflush.c checks, shlinear.c life before
 * tables, audit.c invariants.
 * Next: mm/shchange.c; hv/hc_mmu.c calls.
 */
#include "mm/shadow.h"

#include <string.h>

#include "arch/x86/layout.h"
#include "hv/lib/panic.h"
#include "mm/hvmap.h"
#include "mm/shadow_priv.h"

/* Neighbours looked at when an entry is filled: an aligned group. */
#define PREFAULT_GROUP 8u

/* Pages of the Switcher window that are always there. */
#define WINDOW_FIXED 3u

/* --- the Switcher --- */

/*
 * TRICK: accessed and dirty are preset. The processor would set them by a
 * locked write to the table, which is ours to spare.
 */
void sh_map_switcher(struct shadow *s, u32 va, mfn_t f, u64 rights)
{
	u32 i = sh_pt_index(va);
	u64 entry = mfn_to_hpa(f).raw | PTE_P | PTE_A | PTE_D | rights;
	u32 n = 0;

	while (n < s->window_count && s->window[n].index != i) {
		n++;
	}
	BUG_ON(n == SH_WINDOW_MAX);
	if (n == s->window_count) {
		s->window_count++;
	}
	s->window[n].index = i;
	s->window[n].entry = entry;
	pte_set(&s->switch_table[i], entry);
}

static int init_switcher(struct shadow *s, const struct sh_switcher *sw)
{
	mfn_t f = pfa_alloc(s->pfa, 0, PFA_LOW, FRAME_SHADOW);

	if (mfn_eq(f, INVALID_mfn)) {
		return -1;
	}
	s->switch_table = memset(hvmap_page(f), 0, PAGE_SIZE);
	s->switch_pde = mfn_to_hpa(f).raw | PTE_P | PTE_RW | PTE_A;
	sh_map_switcher(s, SWITCH_CODE, sw->code, 0);
	sh_map_switcher(s, SWITCH_STATE, sw->state, s->nx);
	sh_map_switcher(s, SWITCH_REGS, sw->regs, PTE_RW | s->nx);
	BUG_ON(s->window_count != WINDOW_FIXED);
	return 0;
}

/* The others belong to one life of the guest. */
static void reset_switcher(struct shadow *s)
{
	while (s->window_count > WINDOW_FIXED) {
		pte_set(&s->switch_table[s->window[--s->window_count].index],
			0);
	}
}

/* --- set-up --- */

int sh_init(struct shadow *s, struct pfa *pfa, struct mmu_ctx *ctx,
	    const struct sh_switcher *sw, u32 page_limit)
{
	*s = (struct shadow){ .pfa = pfa,
			      .ctx = ctx,
			      .page_limit = page_limit,
			      .nx = ctx->allows_nx ? PTE_NX : 0 };
	if (shpool_init(s) || init_switcher(s, sw)) {
		return -1;
	}
	return shlinear_init(s);
}

void sh_reset(struct shadow *s)
{
	shlinear_drop(s);
	shroot_drop_all(s);
	shtable_unshare(s);
	reset_switcher(s);
	s->kernel_first = 0;
	s->ctx->mode = GWALK_LINEAR;
}

int sh_set_kernel(struct shadow *s, gva_t va)
{
	/* A directory entry of either format belongs to one half alone. */
	u32 unit = 2 * LARGE_PAGE_SIZE;
	u32 first = ROUND_UP((u64)gva_raw(va), unit) >> PAE_PD_SHIFT;

	s->kernel_first = first;
	for (u32 q = first / PAE_ENTRIES; q < PAE_PDPTES; q++) {
		s->kernel[q] = shpool_page(s, SH_L2);
		if (!s->kernel[q]) {
			return -1;
		}
		s->kernel[q]->part = q;
	}
	pte_set(&s->kernel[PAE_PDPTES - 1]->entry[sh_pd_index(SWITCH_BASE)],
		s->switch_pde);
	return 0;
}

u32 sh_cr3(const struct shadow *s)
{
	const struct sh_root *r = s->current ? s->current : s->linear;

	return (u32)(mfn_to_hpa(hvmap_frame_of(r->pdpt)).raw) |
	       ((u32)(uintptr_t)r->pdpt & PAGE_MASK);
}

u32 sh_pages(const struct shadow *s)
{
	return s->pages;
}

/* --- faults --- */

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

static void join_kernel_list(struct shadow *s, struct sh_table *t)
{
	if (t->kernel_link) {
		return;
	}
	t->kernel_next = s->kernel_tables;
	t->kernel_link = &s->kernel_tables;
	if (t->kernel_next) {
		t->kernel_next->kernel_link = &t->kernel_next;
	}
	s->kernel_tables = t;
}

/*
 * A new kernel entry, from directory @pd of the current root. No other
 * directory is known to agree any more.
 */
static void kernel_linked(struct shadow *s, u32 q, u32 i, struct sh_table *t,
			  gfn_t pd)
{
	struct sh_table *dir = s->current->dir[q];
	bool agrees =
		dir && gfn_eq(dir->gfn, pd) && shtable_has_kernel(s, dir, q);

	join_kernel_list(s, t);
	shroot_spread_kernel(s, q, i);
	s->kernel_generation[q]++;
	if (agrees) {
		dir->kernel_generation[q] = s->kernel_generation[q];
	}
}

/* Refer from entry @i of directory page @p to the table of the walk. */
static struct sh_page *link_table(struct shadow *s, struct sh_page *p, u32 va,
				  const struct gwalk *w)
{
	u32 i = sh_pd_index(va);
	u32 part = sh_is_pae(s) ? 0 : i & 1;
	struct sh_table *t = shtable_get(s, w->pt, SH_L1);

	if (!t) {
		return NULL;
	}
	if (!shtable_page(s, t, part)) {
		shtable_put(s, t);
		return NULL;
	}
	if (p->from[i]) {
		shtable_unlink(s, p, i);
	}
	/* What others filled may be older than the last flush here. */
	if (t->refs > 1 && shtable_is_written(t)) {
		shflush_table(s, t);
	}
	shtable_link(s, p, i, w->gpde, t, part);
	if (sh_is_kernel(s, va)) {
		kernel_linked(s, va >> PAE_PDPT_SHIFT, i, t, w->pd);
	}
	return t->page[part];
}

/* The leaves for @va where there are none yet; NULL: no memory. */
static __attribute__((noinline)) struct sh_page *
make_leaves(struct shadow *s, u32 va, const struct gwalk *w)
{
	struct sh_page *dir = directory_in_use(s, va, w->pd);

	if (!dir) {
		dir = shroot_directory(s, s->current, va >> PAE_PDPT_SHIFT,
				       w->pd);
	}
	return dir ? link_table(s, dir, va, w) : NULL;
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
 * Fill what the neighbours allow: entries that already carry accessed, as
 * kernels preset it for their own memory and as earlier faults left it. @todo
 * has a bit for each entry from @first on.
 */
static __attribute__((noinline)) void prefault(struct shadow *s,
					       struct sh_page *p, u32 first,
					       u32 todo, const struct gwalk *w)
{
	u32 base = sh_is_pae(s) ? 0 : p->part * PAE_ENTRIES;

	for (; todo; todo &= todo - 1) {
		u32 n = first + (u32)__builtin_ctz(todo);
		u64 gpte = gwalk_entry(s->ctx, w->pt, base + n);

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

/* Specialised for either format by its constant @pae. */
static inline __attribute__((always_inline)) enum sh_rc
fill(struct shadow *s, u32 va, const struct gwalk *w, const bool pae)
{
	struct sh_page *dir = directory_in_use(s, va, w->pd);
	u32 pd_index = sh_pd_index(va), i = sh_pt_index(va);
	u32 part = pae ? 0 : pd_index & 1;
	u32 first = ROUND_DOWN(i, PREFAULT_GROUP);
	struct sh_page *p;
	u32 todo;

	if (likely(dir && dir->from[pd_index] == w->gpde)) {
		p = dir->to[pd_index]->page[part];
	} else {
		p = make_leaves(s, va, w);
		if (!p) {
			return make_room(s);
		}
	}
	shtable_fill_leaf(s, p, i, w->gpte);
	todo = accessed_entries(
		       (const u32 *)w->pt_bytes +
			       (pae ? first * 2 : part * PAE_ENTRIES + first),
		       pae ? 2 : 1) &
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
		return fill(s, va, w, true);
	case GWALK_2LEVEL:
		return fill(s, va, w, false);
	default:
		return shlinear_fill(s, va, w->gpa);
	}
}

/* The leaf for @va in use, whatever it holds; NULL: there is no table. */
static u64 *leaf_in_use(const struct shadow *s, u32 va)
{
	u32 q = va >> PAE_PDPT_SHIFT;
	const struct sh_page *dir =
		sh_is_kernel(s, va) ? s->kernel[q] : s->current->pd[q];
	u32 entry = dir ? LO32(dir->entry[sh_pd_index(va)]) : 0;

	if ((entry & (PTE_P | PTE_RW)) != (PTE_P | PTE_RW)) {
		return NULL;
	}
	/* Shadow pages lie in low frames. */
	return (u64 *)hvmap_page(mk_mfn(entry >> PAGE_SHIFT)) + sh_pt_index(va);
}

void *sh_writable(struct shadow *s, gva_t gva, u32 len)
{
	u32 va = gva_raw(gva);
	u64 *leaf;

	if (!s->current || va >= SWITCH_BASE ||
	    gva_offset(gva) + len > PAGE_SIZE) {
		return NULL;
	}
	leaf = leaf_in_use(s, va);
	if (!leaf || (LO32(*leaf) & (PTE_P | PTE_RW)) != (PTE_P | PTE_RW)) {
		return NULL;
	}
	/* As the processor would: the frame may be a table that is watched. */
	*leaf |= PTE_D;
	return (u8 *)hvmap_page(hpa_to_mfn(mk_hpa(*leaf & PTE_FRAME))) +
	       gva_offset(gva);
}

/* --- address spaces --- */

static void switch_to(struct shadow *s, struct sh_root *r)
{
	shroot_make_current(s, r);
	gwalk_set_root(s->ctx, r->key);
	if (r->generation != s->generation) {
		r->generation = s->generation;
		shflush_user(s, r);
	}
}

int sh_switch(struct shadow *s, gpa_t root)
{
	struct sh_root *r = shroot_find(s, root);

	if (!s->current) {
		shlinear_drop(s);
	}
	if (!r) {
		r = shroot_new(s, root);
		while (!r && shroot_recycle(s)) {
			r = shroot_new(s, root);
		}
		if (!r) {
			return -1;
		}
	}
	switch_to(s, r);
	return 0;
}
