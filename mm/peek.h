/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking at a guest's memory and at both sets of tables without changing
 * anything, not even accessed bits: for reports.
 */
#pragma once

#include "mm/shadow.h"

#define PEEK_LEVELS 3

/* An entry on the way of a translation. */
struct peek_step {
	const char *level; /* "root", "directory", "table" */
	u32 index;
	u64 at; /* address of the entry: guest-physical, or host-physical */
	u64 entry;
};

/*
 * The entries for @va in the guest's tables, as far as they lead. Returns
 * how many: none in linear mode, or when the first table is not RAM.
 */
u32 peek_guest(const struct mmu_ctx *ctx, gva_t va,
	       struct peek_step step[PEEK_LEVELS]);

/* The same in the shadow that the processor used. */
u32 peek_shadow(const struct shadow *s, gva_t va,
		struct peek_step step[PEEK_LEVELS]);

/* The translation of @va for the guest's kernel. False: there is none. */
bool peek_translate(const struct mmu_ctx *ctx, gva_t va, gpa_t *out);

/* Copy guest-virtual bytes. Returns 0 (all copied) or -1. */
int peek_read(const struct mmu_ctx *ctx, void *dst, gva_t src, u32 len)
	__must_check;
