/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shadow's invariants, as code.
 *
 * Always true: every present leaf maps a frame of this guest, the one its
 * guest entry names, with rights at most that entry's and without G; every
 * directory entry names the page of its table; absent entries are all zero;
 * the Switcher's entries are exactly what was put there. A violation is our
 * own bug.
 *
 * True right after a flush: what is filled agrees with the guest's tables. A
 * guest that breaks the rules can cause a difference, so it is repaired and
 * counted.
 *
 * Next: hv/vmm/run.c, which decides how often.
 */
#include "arch/x86/layout.h"
#include "mm/shresync.h"

/* What an entry of ours may contain. */
#define ENTRY_BITS \
	(PTE_FRAME | PTE_NX | PTE_P | PTE_RW | PTE_US | PTE_A | PTE_D)

static bool has_more_rights(spte_t entry, gpte_t from)
{
	return (entry.raw & ~from.raw & (PTE_RW | PTE_US)) ||
	       (from.raw & ~entry.raw & PTE_NX);
}

static const char *audit_leaf(struct shadow *s, spte_t entry, gpte_t from)
{
	mfn_t f;

	if (entry.raw & ~ENTRY_BITS || !(entry.raw & PTE_P)) {
		return "leaf with a bit that is never set";
	}
	if (!(from.raw & PTE_P) || gwalk_check_leaf(s->ctx, from) ||
	    p2m_lookup(s->ctx->p2m, gpte_frame(from), &f) != P2M_RAM ||
	    !mfn_eq(f, spte_frame(entry))) {
		return "leaf with another frame than its guest entry's";
	}
	if (pfa_owner(s->pfa, f) != FRAME_GUEST) {
		return "leaf with a frame that is not the guest's";
	}
	if (has_more_rights(entry, from) ||
	    (entry.raw & PTE_RW && !(from.raw & PTE_D))) {
		return "leaf with more rights than its guest entry";
	}
	return NULL;
}

static const char *audit_link(struct shadow *s, struct sh_page *p, u32 i)
{
	spte_t entry = p->entry[i];
	gpte_t from = p->from[i];
	struct sh_page *child;

	if (!sh_is_ram(s, gpte_frame(from)) || !p->to[i] ||
	    shtable_find(s, gpte_frame(from), SH_L1) != p->to[i]) {
		return "directory entry without a table";
	}
	child = p->to[i]->page[shtable_part(gwalk_format(s->ctx), i)];
	if (!child || entry.raw & ~ENTRY_BITS ||
	    !mfn_eq(spte_frame(entry), hvmap_frame_of(child->entry))) {
		return "directory entry that is not its table's page";
	}
	return has_more_rights(entry, from)
		       ? "directory entry with more rights than the guest's"
		       : NULL;
}

/* An entry without a guest entry behind it: the kernel's copy, or nothing. */
static const char *audit_absent(struct shadow *s, struct sh_page *p, u32 i)
{
	u32 q = p->part;
	u32 va = q << PAE_PDPT_SHIFT | i << PAE_PD_SHIFT;
	spte_t expected = mk_spte(0);

	if (p->from[i].raw) {
		return "guest entry behind an absent entry";
	}
	if (!p->table && va == SWITCH_BASE) {
		expected = s->switch_pde;
	} else if (p->table && p->table->level == SH_L2 &&
		   sh_is_kernel(s, va)) {
		expected = s->kernel[q]->entry[i];
	}
	/* The processor sets accessed (and may set dirty) by itself. */
	return (p->entry[i].raw ^ expected.raw) & ~(u64)(PTE_A | PTE_D)
		       ? "absent entry that is not zero"
		       : NULL;
}

/* Is nothing in entries [@first, @first + 32)? So it is in most of a page. */
static bool is_blank(const struct sh_page *p, u32 first)
{
	u64 bits = p->filled[first / 32];

	for (u32 i = first; i < first + 32; i++) {
		bits |= p->entry[i].raw | p->from[i].raw;
	}
	return !bits;
}

/* Entries of @p below the result are all zero when they are absent. */
static u32 end_of_plain(const struct shadow *s, const struct sh_page *p)
{
	u32 kernel = s->kernel_first - p->part * PAE_ENTRIES;

	if (!p->table) {
		return sh_pd_index(SWITCH_BASE);
	}
	if (p->table->level == SH_L1) {
		return PAE_ENTRIES;
	}
	return sh_is_all_kernel(s, p->part) ? 0 : min_u32(kernel, PAE_ENTRIES);
}

static const char *audit_page(struct shadow *s, struct sh_page *p)
{
	bool is_leaf = p->table && p->table->level == SH_L1;
	u32 plain = end_of_plain(s, p);
	const char *why = NULL;

	for (u32 i = 0; !why && i < PAE_ENTRIES; i++) {
		if (i % 32 == 0 && i + 32 <= plain && is_blank(p, i)) {
			i += 31;
		} else if (!(p->filled[i / 32] >> i % 32 & 1)) {
			why = audit_absent(s, p, i);
		} else if (!(p->summary >> i / 32 & 1)) {
			why = "filled entry that the summary misses";
		} else if (is_leaf) {
			why = audit_leaf(s, p->entry[i], p->from[i]);
		} else {
			why = audit_link(s, p, i);
		}
	}
	return why;
}

static const char *audit_switcher(const struct shadow *s)
{
	for (u32 i = 0; i < PAE_ENTRIES; i++) {
		spte_t expected = mk_spte(0);

		for (u32 n = 0; n < s->window_count; n++) {
			if (s->window[n].index == i) {
				expected = s->window[n].entry;
			}
		}
		if (!spte_eq(s->switch_table[i], expected)) {
			return "Switcher window changed";
		}
	}
	return NULL;
}

static const char *audit_root(const struct shadow *s, const struct sh_root *r)
{
	for (u32 q = 0; q < PAE_PDPTES; q++) {
		const struct sh_page *p = r->pd[q] ? r->pd[q] : s->kernel[q];
		spte_t expected = p ? spte_link(p->entry, PTE_P) : mk_spte(0);

		/* QEMU sets accessed even here, where no processor does. */
		if ((r->pdpt[q].raw & ~(u64)PTE_A) != expected.raw) {
			return "root entry that is not its directory's page";
		}
	}
	return NULL;
}

const char *sh_audit_some(struct shadow *s)
{
	struct sh_page *p = s->audit_next ? s->audit_next : s->used_pages;

	if (!p) {
		return NULL;
	}
	s->audit_next = p->next;
	return audit_page(s, p);
}

const char *sh_audit(struct shadow *s)
{
	const char *why = audit_switcher(s);

	for (struct sh_root *r = s->newest; !why && r; r = r->older) {
		why = audit_root(s, r);
	}
	for (struct sh_page *p = s->used_pages; !why && p; p = p->next) {
		why = audit_page(s, p);
	}
	return why;
}

/* Compare everything behind page @p with the guest's tables, written or not. */
static u32 compare_directory(struct shadow *s, struct sh_page *p, gfn_t pd)
{
	u64 before = s->stats.mended;
	u32 first, i;

	for_each_filled(p, first, i)
	{
		shresync_entry(s, p, first + i, pd);
		if (p->from[first + i].raw) {
			shresync_table(s, p->to[first + i]);
		}
	}
	return (u32)(s->stats.mended - before);
}

u32 sh_audit_flushed(struct shadow *s, bool with_kernel)
{
	struct sh_root *r = s->current;
	u32 different = 0;

	for (u32 q = 0; r && q < PAE_PDPTES; q++) {
		gfn_t pd = shroot_guest_directory(s, r, q);

		if (r->pd[q]) {
			different += compare_directory(s, r->pd[q], pd);
		}
		if (with_kernel && s->kernel[q]) {
			different += compare_directory(s, s->kernel[q], pd);
		}
	}
	s->stats.repaired += different;
	return different;
}
