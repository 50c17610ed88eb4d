/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the directed tests of the shadow share: each runs in several worlds,
 * in both formats and with several places of the kernel.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "test/host/shadow_check.h"
#include "test/host/world.h"

/* User addresses below every kernel, in one table and in another one. */
#define USER_VA	 0x00100000u
#define USER_VA2 0x00301000u

/* The first user address of a GiB that is half the kernel's; 0: none. */
static inline u32 split_va(void)
{
	u32 va = ROUND_DOWN(w.config.kernel, 1u << 30);

	return va == w.config.kernel ? 0 : va + USER_VA;
}

/* A world with an address space, that is current; its root. */
u64 start(void **state);

/* Everything that must hold at this moment does. */
void check(void);

/* The current root agrees with the guest's tables. */
void check_agrees(void);

/* A fresh page at @va of @root, accessed and dirty; its frame. */
u32 user_page(u64 root, u32 va);

/* Set an entry by stores of the guest's kernel, which must succeed. */
void store_entry(struct place p, u64 value);

/* An access that must be served, by frame @gfn. */
void must_reach(u32 va, u32 kind, u32 gfn);

/* An access that must be reflected with @error. */
void must_fault(u32 va, u32 kind, u32 error);

struct shadow_test {
	const char *name;
	void (*run)(void **state);
};

#define SHADOW_TEST(f) \
	{              \
#f, f  \
	}

/* Run all in all worlds. Returns the number of failures. */
int run_shadow_tests(const char *group, const struct shadow_test *test,
		     size_t count);
