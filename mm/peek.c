/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads for reports, which change nothing.
 *
 * I1  Neither the guest's memory nor a shadow changes.
 * I2  A guest's entries are believed for nothing but the next address to
 *     read, and that is checked. A shadow's are ours.
 *
 * Next: hv/report/walk.c.
 */
#include "mm/peek.h"

#include "mm/gaccess.h"
#include "mm/hvmap.h"

/* By level; a table of level 1 maps pages. */
static const char *const level_name[PEEK_LEVELS + 1] = { NULL, "table",
							 "directory", "root" };

u32 peek_guest(const struct mmu_ctx *ctx, gva_t gva,
	       struct peek_step step[PEEK_LEVELS])
{
	const struct table_format *f = gwalk_format(ctx);
	u64 table = gpa_raw(ctx->root);
	u32 n = 0;

	if (ctx->mode == GWALK_LINEAR) {
		return 0;
	}
	for (u32 level = f->levels; level > 0; level--) {
		u32 i = gformat_index(f, level, gva_raw(gva));
		u64 at = table + i * f->entry_size, entry = 0;

		if (gaccess_read(ctx->p2m, &entry, mk_gpa(at), f->entry_size)) {
			break;
		}
		step[n++] =
			(struct peek_step){ level_name[level], i, at, entry };
		if (!(entry & PTE_P) || entry & PTE_PS) {
			break;
		}
		table = entry & PTE_FRAME;
	}
	return n;
}

u32 peek_shadow(const struct shadow *s, gva_t gva,
		struct peek_step step[PEEK_LEVELS])
{
	u64 table = sh_cr3(s);
	u32 n = 0;

	for (u32 level = PEEK_LEVELS; level > 0; level--) {
		u32 i = gformat_index(&gformat_pae, level, gva_raw(gva));
		u64 at = table + i * sizeof(u64);
		const u8 *page = hvmap_page(hpa_to_mfn(mk_hpa(at)));
		u64 entry = *(const u64 *)(page + (at & PAGE_MASK));

		step[n++] =
			(struct peek_step){ level_name[level], i, at, entry };
		if (!(entry & PTE_P)) {
			break;
		}
		table = entry & PTE_FRAME;
	}
	return n;
}

bool peek_translate(const struct mmu_ctx *ctx, gva_t va, gpa_t *out)
{
	struct gwalk w;

	if (gwalk(ctx, va, GWALK_PEEK, &w) != GW_OK) {
		return false;
	}
	*out = w.gpa;
	return true;
}

int peek_read(const struct mmu_ctx *ctx, void *dst, gva_t src, u32 len)
{
	u8 *to = dst;

	while (len > 0) {
		u32 n = min_u32(len, PAGE_SIZE - gva_offset(src));
		gpa_t a;

		if (!peek_translate(ctx, src, &a) ||
		    gaccess_read(ctx->p2m, to, a, n)) {
			return -1;
		}
		to += n;
		src = gva_add(src, n);
		len -= n;
	}
	return 0;
}
