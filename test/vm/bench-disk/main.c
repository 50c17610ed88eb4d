// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a request costs, with the three exits by which it is announced (two
 * find the register): a page of the disk each way, and a line printed.
 *
 * Under "-icount shift=0" the time stamp counts instructions, and one that
 * repeats counts each of its steps.
 */
#include "test/lib/virtio.h"

#define CONSOLE 1u
#define OUTPUT	1u
#define DISK	3u
#define ROUNDS	64u
#define T_IN	0u
#define T_OUT	1u

static struct vq q;
static u8 page[4096] __attribute__((aligned(4096)));
static struct {
	u32 type, priority, sector, sector_hi;
} header;
static u8 status;

static void bring_up(u32 slot, u32 queue)
{
	virtio_begin(slot);
	virtio_queue(slot, queue, &q);
	virtio_go(slot);
}

static u32 offer(u32 slot, u32 queue)
{
	u64 start;

	vq_offer(slot, queue, &q, 0);
	vq_wait(&q);
	start = rdtsc();
	for (u32 i = 0; i < ROUNDS; i++) {
		vq_offer(slot, queue, &q, 0);
		vq_wait(&q);
	}
	return (u32)(rdtsc() - start) / ROUNDS;
}

static u32 move_page(u32 type)
{
	header.type = type;
	vq_fill(&q, 0, &header, 16, VQ_NEXT, 1);
	vq_fill(&q, 1, page, sizeof(page),
		VQ_NEXT | (type == T_IN ? VQ_WRITE : 0), 2);
	vq_fill(&q, 2, &status, 1, VQ_WRITE, 0);
	return offer(DISK, 0);
}

void main(void)
{
	static const char line[] = "sixty-four characters in one line of "
				   "output, as a program does.\n";
	u32 cost;

	vm_init();
	bring_up(DISK, 0);
	cost = move_page(T_IN);
	vm_printf("bench disk.read_4k %u\n", cost);
	cost = move_page(T_OUT);
	vm_printf("bench disk.write_4k %u\n", cost);
	VM_CHECK(status == 0);
	bring_up(CONSOLE, OUTPUT);
	vq_fill(&q, 0, line, sizeof(line) - 1, 0, 0);
	cost = offer(CONSOLE, OUTPUT);
	vm_printf("bench console.line %u\n", cost);
	vm_pass();
}
