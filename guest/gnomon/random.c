// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random numbers: the ChaCha20 stream cipher (RFC 7539) over a key from the
 * device. Half of each block that it makes is the next key, so that what was
 * handed out cannot be computed later.
 *
 * LIMIT: without a virtio source the key is the time, which can be guessed.
 */
#include <string.h>

#include "guest/gnomon/block.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/log.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/uaccess.h"
#include "guest/lib/tsc.h"
#include "guest/lib/virtio_rng.h"

#define WORDS	      16
#define KEY_AT	      4
#define KEY_WORDS     8
#define KEY_SIZE      (KEY_WORDS * sizeof(uint32_t))
#define DOUBLE_ROUNDS 10
#define PART_MAX      256

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
	/* Columns and diagonals of the 4 x 4 words in turn. */
	for (i = 0; i < 8 * DOUBLE_ROUNDS; i++) {
		uint32_t column = i % 4, shift = i / 4 % 2;

		quarter(&out[column], &out[4 + (column + shift) % 4],
			&out[8 + (column + 2 * shift) % 4],
			&out[12 + (column + 3 * shift) % 4]);
	}
	for (i = 0; i < WORDS; i++) {
		out[i] += state[i];
	}
}

void random_init(void)
{
	uint64_t now = tsc_read() ^ platform->wall();

	if (vrng_open() || !vrng_read(&state[KEY_AT], KEY_SIZE)) {
		log_info("no source of randomness but the time");
	}
	state[KEY_AT] ^= (uint32_t)now;
	state[KEY_AT + 1] ^= (uint32_t)(now >> 32);
}

void random_fill(void *to, uint32_t n)
{
	uint32_t block[WORDS], part;
	uint8_t *at = to;

	for (; n; n -= part) {
		next_block(block);
		memcpy(&state[KEY_AT], block, KEY_SIZE);
		part = sizeof(block) - KEY_SIZE;
		part = n < part ? n : part;
		memcpy(at, block + KEY_WORDS, part);
		at += part;
	}
}

long random_to_user(uint32_t to, uint32_t n)
{
	uint8_t part[PART_MAX];
	uint32_t done, k;

	for (done = 0; done < n; done += k) {
		k = n - done < sizeof(part) ? n - done : sizeof(part);
		random_fill(part, k);
		if (copy_to_user(to + done, part, k)) {
			return done ? (long)done : -EFAULT;
		}
	}
	return (long)done;
}
