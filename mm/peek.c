/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking, not touching.
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

/* Read entry @index of the table at guest-physical @table into @out. */
static bool guest_step(const struct mmu_ctx *ctx, gpa_t table, u32 index,
		       const char *level, struct peek_step *out)
{
	u32 size = ctx->mode == GWALK_PAE ? sizeof(u64) : sizeof(u32);
	gpa_t at = gpa_add(table, (u64)index * size);

	*out = (struct peek_step){ level, index, gpa_raw(at), 0 };
	return gaccess_read(ctx->p2m, &out->entry, at, size) == 0;
}

static gpa_t next_table(const struct peek_step *step)
{
	return mk_gpa(step->entry & PTE_FRAME);
}

u32 peek_guest(const struct mmu_ctx *ctx, gva_t gva,
	       struct peek_step step[PEEK_LEVELS])
{
	bool pae = ctx->mode == GWALK_PAE;
	u32 va = gva_raw(gva), n = 0;
	gpa_t table = ctx->root;

	if (ctx->mode == GWALK_LINEAR) {
		return 0;
	}
	if (pae) {
		if (!guest_step(ctx, table, va >> PAE_PDPT_SHIFT, "root",
				&step[n])) {
			return n;
		}
		table = next_table(&step[n]);
		if (!(step[n++].entry & PTE_P)) {
			return n;
		}
	}
	if (!guest_step(ctx, table, gwalk_pd_index(pae, va), "directory",
			&step[n])) {
		return n;
	}
	table = next_table(&step[n]);
	if (!(step[n].entry & PTE_P) || step[n].entry & PTE_PS) {
		return n + 1;
	}
	n++;
	return n + guest_step(ctx, table, gwalk_pt_index(pae, va), "table",
			      &step[n]);
}

u32 peek_shadow(const struct shadow *s, gva_t gva,
		struct peek_step step[PEEK_LEVELS])
{
	static const char *const level[PEEK_LEVELS] = { "root", "directory",
							"table" };
	u32 va = gva_raw(gva);
	const u32 index[PEEK_LEVELS] = { va >> PAE_PDPT_SHIFT,
					 gwalk_pd_index(true, va),
					 gwalk_pt_index(true, va) };
	u64 table = sh_cr3(s);

	for (u32 n = 0; n < PEEK_LEVELS; n++) {
		u64 at = table + index[n] * sizeof(u64);
		const u8 *page = hvmap_page(hpa_to_mfn(mk_hpa(at)));
		u64 entry = *(const u64 *)(page + (at & PAGE_MASK));

		step[n] = (struct peek_step){ level[n], index[n], at, entry };
		if (!(entry & PTE_P)) {
			return n + 1;
		}
		table = entry & PTE_FRAME;
	}
	return PEEK_LEVELS;
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
