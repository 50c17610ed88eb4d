/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From guest-virtual to guest-physical, by the guest's own tables.
 */
#pragma once

#include "arch/x86/regs.h"
#include "mm/gformat.h"
#include "mm/hvmap.h"
#include "mm/p2m.h"

enum gwalk_mode {
	/* Before the first NEW_PGTABLE: gva = gpa, all writable. */
	GWALK_LINEAR,
	GWALK_2LEVEL,
	GWALK_PAE,
};

/* What a walk needs to know of a guest. */
struct mmu_ctx {
	struct p2m *p2m;
	enum gwalk_mode mode;
	gpa_t root;	  /* top-level table; unused in linear mode */
	void *root_bytes; /* the same as we map it for good, or NULL */
	bool allows_nx; /* the processor has NX, so PAE entries may use it */
	/*
	 * In linear mode, guest frames from the end of RAM to below this are
	 * device registers. Tables may name any frame beyond RAM.
	 */
	u32 mmio_end;
};

/* The format of the guest's tables; either one while it has none. */
static inline const struct table_format *gwalk_format(const struct mmu_ctx *ctx)
{
	return likely(ctx->mode == GWALK_PAE) ? &gformat_pae : &gformat_2level;
}

enum gwalk_rc {
	GW_OK,
	GW_MMIO,  /* as GW_OK, but the frame is not RAM: a device's, if any's */
	GW_FAULT, /* no translation, or one without the rights asked for */
	GW_BAD,	  /* tables that the ABI does not allow: the guest's end */
};

/* A walk's result. Which fields are valid depends on the return code. */
struct gwalk {
	gpa_t gpa; /* GW_OK, GW_MMIO: the translation of the address */

	/* GW_OK, not in linear mode: the entries used, with A and D set. */
	gpte_t gpde, gpte;
	gfn_t pd, pt;	      /* frames that hold them */
	const void *pt_bytes; /* the latter, as hvmap_page() maps it */

	/*
	 * GW_FAULT: the error code a processor would push. GW_MMIO: the one
	 * for an access that no device can serve.
	 */
	u32 pfec;

	const char *why; /* GW_BAD: what is wrong, with ... */
	u64 bad;	 /* ... this entry or table address */
};

/*
 * Translate guest-virtual @va for an access with page-fault error code bits
 * @pfec (PFEC_W, PFEC_U, PFEC_I). GW_OK means: RAM, with the rights asked
 * for; accessed and dirty bits have been set as a processor would. GW_MMIO
 * means the same of a frame beyond RAM: to be emulated, never to be mapped.
 * With GWALK_PEEK in @pfec guest memory is not written.
 * Rules: lguest ABI 6.1, 6.2; SDM 3A 4.3, 4.4, 4.6 "Access Rights".
 */
#define GWALK_PEEK 0x10000u
enum gwalk_rc gwalk(const struct mmu_ctx *ctx, gva_t va, u32 pfec,
		    struct gwalk *out) __must_check;

/*
 * What error code @pfec of the processor says of the guest's own access. P and
 * RSVD are about our tables, and of fetches a processor tells only where
 * CR4.PAE and EFER.NXE are set (SDM 3A 4.7): ours are, whatever the guest's
 * format.
 */
static inline u32 gwalk_access(const struct mmu_ctx *ctx, u32 pfec)
{
	return pfec & (PFEC_W | PFEC_U |
		       (likely(ctx->mode == GWALK_PAE) ? PFEC_I : 0));
}

/* Walk from the guest's top-level table at @root from now on. */
void gwalk_set_root(struct mmu_ctx *ctx, gpa_t root);

/* Guest frame @f as a table, as hvmap_page() maps it; NULL: it is not RAM. */
static inline void *gwalk_table(const struct mmu_ctx *ctx, gfn_t f)
{
	mfn_t m;

	return p2m_lookup(ctx->p2m, f, &m) == P2M_RAM ? hvmap_page(m) : NULL;
}

/* The guest's table entry number @i of frame @table; 0 if that is not RAM. */
gpte_t gwalk_entry(const struct mmu_ctx *ctx, gfn_t table, u32 i);

/*
 * The guest's top-level table at @root, as hvmap_page() maps it; NULL if that
 * is not RAM. It does not cross pages: PAE roots are aligned to their size.
 */
void *gwalk_root(const struct mmu_ctx *ctx, gpa_t root);

/*
 * TRICK: guest memory ends below 4 GiB, so of the high half of a legal entry
 * nothing is set but NX, and most work is done on low halves.
 */
#define GPTE_HI_NX 0x80000000u

/*
 * Does @gpte, a present entry of a lowest-level table, map RAM legally?
 * gwalk_check_leaf(): NULL, also for one that names a frame beyond RAM, or
 * what is wrong with it.
 */
static inline bool gwalk_is_legal_leaf(const struct mmu_ctx *ctx, gpte_t gpte)
{
	u32 lo = LO32(gpte.raw), hi = HI32(gpte.raw);

	return !(lo & PTE_PS) && lo >> PAGE_SHIFT < ctx->p2m->ram_frames &&
	       (!hi || (hi == GPTE_HI_NX && ctx->allows_nx));
}
const char *gwalk_check_leaf(const struct mmu_ctx *ctx, gpte_t gpte);

/*
 * The frame an entry names. One at or above 4 GiB, which no guest has,
 * becomes INVALID_gfn.
 */
static inline gfn_t gpte_frame(gpte_t gpte)
{
	return HI32(gpte.raw & PTE_FRAME)
		       ? INVALID_gfn
		       : mk_gfn(LO32(gpte.raw) >> PAGE_SHIFT);
}

/*
 * Copy guest-virtual bytes with the rights of the guest's kernel. Pages may
 * differ. Returns 0 (all copied) or -1 (for a write: nothing copied).
 */
int gwalk_read(const struct mmu_ctx *ctx, void *dst, gva_t src, u32 len)
	__must_check;
int gwalk_write(const struct mmu_ctx *ctx, gva_t dst, const void *src, u32 len)
	__must_check;
