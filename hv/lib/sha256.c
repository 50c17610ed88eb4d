/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256, straight from FIPS 180-4 section 6.2 "SHA-256".
 *
 * Next: hv/pc/entropy.c.
 */
#include "hv/lib/sha256.h"

#include <string.h>

#define ROUNDS 64

/* 4.2.2: first 32 bits of the fractional parts of the primes' cube roots. */
static const u32 k[ROUNDS] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static u32 ror(u32 x, u32 n)
{
	return x >> n | x << (32 - n);
}

static u32 get_be32(const u8 *p)
{
	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

static void put_be32(u8 *p, u32 v)
{
	p[0] = (u8)(v >> 24);
	p[1] = (u8)(v >> 16);
	p[2] = (u8)(v >> 8);
	p[3] = (u8)v;
}

/* The message schedule, of which 16 words are enough at a time. */
static u32 schedule(u32 w[16], u32 t)
{
	u32 w2 = w[(t + 14) % 16], w15 = w[(t + 1) % 16];
	u32 s0 = ror(w15, 7) ^ ror(w15, 18) ^ w15 >> 3;
	u32 s1 = ror(w2, 17) ^ ror(w2, 19) ^ w2 >> 10;

	w[t % 16] += s0 + w[(t + 9) % 16] + s1;
	return w[t % 16];
}

static void compress(struct sha256 *s)
{
	u32 w[16], v[8];

	memcpy(v, s->h, sizeof(v));
	for (u32 t = 0; t < 16; t++) {
		w[t] = get_be32(s->block + 4 * t);
	}
	for (u32 t = 0; t < ROUNDS; t++) {
		u32 word = t < 16 ? w[t] : schedule(w, t);
		u32 s1 = ror(v[4], 6) ^ ror(v[4], 11) ^ ror(v[4], 25);
		u32 s0 = ror(v[0], 2) ^ ror(v[0], 13) ^ ror(v[0], 22);
		u32 ch = (v[4] & v[5]) ^ (~v[4] & v[6]);
		u32 maj = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
		u32 t1 = v[7] + s1 + ch + k[t] + word;

		memmove(&v[1], &v[0], 7 * sizeof(u32));
		v[4] += t1;
		v[0] = t1 + s0 + maj;
	}
	for (u32 i = 0; i < 8; i++) {
		s->h[i] += v[i];
	}
}

void sha256_init(struct sha256 *s)
{
	/* 5.3.3 */
	static const u32 initial[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372,
					0xa54ff53a, 0x510e527f, 0x9b05688c,
					0x1f83d9ab, 0x5be0cd19 };

	memcpy(s->h, initial, sizeof(s->h));
	s->len = 0;
}

void sha256_update(struct sha256 *s, const void *bytes, u32 len)
{
	const u8 *from = bytes;

	while (len > 0) {
		u32 at = (u32)s->len % SHA256_BLOCK;
		u32 n = min_u32(len, SHA256_BLOCK - at);

		memcpy(s->block + at, from, n);
		s->len += n;
		from += n;
		len -= n;
		if (at + n == SHA256_BLOCK) {
			compress(s);
		}
	}
}

void sha256_final(struct sha256 *s, u8 out[SHA256_BYTES])
{
	static const u8 padding[SHA256_BLOCK] = { 0x80 };
	u64 bits = s->len * 8;
	u32 used = (u32)s->len % SHA256_BLOCK;
	u8 tail[8];

	put_be32(tail, HI32(bits));
	put_be32(tail + 4, LO32(bits));
	sha256_update(s, padding, (used < 56 ? 56 : 120) - used);
	sha256_update(s, tail, sizeof(tail));
	for (u32 i = 0; i < 8; i++) {
		put_be32(out + 4 * i, s->h[i]);
	}
}
