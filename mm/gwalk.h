/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From guest-virtual to guest-physical, by the guest's own rules.
 */
#pragma once

#include "arch/x86/regs.h"
#include "mm/p2m.h"

enum gwalk_mode {
	GWALK_LINEAR, /* before the first NEW_PGTABLE: gva = gpa, all writable
		       */
};

struct mmu_ctx {
	struct p2m *p2m;
	enum gwalk_mode mode;
};

struct gwalk {
	gpa_t gpa;
};

enum gwalk_rc {
	GW_OK,
	GW_FAULT, /* no translation, or one without the rights asked for */
};

/*
 * Translate guest-virtual @va for an access with page-fault error code bits
 * @pfec (PFEC_W, PFEC_U). GW_OK: @out is filled, and is RAM.
 * Rules: lguest ABI 1.4 "paging", 6.2.
 */
enum gwalk_rc gwalk(const struct mmu_ctx *ctx, gva_t va, u32 pfec,
		    struct gwalk *out) __must_check;

/*
 * Copy guest-virtual bytes with the rights of the guest's kernel. Pages may
 * differ. Returns 0 (all copied) or -1 (for a write: nothing copied).
 */
int gwalk_read(const struct mmu_ctx *ctx, void *dst, gva_t src, u32 len)
	__must_check;
int gwalk_write(const struct mmu_ctx *ctx, gva_t dst, const void *src, u32 len)
	__must_check;
