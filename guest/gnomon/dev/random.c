// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random numbers: what the block cipher XTEA makes of a counter, by a key from
 * the device. After each request the key is replaced by the cipher's own
 * output, so that what was handed out cannot be computed later.
 *
 * LIMIT: without a virtio source the key is the time, which can be guessed.
 */
#include "guest/gnomon/dev/random.h"

#include <string.h>

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/lib/log.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/wait.h"
#include "guest/lib/tsc.h"
#include "guest/lib/virtio_rng.h"

#define DELTA  0x9e3779b9u
#define CYCLES 32

#define REQUEST_MAX 0x1ffffffu /* of one call, as on Linux */
#define TURN	    0x10000u

static uint32_t key[4];

static uint64_t next_block(void)
{
	static uint64_t counter;
	uint32_t low = (uint32_t)++counter, high = (uint32_t)(counter >> 32);
	uint32_t sum = 0, i;

	for (i = 0; i < CYCLES; i++) {
		low += ((high << 4 ^ high >> 5) + high) ^ (sum + key[sum & 3]);
		sum += DELTA;
		high += ((low << 4 ^ low >> 5) + low) ^
			(sum + key[sum >> 11 & 3]);
	}
	return (uint64_t)high << 32 | low;
}

void random_init(void)
{
	uint64_t now = tsc_read() ^ platform_wall();

	if (vrng_open() || !vrng_read(key, sizeof(key))) {
		log_info("no source of randomness but the time");
	}
	key[0] ^= (uint32_t)now;
	key[1] ^= (uint32_t)(now >> 32);
}

void random_fill(uint64_t *to, uint32_t blocks)
{
	uint64_t next_key[2];

	while (blocks--) {
		*to++ = next_block();
	}
	next_key[0] = next_block();
	next_key[1] = next_block();
	memcpy(key, next_key, sizeof(key));
}

/* A signal ends it, with what is there. */
long random_to_user(struct user_ptr to, uint32_t n)
{
	uint64_t part[8];
	uint32_t done, k;

	n = n < REQUEST_MAX ? n : REQUEST_MAX;
	for (done = 0; done < n; done += k) {
		if (done && !(done % TURN) && cond_resched()) {
			break;
		}
		k = n - done < sizeof(part) ? n - done : sizeof(part);
		random_fill(part, (k + 7) / 8);
		if (copy_to_user(user_rest(to, done), part, k)) {
			return done ? (long)done : -EFAULT;
		}
	}
	return (long)done;
}
