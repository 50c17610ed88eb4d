/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the guest walk share: a guest whose memory exists twice,
 * once for the walk and once for the model (model_walk.h).
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "mm/gwalk.h"
#include "test/host/model_walk.h"

#define RAM 48u

/* Entries: P, RW, US, A, D in all combinations, and what else may be set. */
#define PLAIN  32u
#define EXTRAS 14u
#define NX     (1ull << 63)

struct gwalk_guest {
	struct p2m p2m;
	struct mmu_ctx ctx;
	struct model model;
	u8 mirror[RAM][PAGE_SIZE] __aligned(8); /* the model's memory */
};

extern struct gwalk_guest guest;
extern const u64 extras[EXTRAS];

/* For cmocka: memory that is reached directly, or through slots. */
int setup(void **state);
int setup_slots(void **state);
int teardown(void **state);

/* Walk from @root from now on. */
void use(enum gwalk_mode mode, u64 root, bool has_nx);

u32 entry_size(void);
void set_entry(u32 frame, u32 i, u64 value);
u64 plain_entry(u32 n); /* below PLAIN */

/* Both memories must be the same. */
void check_memory(void);

/* The model's writes are made. */
void apply(const struct model_result *m);

/* Walk by both, and compare everything but memory. */
enum gwalk_rc compare(u32 va, u32 kind);

/* Kinds of access, with bits that must be ignored. */
#define KINDS 12u
u32 kind_number(u32 n);

/* A test in memory that is reached directly, and one through slots. */
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
#define S(f) cmocka_unit_test_setup_teardown(f, setup_slots, teardown)
