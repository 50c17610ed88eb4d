/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256: FIPS 180-4.
 */
#pragma once

#include "hv/lib/types.h"

#define SHA256_BYTES 32
#define SHA256_BLOCK 64

struct sha256 {
	u32 h[8];
	u64 len; /* bytes so far */
	u8 block[SHA256_BLOCK];
};

void sha256_init(struct sha256 *s);
void sha256_update(struct sha256 *s, const void *bytes, u32 len);
void sha256_final(struct sha256 *s, u8 out[SHA256_BYTES]);
