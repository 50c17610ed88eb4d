/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pool of random bits, conditioned and stretched by SHA-256.
 *
 * Sources are the processor's generator, where it has one, and always the
 * jitter of its own timing: how long a fixed piece of work takes, by the
 * time-stamp counter. Neither is trusted alone. As in the construction known
 * as jitterentropy, samples without information (the same time, or the same
 * change, again) are not counted. A clock that is too coarse for the work shows
 * no jitter; then longer work is timed once.
 *
 *	reseed	state := H(state, samples)
 *	output	H(state, counter, OUTPUT), any number of blocks
 *	then	state := H(state, counter, NEXT)
 *
 * I1  Output cannot be computed from a later state.
 *
 * LIMIT: without the processor's generator, and on an emulator whose clock
 * counts instructions, nothing is random; entropy_init() then warns.
 *
 * Next: hv/dev/vrng.c.
 */
#include "hv/pc/entropy.h"

#include <string.h>

#include "arch/x86/cpu.h"
#include "arch/x86/hwrng.h"
#include "hv/lib/log.h"
#include "hv/lib/sha256.h"

/* Samples that count, per reseeding: two for each bit of the state. */
#define JITTER_SAMPLES 512
/* One sample in 8 must count, and so many may fail in addition. */
#define JITTER_RATE  8
#define JITTER_DELAY 256
#define WORK_LONG    16 /* times the work of the first try */
#define HW_WORDS     16

#define RESEED_BYTES 65536 /* of output */

enum purpose {
	OUTPUT,
	NEXT,
};

static struct {
	u8 state[SHA256_BYTES];
	u32 counter;
	u32 left; /* bytes until the next reseeding */
	u32 work; /* in each sample */
	u8 walk[1024];
} pool;

/* Work whose time depends on caches, pipelines, buses and other clocks. */
static u32 time_some_work(void)
{
	u64 start = rdtsc();

	for (u32 n = 0; n < pool.work; n++) {
		for (u32 i = 0; i < sizeof(pool.walk); i += 61) {
			pool.walk[i] =
				(u8)(pool.walk[i] * 5 + i +
				     pool.walk[(i * 7) % sizeof(pool.walk)]);
		}
	}
	return (u32)(rdtsc() - start);
}

/* Returns whether enough of the samples counted. */
static bool add_jitter(struct sha256 *s)
{
	u32 last = 0, last_change = 0, good = 0;

	for (u32 i = 0;
	     good < JITTER_SAMPLES && i < JITTER_RATE * good + JITTER_DELAY;
	     i++) {
		u32 sample = time_some_work();
		u32 change = sample - last;

		sha256_update(s, &sample, sizeof(sample));
		good += change != 0 && change != last_change;
		last = sample;
		last_change = change;
	}
	return good == JITTER_SAMPLES;
}

/*
 * Returns whether the generator exists and works. One that returns the same
 * value twice does not: by chance that happens once in 2^32 times, but known
 * processors return only ones after a sleep. This is the repetition count test
 * of NIST SP 800-90B 4.4.1 for samples of full entropy.
 */
static bool add_hw(struct sha256 *s)
{
	u32 last = 0;

	for (u32 i = 0; i < HW_WORDS; i++) {
		u32 v;

		if (!hwrng_read(&v) || (i > 0 && v == last)) {
			return false;
		}
		sha256_update(s, &v, sizeof(v));
		last = v;
	}
	return true;
}

/* The sources of the bits, "" when there is none. */
static const char *reseed(void)
{
	struct sha256 s;
	u64 now = rdtsc();
	bool has_hw, has_jitter;

	sha256_init(&s);
	sha256_update(&s, pool.state, sizeof(pool.state));
	sha256_update(&s, &now, sizeof(now));
	has_hw = add_hw(&s);
	has_jitter = add_jitter(&s);
	sha256_final(&s, pool.state);
	pool.left = RESEED_BYTES;
	if (has_hw) {
		return has_jitter ? "the processor's generator and timing "
				    "jitter"
				  : "the processor's generator";
	}
	return has_jitter ? "timing jitter" : "";
}

void entropy_init(void)
{
	const char *source;

	hwrng_init();
	pool.work = 1;
	source = reseed();
	if (!source[0]) {
		pool.work = WORK_LONG;
		source = reseed();
	}
	if (source[0]) {
		log_debug("entropy: %s", source);
	} else {
		log_warn("entropy: this machine's clock is too steady; what "
			 "guests get is not random");
	}
}

static void hash_for(enum purpose why, u8 out[SHA256_BYTES])
{
	const u8 tag = (u8)why;
	struct sha256 s;

	sha256_init(&s);
	sha256_update(&s, pool.state, sizeof(pool.state));
	sha256_update(&s, &pool.counter, sizeof(pool.counter));
	sha256_update(&s, &tag, sizeof(tag));
	sha256_final(&s, out);
	pool.counter++;
}

void entropy_fill(void *ctx, u8 *to, u32 len)
{
	u8 block[SHA256_BYTES];

	(void)ctx;
	if (pool.left < len) {
		reseed();
	}
	pool.left -= min_u32(pool.left, len);
	while (len > 0) {
		u32 n = min_u32(len, sizeof(block));

		hash_for(OUTPUT, block);
		memcpy(to, block, n);
		to += n;
		len -= n;
	}
	hash_for(NEXT, block);
	memcpy(pool.state, block, sizeof(pool.state));
}
