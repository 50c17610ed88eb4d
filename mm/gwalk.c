/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest walk, for both formats (mm/gformat.h) and for none.
 *
 * An entry's rights count on every level: writable and reachable from ring 3
 * only if all levels say so, not executable if any says so. CR0.WP is 1, so
 * ring 1 respects read-only pages too.
 *
 * I1  Guest entries are read once, into locals.
 * I2  Nothing of the guest is written before the access is found legal.
 * I3  Frame numbers are checked before they are used: a table outside RAM is
 *     GW_BAD, a leaf's frame GW_MMIO.
 *
 * Next: mm/shadow.c, which fills what the walk allows.
 */
#include "mm/gwalk.h"

#include "mm/gaccess.h"

/* Copies are short: frames, instructions. */
#define PIECES_MAX 2

#define FRAME_OUTSIDE "directory entry with a frame outside memory"

struct piece {
	gpa_t gpa;
	u32 len;
};

gpte_t gwalk_entry(const struct mmu_ctx *ctx, gfn_t table, u32 i)
{
	const void *t = gwalk_table(ctx, table);

	return t ? gformat_entry(gwalk_format(ctx), t, i) : mk_gpte(0);
}

void *gwalk_root(const struct mmu_ctx *ctx, gpa_t root)
{
	u8 *t = gwalk_table(ctx, gpa_to_gfn(root));

	return t ? t + gpa_offset(root) : NULL;
}

/* Has @entry a bit set that must be 0? Those are @reserved, and maybe NX. */
static bool has_reserved(const struct mmu_ctx *ctx, gpte_t entry, u64 reserved)
{
	return entry.raw & (ctx->allows_nx ? reserved : reserved | PTE_NX);
}

const char *gwalk_check_leaf(const struct mmu_ctx *ctx, gpte_t gpte)
{
	if (gpte.raw & PTE_PS) {
		return "page-table entry with bit 7 set";
	}
	return has_reserved(ctx, gpte, gwalk_format(ctx)->leaf_reserved)
		       ? "page-table entry with reserved bits"
		       : NULL;
}

static __cold_path enum gwalk_rc bad(struct gwalk *out, const char *why,
				     u64 what)
{
	out->why = why;
	out->bad = what;
	return GW_BAD;
}

static inline enum gwalk_rc fault(struct gwalk *out, u32 pfec)
{
	out->pfec = pfec & ~GWALK_PEEK;
	return GW_FAULT;
}

static enum gwalk_rc mmio(struct gwalk *out, u64 gpa, u32 pfec)
{
	out->gpa = mk_gpa(gpa);
	out->pfec = (pfec & ~GWALK_PEEK) | PFEC_P;
	return GW_MMIO;
}

/* A leaf that is not RAM's. */
static __cold_path enum gwalk_rc odd_leaf(const struct mmu_ctx *ctx, u32 va,
					  u32 pfec, struct gwalk *out)
{
	const char *why = gwalk_check_leaf(ctx, out->gpte);

	return why ? bad(out, why, out->gpte.raw)
		   : mmio(out, (out->gpte.raw & PTE_FRAME) | (va & PAGE_MASK),
			  pfec);
}

/* A directory entry that is not as nearly all are. NULL: legal all the same. */
static __cold_path const char *check_directory(const struct mmu_ctx *ctx,
					       gpte_t gpde)
{
	if (has_reserved(ctx, gpde, gwalk_format(ctx)->dir_reserved)) {
		return "directory entry with illegal flags";
	}
	return HI32(gpde.raw & PTE_FRAME) ? FRAME_OUTSIDE : NULL;
}

/* PAE: the directory's frame, from the root. */
static inline enum gwalk_rc walk_root(const struct mmu_ctx *ctx, u32 va,
				      u32 pfec, struct gwalk *out)
{
	const struct table_format *f = &gformat_pae;
	const u32 *root = ctx->root_bytes;
	gpte_t e;

	if (unlikely(!root)) {
		root = gwalk_root(ctx, ctx->root);
		if (!root) {
			return bad(out, "root table outside memory",
				   ctx->root.raw);
		}
	}
	e = gformat_entry(f, root, gformat_index(f, 3, va));
	if (!(LO32(e.raw) & PTE_P)) {
		return fault(out, pfec);
	}
	if (LO32(e.raw) & LO32(f->root_reserved) ||
	    HI32(e.raw) & HI32(f->root_reserved)) {
		return bad(out, "root entry with illegal flags", e.raw);
	}
	out->pd = likely(!HI32(e.raw)) ? mk_gfn(LO32(e.raw) >> PAGE_SHIFT)
				       : INVALID_gfn;
	return GW_OK;
}

void gwalk_set_root(struct mmu_ctx *ctx, gpa_t root)
{
	mfn_t m;

	ctx->root = root;
	ctx->root_bytes = NULL;
	if (p2m_lookup(ctx->p2m, gpa_to_gfn(root), &m) == P2M_RAM &&
	    hvmap_is_direct(m)) {
		ctx->root_bytes = gwalk_root(ctx, root);
	}
}

/* Rights over both levels: PTE_RW and PTE_US, and the access in such terms. */
static inline bool is_allowed(u32 rights, u32 nx, u32 pfec)
{
	/* PFEC_W and PFEC_U are the same bits as PTE_RW and PTE_US. */
	return !(pfec & (PFEC_W | PFEC_U) & ~rights) && !(pfec & PFEC_I && nx);
}

_Static_assert(PFEC_W == PTE_RW && PFEC_U == PTE_US, "see is_allowed()");

/*
 * Set accessed and dirty. They are in the low half in both formats, and the
 * guest does not run meanwhile.
 */
static inline void set_bits(u32 *entry, gpte_t *e, u32 bits)
{
	if ((LO32(e->raw) & bits) != bits) {
		e->raw |= bits;
		*entry = LO32(e->raw);
	}
}

/* Both lower levels. Specialised for either format, by its constant @f. */
static inline __attribute__((always_inline)) enum gwalk_rc
walk_tables(const struct mmu_ctx *ctx, u32 va, u32 pfec, struct gwalk *out,
	    const struct table_format *f)
{
	const u32 words = f->entry_size / sizeof(u32);
	const u32 pd_index = gformat_index(f, 2, va);
	u32 *pd = f->levels == 3 || !ctx->root_bytes ? gwalk_table(ctx, out->pd)
						     : ctx->root_bytes;
	u32 *pt, pt_index;
	gpte_t d, e;
	enum gwalk_rc rc = GW_OK;

	if (unlikely(!pd)) {
		return bad(out, "directory outside memory",
			   gfn_to_gpa(out->pd).raw);
	}
	d = gformat_entry(f, pd, pd_index);
	if (!(LO32(d.raw) & PTE_P)) {
		return fault(out, pfec);
	}
	if (unlikely(LO32(d.raw) & LO32(f->dir_reserved) || HI32(d.raw))) {
		const char *why = check_directory(ctx, d);

		if (why) {
			return bad(out, why, d.raw);
		}
	}
	out->pt = mk_gfn(LO32(d.raw) >> PAGE_SHIFT);
	pt = gwalk_table(ctx, out->pt);
	if (unlikely(!pt)) {
		return bad(out, FRAME_OUTSIDE, d.raw);
	}
	pt_index = gformat_index(f, 1, va);
	e = gformat_entry(f, pt, pt_index);
	if (!(LO32(e.raw) & PTE_P)) {
		return fault(out, pfec);
	}
	if (!is_allowed(LO32(d.raw) & LO32(e.raw),
			(HI32(d.raw) | HI32(e.raw)) & GPTE_HI_NX, pfec)) {
		return fault(out, pfec | PFEC_P);
	}
	if (unlikely(!gwalk_is_legal_leaf(ctx, e))) {
		out->gpte = e;
		rc = odd_leaf(ctx, va, pfec, out);
		if (rc == GW_BAD) {
			return rc;
		}
	}
	if (!(pfec & GWALK_PEEK)) {
		set_bits(pd + pd_index * words, &d, PTE_A);
		set_bits(pt + pt_index * words, &e,
			 pfec & PFEC_W ? PTE_A | PTE_D : PTE_A);
	}
	if (likely(rc == GW_OK)) {
		out->gpa =
			mk_gpa((LO32(e.raw) & ~PAGE_MASK) | (va & PAGE_MASK));
		out->gpde = d;
		out->gpte = e;
		out->pt_bytes = pt;
	}
	return rc;
}

static __cold_path enum gwalk_rc walk_linear(const struct mmu_ctx *ctx, u32 va,
					     u32 pfec, struct gwalk *out)
{
	/* Linear mode grants the guest kernel everything, ring 3 nothing. */
	out->gpa = mk_gpa(va);
	if (pfec & PFEC_U) {
		return fault(out, pfec | PFEC_P);
	}
	if (gaccess_is_ram(ctx->p2m, out->gpa, 1)) {
		return GW_OK;
	}
	return va >> PAGE_SHIFT < ctx->mmio_end ? mmio(out, va, pfec)
						: fault(out, pfec);
}

__hot_path enum gwalk_rc gwalk(const struct mmu_ctx *ctx, gva_t gva, u32 pfec,
			       struct gwalk *out)
{
	u32 va = gva_raw(gva);
	enum gwalk_rc rc;

	pfec = gwalk_access(ctx, pfec) | (pfec & GWALK_PEEK);
	if (likely(ctx->mode == GWALK_PAE)) {
		rc = walk_root(ctx, va, pfec, out);
		return rc == GW_OK
			       ? walk_tables(ctx, va, pfec, out, &gformat_pae)
			       : rc;
	}
	if (likely(ctx->mode == GWALK_2LEVEL)) {
		out->pd = gpa_to_gfn(ctx->root);
		return walk_tables(ctx, va, pfec, out, &gformat_2level);
	}
	return walk_linear(ctx, va, pfec, out);
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
		if (gaccess_write(ctx->p2m, piece[i].gpa, from, piece[i].len)) {
			return -1;
		}
		from += piece[i].len;
	}
	return n ? 0 : -1;
}
