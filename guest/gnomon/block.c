// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The disk. Requests that the device completes at once cost no interrupt and
 * no sleep.
 */
#include "guest/gnomon/block.h"

#include <stddef.h>

#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/log.h"
#include "guest/gnomon/trap.h"
#include "guest/gnomon/wait.h"
#include "guest/lib/virtio_block.h"

#define REQUESTS 8

static struct block_request request[REQUESTS];
static bool is_used[REQUESTS];
static struct wait_queue waiters; /* for a request to end or to be free */
static uint32_t sleepers;
static bool has_disk;

static void collect(void)
{
	if (vblock_collect()) {
		wait_wake(&waiters);
	}
}

static void interrupt(void *unused)
{
	(void)unused;
	if (vblock_interrupt()) {
		collect();
	}
}

void block_init(void)
{
	int line = vblock_open();

	if (line < 0) {
		return;
	}
	has_disk = true;
	vblock_want_interrupts(false);
	irq_set_handler((uint32_t)line, interrupt, NULL);
	log_info("disk of %u KiB", (unsigned)(vblock_sectors() / 2));
}

uint64_t block_sectors(void)
{
	return has_disk ? vblock_sectors() : 0;
}

/*
 * Until @r is done, or, if NULL, something else is. A signal does not end
 * the sleep of somebody whose memory the disk is writing to: then it is
 * waited for awake.
 */
static void wait_a_while(const struct block_request *r)
{
	vblock_want_interrupts(true);
	sleepers++;
	collect();
	if (!r || !r->is_done) {
		wait_on(&waiters, 0);
	}
	if (!--sleepers) {
		vblock_want_interrupts(false);
	}
	collect();
}

static uint32_t take_request(void)
{
	uint32_t i;

	for (;;) {
		for (i = 0; i < REQUESTS; i++) {
			if (!is_used[i]) {
				is_used[i] = true;
				return i;
			}
		}
		wait_a_while(NULL);
	}
}

static int run(enum block_kind kind, uint64_t sector, uint32_t pa,
	       uint32_t bytes)
{
	uint32_t i = take_request();
	struct block_request *r = &request[i];
	int error = vblock_start(r, kind, sector, pa, bytes);

	if (!error) {
		collect();
		while (!r->is_done) {
			wait_a_while(r);
		}
	}
	is_used[i] = false;
	wait_wake(&waiters);
	return error || r->has_failed ? -EIO : 0;
}

int block_io(uint64_t sector, uint32_t count, uint32_t pa, bool is_write)
{
	if (!has_disk || sector + count > vblock_sectors()) {
		return -EIO;
	}
	return run(is_write ? BLOCK_WRITE : BLOCK_READ, sector, pa,
		   count * BLOCK_SECTOR);
}

int block_flush(void)
{
	return has_disk ? run(BLOCK_FLUSH, 0, 0, 0) : 0;
}
