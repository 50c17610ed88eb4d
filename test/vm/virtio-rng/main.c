// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random bytes: as many as asked for, no two blocks alike, bits in balance.
 */
#include "test/lib/virtio.h"

#define SLOT  2
#define BYTES 1024

static struct vq q;
static u8 bytes[2][BYTES];

static u32 count_bits(const u8 *at, u32 len)
{
	u32 n = 0;

	for (u32 i = 0; i < len * 8; i++) {
		n += at[i / 8] >> i % 8 & 1;
	}
	return n;
}

void main(void)
{
	u32 bits;

	vm_init();
	virtio_begin(SLOT);
	virtio_queue(SLOT, 0, &q);
	virtio_go(SLOT);
	for (u32 i = 0; i < 2; i++) {
		vq_fill(&q, 0, bytes[i], 100, VQ_WRITE | VQ_NEXT, 1);
		vq_fill(&q, 1, bytes[i] + 100, BYTES - 100, VQ_WRITE, 0);
		vq_offer(SLOT, 0, &q, 0);
		VM_CHECK(vq_wait(&q) == BYTES);
	}
	VM_CHECK(memcmp(bytes[0], bytes[1], BYTES) != 0);
	for (u32 i = 32; i + 32 <= BYTES; i += 32) {
		VM_CHECK(memcmp(bytes[0], bytes[0] + i, 32) != 0);
	}
	/* 8 standard deviations of 64 around 8192. */
	bits = count_bits(bytes[0], sizeof(bytes));
	vm_printf("%u of %u bits are set\n", bits, (u32)sizeof(bytes) * 8);
	VM_CHECK(bits > 7680 && bits < 8704);
	vm_pass();
}
