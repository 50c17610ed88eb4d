/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RDSEED where there is one, else RDRAND: SDM 1 7.3.17 "Random Number
 * Generator Instructions".
 *
 * Next: hv/pc/entropy.c.
 */
#include "arch/x86/hwrng.h"

#include "arch/x86/cpu.h"

#define LEAF_MAX      0
#define LEAF_FEATURES 1
#define LEAF_EXTENDED 7
#define ECX_RDRAND    (1u << 30)
#define EBX_RDSEED    (1u << 18)

/* After so many failures in a row RDRAND is broken, and RDSEED exhausted. */
#define TRIES 10

static bool has_rdrand, has_rdseed;

bool hwrng_init(void)
{
	u32 max, a, b, c, d;

	cpuid(LEAF_MAX, &max, &b, &c, &d);
	cpuid(LEAF_FEATURES, &a, &b, &c, &d);
	has_rdrand = c & ECX_RDRAND;
	if (max >= LEAF_EXTENDED) {
		cpuid(LEAF_EXTENDED, &a, &b, &c, &d);
		has_rdseed = b & EBX_RDSEED;
	}
	return has_rdrand || has_rdseed;
}

static bool rdrand(u32 *v)
{
	bool ok;

	__asm__ volatile("rdrand %0" : "=r"(*v), "=@ccc"(ok));
	return ok;
}

static bool rdseed(u32 *v)
{
	bool ok;

	__asm__ volatile("rdseed %0" : "=r"(*v), "=@ccc"(ok));
	return ok;
}

bool hwrng_read(u32 *v)
{
	for (u32 i = 0; has_rdseed && i < TRIES; i++) {
		if (rdseed(v)) {
			return true;
		}
	}
	for (u32 i = 0; has_rdrand && i < TRIES; i++) {
		if (rdrand(v)) {
			return true;
		}
	}
	return false;
}
