// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rings that lie. The device stops until it is reset and nothing else
 * happens; no byte moves from or to what is not the guest's memory.
 */
#include "test/lib/virtio.h"

#define SLOT   1
#define OUTPUT 1

static struct vq q;

static void start(void)
{
	virtio_begin(SLOT);
	virtio_queue(SLOT, OUTPUT, &q);
	virtio_go(SLOT);
}

static void must_stop(const char *what)
{
	if (virtio_status(SLOT) != (0xf | VS_NEEDS_RESET)) {
		vm_fail("%s: status 0x%x", what, virtio_status(SLOT));
	}
	VM_CHECK(*(volatile u16 *)&q.used.idx == 0);
	vq_fill(&q, 3, "not to be seen\n", 15, 0, 0);
	vq_offer(SLOT, OUTPUT, &q, 3);
	VM_CHECK(*(volatile u16 *)&q.used.idx == 0);
}

static void offer(const char *what, u64 addr, u32 len, u32 flags, u32 next)
{
	start();
	vq_fill(&q, 0, NULL, len, flags, next);
	q.desc[0].addr = addr;
	vq_offer(SLOT, OUTPUT, &q, 0);
	must_stop(what);
}

void main(void)
{
	u32 ram = vm_ram_size();

	vm_init();
	offer("beyond memory", ram, 1, 0, 0);
	offer("across its end", ram - 1, 2, 0, 0);
	offer("above 4 GiB", 1ull << 32, 1, 0, 0);
	offer("wrapping", ~0ull, 2, 0, 0);
	offer("device registers", (u32)virtio_registers(SLOT), 4, 0, 0);
	offer("no such descriptor", 0, 0, VQ_NEXT, VQ_NUM);
	offer("a loop", 0, 0, VQ_NEXT, 0);
	offer("indirect", (u32)q.desc, 16, VQ_INDIRECT, 0);
	start();
	q.avail[1] = VQ_NUM; /* with the next one, too many */
	vq_offer(SLOT, OUTPUT, &q, 0);
	must_stop("more than there are");
	start();
	vq_offer(SLOT, OUTPUT, &q, 0xffff);
	must_stop("no such head");
	start();
	vq_fill(&q, 0, "still well\n", 11, 0, 0);
	vq_offer(SLOT, OUTPUT, &q, 0);
	VM_CHECK(vq_wait(&q) == 0);
	vm_pass();
}
