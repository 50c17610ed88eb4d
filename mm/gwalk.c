/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest walk. So far guests have no tables of their own: guest-virtual
 * is guest-physical for all of RAM.
 *
 * Next: mm/shadow.c, which fills what the walk allows.
 */
#include "mm/gwalk.h"

#include "mm/gaccess.h"

/* Copies are short: frames, instructions. */
#define PIECES_MAX 2

struct piece {
	gpa_t gpa;
	u32 len;
};

enum gwalk_rc gwalk(const struct mmu_ctx *ctx, gva_t va, u32 pfec,
		    struct gwalk *out)
{
	/* Linear mode grants the guest kernel everything, ring 3 nothing. */
	if (pfec & PFEC_U) {
		return GW_FAULT;
	}
	out->gpa = mk_gpa(gva_raw(va));
	return gaccess_is_ram(ctx->p2m, out->gpa, 1) ? GW_OK : GW_FAULT;
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
