// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A disk: its size, its bytes, writes that stay, and bounds.
 *
 * The disk has byte i * 31 + 7 at offset i.
 */
#include "test/lib/virtio.h"

#define SLOT	3
#define SECTORS 200
#define BYTES	(SECTORS * 512)
#define T_IN	0
#define T_OUT	1

static struct vq q;
static u8 bytes[BYTES] __attribute__((aligned(4096)));
static struct {
	u32 type, priority;
	u64 sector;
} header;
static u8 status;

static u32 request(u32 type, u32 sector, void *at, u32 len)
{
	header.type = type;
	header.sector = sector;
	status = 0xee;
	vq_fill(&q, 0, &header, 16, VQ_NEXT, 1);
	vq_fill(&q, 1, at, len, VQ_NEXT | (type == T_IN ? VQ_WRITE : 0), 2);
	vq_fill(&q, 2, &status, 1, VQ_WRITE, 0);
	vq_offer(SLOT, 0, &q, 0);
	vq_wait(&q);
	return *(volatile u8 *)&status;
}

void main(void)
{
	volatile u32 *capacity;
	u32 i;

	vm_init();
	virtio_begin(SLOT);
	capacity = (volatile u32 *)((u32)virtio_registers(SLOT) + VR_CONFIG);
	VM_CHECK(capacity[0] == SECTORS && capacity[1] == 0);
	virtio_queue(SLOT, 0, &q);
	virtio_go(SLOT);
	VM_CHECK(request(T_IN, 0, bytes, BYTES) == 0);
	for (i = 0; i < BYTES; i++) {
		VM_CHECK(bytes[i] == (u8)(i * 31 + 7));
	}
	for (i = 0; i < BYTES; i++) {
		bytes[i] = (u8)(i * 17 + i / 512);
	}
	VM_CHECK(request(T_OUT, 8, bytes + 8 * 512, 100 * 512) == 0);
	VM_CHECK(request(T_OUT, SECTORS, bytes, 512) == 1);
	VM_CHECK(request(T_OUT, SECTORS - 1, bytes, 1024) == 1);
	VM_CHECK(request(9, 0, bytes, 512) == 2);
	memset(bytes, 0, BYTES);
	VM_CHECK(request(T_IN, 0, bytes, BYTES) == 0);
	for (i = 0; i < BYTES; i++) {
		bool is_new = i / 512 >= 8 && i / 512 < 108;

		/* The last sector's first half of the refused write. */
		if (i / 512 == SECTORS - 1) {
			continue;
		}
		VM_CHECK(bytes[i] ==
			 (u8)(is_new ? i * 17 + i / 512 : i * 31 + 7));
	}
	vm_pass();
}
