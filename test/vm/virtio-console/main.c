// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The console by its queues: what is typed comes back in capitals.
 */
#include "test/lib/virtio.h"

#define SLOT   1
#define INPUT  0
#define OUTPUT 1

static struct vq in;
static struct vq out;
static char typed[64];

static void print(const char *text, u32 len)
{
	vq_fill(&out, 0, text, len, 0, 0);
	vq_offer(SLOT, OUTPUT, &out, 0);
	VM_CHECK(vq_wait(&out) == 0);
}

/* Read up to a full stop, a byte at a time. */
static u32 read_sentence(void)
{
	u32 total = 0;
	u32 len;

	while (total == 0 || typed[total - 1] != '.') {
		VM_CHECK(total < sizeof(typed));
		vq_fill(&in, 0, typed + total, 1, VQ_WRITE, 0);
		vq_offer(SLOT, INPUT, &in, 0);
		while (!vq_done(&in, &len)) {
		}
		VM_CHECK(len == 1);
		total++;
	}
	return total;
}

void main(void)
{
	u32 total;
	u32 i;

	vm_init();
	virtio_begin(SLOT);
	virtio_queue(SLOT, INPUT, &in);
	virtio_queue(SLOT, OUTPUT, &out);
	virtio_go(SLOT);
	print("queues: ready\n", 14);
	/* What is typed while the machine starts may lack its beginning. */
	read_sentence();
	total = read_sentence();
	for (i = 0; i < total; i++) {
		if (typed[i] >= 'a' && typed[i] <= 'z') {
			typed[i] -= 'a' - 'A';
		}
	}
	print("queues: ", 8);
	print(typed, total);
	print("\n", 1);
	vm_pass();
}
