/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test/host/shadow_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/host/fake_hvmap.h"
#include "mm/hvmap.h"
#include "test/host/world.h"

#define RAM_MAX	    4096
#define MACHINE_MAX 8192

#define ENTRY_BITS (PTE_P | PTE_RW | PTE_US | PTE_A | PTE_D)

/* What is counted again. */
static struct {
	u32 writable[RAM_MAX]; /* leaves */
	u32 refs[RAM_MAX][3];  /* by level */
	bool has_writer[RAM_MAX];
	u32 pages;
	u32 seen[MACHINE_MAX]; /* shadow frames, by the number of the check */
	u32 number;
} count;

static char text[200];

static const char *broken(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return text;
}

static u32 mfn_of(u64 entry)
{
	return (u32)((entry & PTE_FRAME) >> PAGE_SHIFT);
}

static const u64 *table_of(u64 entry)
{
	return fake_frame(mk_mfn(mfn_of(entry)));
}

static bool is_kernel_va(u32 va)
{
	return va >= ROUND_UP(w.config.kernel, 0x400000u);
}

/* Most of most tables is empty, and is looked at in groups. */
#define GROUP 32

static bool is_blank(const void *entry)
{
	static const u64 zero[GROUP];

	return !memcmp(entry, zero, sizeof(zero));
}

/* --- as a processor sees it --------------------------------------------- */

static bool has_odd_bits(u64 entry)
{
	u64 nx = w.config.has_nx ? PTE_NX : 0;

	return entry & ~(PTE_FRAME | ENTRY_BITS | nx);
}

static const char *check_leaf(u64 entry)
{
	mfn_t f = mk_mfn(mfn_of(entry));

	if (has_odd_bits(entry)) {
		return broken("leaf %llx: odd bits", (long long)entry);
	}
	if (!fake_has_frame(f) || w.gfn_of[mfn_raw(f)] == NO_GFN ||
	    pfa_owner(&w.pfa, f) != FRAME_GUEST) {
		return broken("leaf %llx: not the guest's", (long long)entry);
	}
	return NULL;
}

static const char *check_table(u64 pde)
{
	const u64 *table = table_of(pde);
	const char *why = NULL;

	for (u32 i = 0; !why && i < PAE_ENTRIES; i++) {
		if (i % GROUP == 0 && is_blank(&table[i])) {
			i += GROUP - 1;
		} else if (table[i] & PTE_P) {
			why = check_leaf(table[i]);
		} else if (table[i]) {
			why = broken("absent leaf is not zero");
		}
	}
	return why;
}

static const char *check_switcher(u64 pde)
{
	const u64 *table = table_of(pde);
	u64 nx = w.config.has_nx ? PTE_NX : 0;
	const u64 always = PTE_P | PTE_A | PTE_D;
	u64 expected[PAE_ENTRIES] = { 0 };

	if ((pde & ~PTE_FRAME) != (PTE_P | PTE_RW | PTE_A)) {
		return broken("the Switcher's directory entry changed");
	}
	expected[0] = mfn_to_hpa(w.switcher.code).raw | always;
	expected[2] = mfn_to_hpa(w.switcher.state).raw | always | nx;
	expected[4] = mfn_to_hpa(w.switcher.regs).raw | always | nx | PTE_RW;
	if (memcmp(expected, table, sizeof(expected))) {
		return broken("the Switcher's pages changed");
	}
	return NULL;
}

/* Is this shadow frame one that was not looked at yet? */
static bool is_new(u64 entry, const char **why)
{
	mfn_t f = mk_mfn(mfn_of(entry));

	if (!fake_has_frame(f) || pfa_owner(&w.pfa, f) != FRAME_SHADOW) {
		*why = broken("table %llx is no shadow frame",
			      (long long)entry);
		return false;
	}
	if (count.seen[mfn_raw(f)] == count.number) {
		return false;
	}
	count.seen[mfn_raw(f)] = count.number;
	return true;
}

static const char *check_pde(u32 va, u64 entry)
{
	const char *why = NULL;

	if (!(entry & PTE_P)) {
		if (va == SWITCH_BASE) {
			return broken("no Switcher");
		}
		return entry ? broken("absent directory entry is not zero")
			     : NULL;
	}
	if (has_odd_bits(entry)) {
		return broken("directory entry %llx: odd bits",
			      (long long)entry);
	}
	if (is_new(entry, &why)) {
		why = va == SWITCH_BASE ? check_switcher(entry)
					: check_table(entry);
	}
	return why;
}

static const char *check_pdpt(const spte_t *root)
{
	const char *why = NULL;

	for (u32 q = 0; !why && q < PAE_PDPTES; q++) {
		const u64 entry = spte_raw(root[q]), *pd;

		if (!(entry & PTE_P)) {
			if (entry || q == 3) {
				why = broken("root entry %u missing", q);
			}
			continue;
		}
		if ((entry & ~PTE_FRAME) != PTE_P) {
			return broken("root entry: odd bits");
		}
		if (!is_new(entry, &why)) {
			continue;
		}
		pd = table_of(entry);
		for (u32 i = 0; !why && i < PAE_ENTRIES; i++) {
			/* The last group has the Switcher. */
			if (i % GROUP == 0 && i + GROUP < PAE_ENTRIES &&
			    is_blank(&pd[i])) {
				i += GROUP - 1;
			} else {
				why = check_pde(q << 30 | i << 21, pd[i]);
			}
		}
	}
	return why;
}

/* --- what the shadow remembers ------------------------------------------ */

static bool has_more_rights(u64 entry, u64 from)
{
	return (entry & ~from & (PTE_RW | PTE_US)) ||
	       (w.config.has_nx && from & ~entry & PTE_NX);
}

/* The shadow frame number of guest frame number @from names; 0: none. */
static u32 machine_frame(u64 from)
{
	u64 gfn = (from & PTE_FRAME) >> PAGE_SHIFT;

	return gfn < w.config.ram ? w.p2m.entry[gfn] >> P2M_SHIFT : 0;
}

static const char *recount_leaf(const struct sh_page *p, u32 i)
{
	u64 entry = spte_raw(p->entry[i]), from = gpte_raw(p->from[i]);
	u32 gfn = (u32)((from & PTE_FRAME) >> PAGE_SHIFT);

	if (!(entry & PTE_P) || mfn_of(entry) != machine_frame(from)) {
		return broken("leaf %llx is not from %llx", (long long)entry,
			      (long long)from);
	}
	if (has_more_rights(entry, from) ||
	    (entry & PTE_RW && !(from & PTE_D))) {
		return broken("leaf %llx: more rights than %llx",
			      (long long)entry, (long long)from);
	}
	if (entry & PTE_RW) {
		count.writable[gfn]++;
		if (sh_gframe(&w.shadow, mk_gfn(gfn))->writer == &p->entry[i]) {
			count.has_writer[gfn] = true;
		}
	}
	return NULL;
}

static const char *recount_link(const struct sh_page *p, u32 i)
{
	u64 entry = spte_raw(p->entry[i]), from = gpte_raw(p->from[i]);
	u32 gfn = (u32)((from & PTE_FRAME) >> PAGE_SHIFT);
	u32 part = w.config.is_pae ? 0 : i & 1;
	struct sh_table *t;

	if (!(from & PTE_P) || gfn >= w.config.ram) {
		return broken("directory entry from %llx", (long long)from);
	}
	t = shtable_find(&w.shadow, mk_gfn(gfn), SH_L1);
	if (!t || !t->page[part] ||
	    mfn_raw(hvmap_frame_of(t->page[part]->entry)) != mfn_of(entry)) {
		return broken("directory entry %llx is not %llx's table",
			      (long long)entry, (long long)from);
	}
	count.refs[gfn][SH_L1]++;
	return has_more_rights(entry, from)
		       ? broken("directory entry %llx: more rights than %llx",
				(long long)entry, (long long)from)
		       : NULL;
}

/* What an entry that is not filled must be. */
static u64 unfilled(const struct sh_page *p, enum sh_level level, u32 i)
{
	u32 va = p->part << 30 | i << 21;

	if (level == SH_L1) {
		return 0;
	}
	if (p == w.shadow.kernel[p->part]) {
		return va == SWITCH_BASE ? spte_raw(w.shadow.switch_pde) : 0;
	}
	return is_kernel_va(va) ? w.shadow.kernel[p->part]->entry[i].raw : 0;
}

static const char *recount_page(const struct sh_page *p, enum sh_level level)
{
	const char *why = NULL;

	count.pages++;
	for (u32 i = 0; !why && i < PAE_ENTRIES; i++) {
		bool is_filled = p->filled[i / GROUP] >> i % GROUP & 1;

		if (level == SH_L1 && i % GROUP == 0 && !p->filled[i / GROUP] &&
		    is_blank(p->entry + i) && is_blank(p->from + i)) {
			i += GROUP - 1;
		} else if (is_filled != !!gpte_raw(p->from[i])) {
			why = broken("filled bit is wrong");
		} else if (!is_filled) {
			if ((p->entry[i].raw ^ unfilled(p, level, i)) &
			    ~(u64)PTE_A) {
				why = broken("entry behind nothing: %llx",
					     (long long)spte_raw(p->entry[i]));
			}
		} else {
			why = level == SH_L1 ? recount_leaf(p, i)
					     : recount_link(p, i);
		}
	}
	for (u32 n = 0; !why && n < PAE_ENTRIES / 32; n++) {
		if ((p->summary >> n & 1) != !!p->filled[n]) {
			why = broken("summary is wrong");
		}
	}
	return why;
}

static const char *recount_table(struct sh_table *t, u32 gfn)
{
	const char *why = NULL;

	if (gfn_raw(t->gfn) != gfn || !t->refs ||
	    !(w.p2m.entry[gfn] & P2M_WATCHED)) {
		return broken("table of frame %x: unused or not watched", gfn);
	}
	for (u32 part = 0; !why && part < SH_PARTS_MAX; part++) {
		struct sh_page *p = t->page[part];

		if (!p) {
			continue;
		}
		if (p->table != t || p->part != part) {
			return broken("page of another table");
		}
		why = recount_page(p, t->level);
	}
	return why;
}

static const char *recount_root(struct sh_root *r)
{
	if (shroot_find(&w.shadow, r->key) != r) {
		return broken("root that is not found");
	}
	for (u32 q = 0; q < PAE_PDPTES; q++) {
		struct sh_page *p = r->pd[q] ? r->pd[q] : w.shadow.kernel[q];
		u64 entry = p ? mfn_to_hpa(hvmap_frame_of(p->entry)).raw | PTE_P
			      : 0;

		if (r->dir[q]) {
			count.refs[gfn_raw(r->dir[q]->gfn)][SH_L2]++;
		}
		if (r->pd[q] &&
		    (!r->dir[q] || r->dir[q]->page[q] != r->pd[q])) {
			return broken("root page %u of no directory", q);
		}
		if (spte_raw(r->pdpt[q]) != entry) {
			return broken("root entry %u is not its page", q);
		}
	}
	return NULL;
}

static const char *compare_frame(u32 gfn)
{
	struct sh_gframe *g = sh_gframe(&w.shadow, mk_gfn(gfn));
	bool is_shared = w.shadow.shared_count && w.shadow.shared[0] == g;
	u32 writers = count.writable[gfn] + is_shared;

	if (g->wcount != writers) {
		return broken("frame %x: %u writable leaves, not %u", gfn,
			      writers, g->wcount);
	}
	if (g->writer && !count.has_writer[gfn]) {
		return broken("frame %x: stale writer", gfn);
	}
	if (!g->table && w.p2m.entry[gfn] & P2M_WATCHED) {
		return broken("frame %x is watched for nothing", gfn);
	}
	for (struct sh_table *t = g->table; t; t = t->other) {
		if (t->refs != count.refs[gfn][t->level]) {
			return broken("frame %x: %u references, not %u", gfn,
				      count.refs[gfn][t->level], t->refs);
		}
	}
	return NULL;
}

/* Linear tables count as pages too: one for each GiB, and those below. */
static u32 linear_pages(void)
{
	u32 n = PAE_PDPTES;

	for (u32 q = 0; q < PAE_PDPTES; q++) {
		const u64 *pd = table_of(spte_raw(w.shadow.linear->pdpt[q]));

		for (u32 i = 0; i < PAE_ENTRIES; i++) {
			if (i % GROUP == 0 && is_blank(&pd[i])) {
				i += GROUP - 1;
			} else {
				n += pd[i] & PTE_P &&
				     (q << 9 | i) << 21 != SWITCH_BASE;
			}
		}
	}
	return n;
}

static const char *recount(void)
{
	const char *why = NULL;

	memset(count.writable, 0, w.config.ram * sizeof(count.writable[0]));
	memset(count.refs, 0, w.config.ram * sizeof(count.refs[0]));
	memset(count.has_writer, 0, w.config.ram * sizeof(bool));
	count.pages = linear_pages();
	for (u32 f = 0; !why && f < w.config.ram; f++) {
		struct sh_table *t = sh_gframe(&w.shadow, mk_gfn(f))->table;

		for (; !why && t; t = t->other) {
			why = recount_table(t, f);
		}
	}
	for (u32 q = 0; !why && q < PAE_PDPTES; q++) {
		struct sh_page *p = w.shadow.kernel[q];

		why = p ? recount_page(p, SH_L2) : NULL;
	}
	for (struct sh_root *r = w.shadow.newest; !why && r; r = r->older) {
		why = recount_root(r);
	}
	for (u32 f = 0; !why && f < w.config.ram; f++) {
		why = compare_frame(f);
	}
	if (!why && count.pages != sh_pages(&w.shadow)) {
		why = broken("%u pages, not %u", count.pages,
			     sh_pages(&w.shadow));
	}
	return why;
}

/* --- will a flush notice? ----------------------------------------------- */

/* May @from stand for the live entry @now? The walk adds accessed and dirty. */
static bool is_current(gpte_t from, u64 now)
{
	return !(from.raw & ~now) && !(now & ~from.raw & ~(u64)(PTE_A | PTE_D));
}

/* The number, in the guest's table, of entry @i of a page. */
static u32 guest_index(enum sh_level level, u32 part, u32 i)
{
	if (w.config.is_pae) {
		return i;
	}
	return level == SH_L1 ? part * 512 + i : part * 256 + i / 2;
}

static const char *check_watched(const struct sh_table *t)
{
	if (shdirty_is_written(t)) {
		return NULL;
	}
	for (u32 n = 0; n < SH_PARTS_MAX * PAE_ENTRIES; n++) {
		const struct sh_page *p = t->page[n / 512];
		u32 i = n % 512, at = guest_index(t->level, n / 512, i);

		if (!p) {
			n |= 511;
			continue;
		}
		/* That it says so when something is there is checked above. */
		if (!p->filled[i / GROUP]) {
			n |= GROUP - 1;
			continue;
		}
		if (gpte_raw(p->from[i]) &&
		    !is_current(p->from[i], world_entry(gfn_raw(t->gfn), at))) {
			return broken("level %d, frame %x, entry %x of page "
				      "%u: changed, and nobody will look",
				      t->level, gfn_raw(t->gfn), at, n / 512);
		}
	}
	return NULL;
}

/* Would a flush on @r skip GiB @q of the kernel although it differs? */
static const char *check_kernel_watched(const struct sh_root *r, u32 q)
{
	const struct sh_page *p = w.shadow.kernel[q];
	u32 pd = world_pde(gpa_raw(r->key), q << 30).gfn;
	const struct sh_table *t = r->dir[q];

	if (!p || !t || gfn_raw(t->gfn) != pd || shdirty_is_written(t) ||
	    !shkernel_agrees(&w.shadow, t, q)) {
		return NULL;
	}
	for (u32 i = 0; i < PAE_ENTRIES; i++) {
		u64 now;

		if (!gpte_raw(p->from[i])) {
			continue;
		}
		now = world_entry(pd, guest_index(SH_L2, q, i));
		if (!is_current(p->from[i], now)) {
			return broken("kernel entry %u of GiB %u: not that of "
				      "root %llx, and nobody will look",
				      i, q, (long long)gpa_raw(r->key));
		}
	}
	return NULL;
}

static const char *check_watches(void)
{
	const struct shadow *s = &w.shadow;
	const char *why = NULL;

	for (u32 f = 0; !why && f < w.config.ram; f++) {
		struct sh_table *t = sh_gframe(s, mk_gfn(f))->table;

		for (; !why && t; t = t->other) {
			why = check_watched(t);
		}
	}
	for (struct sh_root *r = s->newest; !why && r; r = r->older) {
		for (u32 q = 0; !why && q < PAE_PDPTES; q++) {
			why = check_kernel_watched(r, q);
		}
	}
	return why;
}

const char *shadow_check(void)
{
	const char *why;

	if (w.config.ram > RAM_MAX || w.machine > MACHINE_MAX) {
		return broken("a world too large for the check");
	}
	count.number++;
	why = check_pdpt(w.shadow.linear->pdpt);
	for (struct sh_root *r = w.shadow.newest; !why && r; r = r->older) {
		why = w.shadow.kernel[3] ? check_pdpt(r->pdpt) : NULL;
	}
	if (!why) {
		why = recount();
	}
	return why ? why : check_watches();
}

/* --- does it agree? ----------------------------------------------------- */

static const char *compare(u32 va, u64 pde, u64 leaf)
{
	struct model_result m = world_model(va, READ);
	u32 gfn = w.gfn_of[mfn_of(leaf)];

	if (m.rc != MODEL_OK || m.gpa >> PAGE_SHIFT != gfn) {
		return broken("%08x is mapped to %x, but not by the guest: "
			      "root entry %llx, directory %llx, table %llx",
			      va, gfn,
			      (long long)(w.config.is_pae
						  ? world_get(world_pdpte(
							    gpa_raw(w.mmu.root),
							    va >> 30))
						  : 0),
			      (long long)world_get(
				      world_pde(gpa_raw(w.mmu.root), va)),
			      (long long)world_get(
				      world_pte(gpa_raw(w.mmu.root), va)));
	}
	if ((pde & leaf & PTE_RW && !(m.is_writable && m.entry[1] & PTE_D)) ||
	    (pde & leaf & PTE_US && !m.is_user) ||
	    (w.config.has_nx && !((pde | leaf) & PTE_NX) && !m.is_executable)) {
		return broken("%08x has more rights than in the guest", va);
	}
	return m.entry[1] & PTE_A ? NULL
				  : broken("%08x: accessed was missed", va);
}

static const char *compare_table(u32 base, u64 pde)
{
	const u64 *table = table_of(pde);
	const char *why = NULL;

	for (u32 i = 0; !why && i < PAE_ENTRIES; i++) {
		if (table[i] & PTE_P) {
			why = compare(base | i << 12, pde, table[i]);
		}
	}
	return why;
}

const char *shadow_check_agrees(bool with_kernel)
{
	const spte_t *root = w.shadow.current->pdpt;
	const char *why = NULL;

	for (u32 n = 0; !why && n < SWITCH_BASE >> 21; n++) {
		const u64 entry = spte_raw(root[n / 512]), *pd;

		if (!(entry & PTE_P)) {
			n |= 511;
			continue;
		}
		pd = table_of(entry);
		if (pd[n % 512] & PTE_P &&
		    (with_kernel || !is_kernel_va(n << 21))) {
			why = compare_table(n << 21, pd[n % 512]);
		}
	}
	return why;
}
