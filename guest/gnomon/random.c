// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random numbers: the ChaCha20 stream cipher (RFC 7539) over a key from the
 * device. After each request the key is replaced by the cipher's own output,
 * so that what was handed out cannot be computed later.
 *
 * LIMIT: without a virtio source the key is the time, which can be guessed.
 */
#include <string.h>

#include "guest/gnomon/block.h"
#include "guest/gnomon/log.h"
#include "guest/gnomon/platform.h"
#include "guest/lib/tsc.h"
#include "guest/lib/virtio_rng.h"

#define WORDS	      16
#define KEY_WORDS     8
#define KEY_AT	      4
#define COUNTER_AT    12
#define DOUBLE_ROUNDS 10

static uint32_t state[WORDS] = {
	/* "expand 32-byte k" */
	0x61707865,
	0x3320646e,
	0x79622d32,
	0x6b206574,
};

static uint32_t rotate(uint32_t v, uint32_t by)
{
	return v << by | v >> (32 - by);
}

static void quarter(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
	*a += *b;
	*d = rotate(*d ^ *a, 16);
	*c += *d;
	*b = rotate(*b ^ *c, 12);
	*a += *b;
	*d = rotate(*d ^ *a, 8);
	*c += *d;
	*b = rotate(*b ^ *c, 7);
}

static void next_block(uint32_t out[WORDS])
{
	uint32_t i;

	memcpy(out, state, sizeof(state));
	for (i = 0; i < DOUBLE_ROUNDS; i++) {
		quarter(&out[0], &out[4], &out[8], &out[12]);
		quarter(&out[1], &out[5], &out[9], &out[13]);
		quarter(&out[2], &out[6], &out[10], &out[14]);
		quarter(&out[3], &out[7], &out[11], &out[15]);
		quarter(&out[0], &out[5], &out[10], &out[15]);
		quarter(&out[1], &out[6], &out[11], &out[12]);
		quarter(&out[2], &out[7], &out[8], &out[13]);
		quarter(&out[3], &out[4], &out[9], &out[14]);
	}
	for (i = 0; i < WORDS; i++) {
		out[i] += state[i];
	}
	state[COUNTER_AT]++;
}

void random_init(void)
{
	uint32_t key[KEY_WORDS] = { 0 };
	uint64_t now = tsc_read() ^ platform->wall();
	uint32_t i, got = 0;

	if (!vrng_open()) {
		got = vrng_read(key, sizeof(key));
	}
	if (!got) {
		log_info("no source of randomness but the time");
	}
	for (i = 0; i < KEY_WORDS; i++) {
		state[KEY_AT + i] = key[i] ^ (uint32_t)(now >> i % 2 * 32);
	}
}

void random_fill(void *to, uint32_t n)
{
	uint32_t block[WORDS];
	uint8_t *at = to;

	while (n) {
		uint32_t part = n < sizeof(block) ? n : sizeof(block);

		next_block(block);
		memcpy(at, block, part);
		at += part;
		n -= part;
	}
	next_block(block);
	memcpy(&state[KEY_AT], block, KEY_WORDS * sizeof(*block));
}
