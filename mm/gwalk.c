/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest walk, for both formats and for none.
 *
 *	2-level:  root (1024 x 4 bytes) --> table (1024 x 4) --> frame
 *	          gpde = root[va 31:22]     gpte = table[va 21:12]
 *
 *	PAE:      root (4 x 8) --> directory (512 x 8) --> table (512 x 8)
 *	          gpdpte = [va 31:30]  gpde = [va 29:21]  gpte = [va 20:12]
 *
 * An entry's rights count on every level: writable and reachable from ring 3
 * only if all levels say so, not executable if any says so. CR0.WP is 1, so
 * ring 1 respects read-only pages too.
 *
 * I1  Guest entries are read once, into locals.
 * I2  Nothing of the guest is written before the access is found legal.
 * I3  Frame numbers are checked before they are used; what lies outside RAM
 *     is GW_BAD.
 *
 * Next: mm/shadow.c, which fills what the walk allows.
 */
#include "mm/gwalk.h"

#include "mm/gaccess.h"
#include "mm/hvmap.h"

/* Copies are short: frames, instructions. */
#define PIECES_MAX 2

/* lguest ABI 6.1: what root and directory entries may contain. */
#define LEGAL_ROOT PTE_P
#define LEGAL_DIR (PTE_P | PTE_RW | PTE_US | PTE_A | PTE_D)

#define FLAG_BITS 0xfffull
#define HIGH_BITS 0x7ff0000000000000ull /* reserved in PAE entries */

struct piece {
	gpa_t gpa;
	u32 len;
};

/* A pointer to the frame of a guest table; NULL when it is not RAM. */
static void *table_at(const struct mmu_ctx *ctx, gfn_t f)
{
	mfn_t m;

	return p2m_lookup(ctx->p2m, f, &m) == P2M_RAM ? hvmap_page(m) : NULL;
}

static u64 read_entry(const struct mmu_ctx *ctx, const void *table, u32 i)
{
	if (ctx->mode == GWALK_PAE) {
		return ((const volatile u64 *)table)[i];
	}
	return ((const volatile u32 *)table)[i];
}

/* Accessed and dirty are in the low half in both formats. */
static void write_flags(const struct mmu_ctx *ctx, void *table, u32 i,
			u64 entry)
{
	u32 *e = table;

	e[ctx->mode == GWALK_PAE ? 2 * i : i] = LO32(entry);
}

u64 gwalk_entry(const struct mmu_ctx *ctx, gfn_t table, u32 i)
{
	const void *t = table_at(ctx, table);

	return t ? read_entry(ctx, t, i) : 0;
}

u64 gwalk_root_entry(const struct mmu_ctx *ctx, gpa_t root, u32 i)
{
	const u8 *t = table_at(ctx, gpa_to_gfn(root));

	return t ? ((const volatile u64 *)(t + gpa_offset(root)))[i] : 0;
}

static bool has_bad_high_bits(const struct mmu_ctx *ctx, u64 entry)
{
	return entry & HIGH_BITS || (entry & PTE_NX && !ctx->allows_nx);
}

static bool is_outside_ram(const struct mmu_ctx *ctx, u64 entry)
{
	return gfn_raw(gpte_frame(entry)) >= ctx->p2m->ram_frames;
}

const char *gwalk_check_leaf(const struct mmu_ctx *ctx, u64 gpte)
{
	if (gpte & PTE_PS) {
		return "page-table entry with bit 7 set";
	}
	if (has_bad_high_bits(ctx, gpte)) {
		return "page-table entry with reserved bits";
	}
	return is_outside_ram(ctx, gpte) ?
		       "page-table entry with a frame outside memory" :
		       NULL;
}

static enum gwalk_rc bad(struct gwalk *out, const char *why, u64 entry)
{
	out->why = why;
	out->bad = entry;
	return GW_BAD;
}

static enum gwalk_rc fault(struct gwalk *out, u32 pfec)
{
	out->pfec = pfec & ~GWALK_PEEK;
	return GW_FAULT;
}

/* The directory's frame, from the root. */
static enum gwalk_rc walk_root(const struct mmu_ctx *ctx, u32 va, u32 pfec,
			       struct gwalk *out)
{
	u64 e;

	if (ctx->mode == GWALK_2LEVEL) {
		out->pd = gpa_to_gfn(ctx->root);
		return GW_OK;
	}
	if (!gaccess_is_ram(ctx->p2m, ctx->root, PAE_PDPTES * sizeof(e))) {
		return bad(out, "root table outside memory", ctx->root.raw);
	}
	e = gwalk_root_entry(ctx, ctx->root, va >> PAE_PDPT_SHIFT);
	if (!(e & PTE_P)) {
		return fault(out, pfec);
	}
	if ((e & FLAG_BITS) != LEGAL_ROOT || e & (HIGH_BITS | PTE_NX)) {
		return bad(out, "root entry with illegal flags", e);
	}
	out->pd = gpte_frame(e);
	return GW_OK;
}

static bool is_legal_dir(const struct mmu_ctx *ctx, u64 e)
{
	return !(e & FLAG_BITS & ~(u64)LEGAL_DIR) &&
	       !has_bad_high_bits(ctx, e);
}

/* Both table entries, unchanged; rights are not yet looked at. */
static enum gwalk_rc walk_tables(const struct mmu_ctx *ctx, u32 va, u32 pfec,
				 struct gwalk *out, void **pd, void **pt)
{
	bool pae = ctx->mode == GWALK_PAE;

	*pd = table_at(ctx, out->pd);
	if (!*pd) {
		return bad(out, "directory outside memory",
			   gfn_to_gpa(out->pd).raw);
	}
	out->gpde = read_entry(ctx, *pd, gwalk_pd_index(pae, va));
	if (!(out->gpde & PTE_P)) {
		return fault(out, pfec);
	}
	if (!is_legal_dir(ctx, out->gpde)) {
		return bad(out, "directory entry with illegal flags",
			   out->gpde);
	}
	out->pt = gpte_frame(out->gpde);
	*pt = table_at(ctx, out->pt);
	if (!*pt) {
		return bad(out, "directory entry with a frame outside memory",
			   out->gpde);
	}
	out->gpte = read_entry(ctx, *pt, gwalk_pt_index(pae, va));
	return out->gpte & PTE_P ? GW_OK : fault(out, pfec);
}

static u64 combine_rights(u64 gpde, u64 gpte)
{
	return (gpde & gpte & (PTE_RW | PTE_US)) | ((gpde | gpte) & PTE_NX);
}

static bool is_allowed(u64 rights, u32 pfec)
{
	return !(pfec & PFEC_W && !(rights & PTE_RW)) &&
	       !(pfec & PFEC_U && !(rights & PTE_US)) &&
	       !(pfec & PFEC_I && rights & PTE_NX);
}

static void set_accessed(const struct mmu_ctx *ctx, u32 va, u32 pfec,
			 struct gwalk *out, void *pd, void *pt)
{
	bool pae = ctx->mode == GWALK_PAE;
	u64 gpde = out->gpde | PTE_A;
	u64 gpte = out->gpte | PTE_A | (pfec & PFEC_W ? PTE_D : 0);

	if (pfec & GWALK_PEEK) {
		return;
	}
	if (gpde != out->gpde) {
		write_flags(ctx, pd, gwalk_pd_index(pae, va), gpde);
		out->gpde = gpde;
	}
	if (gpte != out->gpte) {
		write_flags(ctx, pt, gwalk_pt_index(pae, va), gpte);
		out->gpte = gpte;
	}
}

static enum gwalk_rc walk_linear(const struct mmu_ctx *ctx, u32 va, u32 pfec,
				 struct gwalk *out)
{
	/* Linear mode grants the guest kernel everything, ring 3 nothing. */
	out->gpa = mk_gpa(va);
	if (pfec & PFEC_U) {
		return fault(out, pfec | PFEC_P);
	}
	return gaccess_is_ram(ctx->p2m, out->gpa, 1) ? GW_OK :
						       fault(out, pfec);
}

enum gwalk_rc gwalk(const struct mmu_ctx *ctx, gva_t gva, u32 pfec,
		    struct gwalk *out)
{
	u32 va = gva_raw(gva);
	void *pd, *pt;
	enum gwalk_rc rc;

	/* The processor's own P and RSVD bits say nothing about the guest. */
	pfec &= PFEC_W | PFEC_U | PFEC_I | GWALK_PEEK;
	if (ctx->mode == GWALK_LINEAR) {
		return walk_linear(ctx, va, pfec, out);
	}
	rc = walk_root(ctx, va, pfec, out);
	if (rc == GW_OK) {
		rc = walk_tables(ctx, va, pfec, out, &pd, &pt);
	}
	if (rc != GW_OK) {
		return rc;
	}
	out->rights = combine_rights(out->gpde, out->gpte);
	if (!is_allowed(out->rights, pfec)) {
		return fault(out, pfec | PFEC_P);
	}
	out->why = gwalk_check_leaf(ctx, out->gpte);
	if (out->why) {
		return bad(out, out->why, out->gpte);
	}
	set_accessed(ctx, va, pfec, out, pd, pt);
	out->gpa = gpa_add(gfn_to_gpa(gpte_frame(out->gpte)),
			   gva_offset(gva));
	return GW_OK;
}

/* Translate [@va, @va + @len), page by page. Returns pieces, 0 on a fault. */
static u32 split(const struct mmu_ctx *ctx, gva_t va, u32 len, u32 pfec,
		 struct piece *piece)
{
	u32 n = 0;

	while (len > 0) {
		struct gwalk w;
		u32 here = min_u32(len, PAGE_SIZE - gva_offset(va));

		if (n == PIECES_MAX || gwalk(ctx, va, pfec, &w) != GW_OK) {
			return 0;
		}
		piece[n++] = (struct piece){ w.gpa, here };
		va = gva_add(va, here);
		len -= here;
	}
	return n;
}

int gwalk_read(const struct mmu_ctx *ctx, void *dst, gva_t src, u32 len)
{
	struct piece piece[PIECES_MAX];
	u32 n = split(ctx, src, len, 0, piece);
	u8 *to = dst;

	for (u32 i = 0; i < n; i++) {
		if (gaccess_read(ctx->p2m, to, piece[i].gpa, piece[i].len)) {
			return -1;
		}
		to += piece[i].len;
	}
	return n ? 0 : -1;
}

int gwalk_write(const struct mmu_ctx *ctx, gva_t dst, const void *src, u32 len)
{
	struct piece piece[PIECES_MAX];
	u32 n = split(ctx, dst, len, PFEC_W, piece);
	const u8 *from = src;

	for (u32 i = 0; i < n; i++) {
		if (gaccess_write(ctx->p2m, piece[i].gpa, from,
				  piece[i].len)) {
			return -1;
		}
		from += piece[i].len;
	}
	return n ? 0 : -1;
}
