// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A small virtio driver: VIRTIO 1.0 3.1 "Device Initialization", 2.4.
 */
#include "test/lib/virtio.h"

#define BAR0 0x10

#define CONSOLE_SLOT  1
#define CONSOLE_INPUT 0

volatile void *virtio_registers(u32 slot)
{
	return (volatile void *)(vm_pci_read(slot, BAR0) & ~0xfu);
}

static volatile u8 *at(u32 slot, u32 offset)
{
	return (volatile u8 *)virtio_registers(slot) + offset;
}

static void write16(u32 slot, u32 offset, u32 v)
{
	*(volatile u16 *)at(slot, offset) = (u16)v;
}

static void write32(u32 slot, u32 offset, u32 v)
{
	*(volatile u32 *)at(slot, offset) = v;
}

u32 virtio_status(u32 slot)
{
	return *at(slot, VR_STATUS);
}

void virtio_begin(u32 slot)
{
	u32 i;

	*at(slot, VR_STATUS) = 0;
	VM_CHECK(virtio_status(slot) == 0);
	*at(slot, VR_STATUS) = 1;
	*at(slot, VR_STATUS) = 3;
	for (i = 0; i < 2; i++) {
		write32(slot, 0, i);
		write32(slot, 8, i);
		write32(slot, 12, *(volatile u32 *)at(slot, 4));
	}
	*at(slot, VR_STATUS) = 0xb;
	VM_CHECK(virtio_status(slot) == 0xb);
}

void virtio_queue(u32 slot, u32 queue, struct vq *q)
{
	memset(q, 0, sizeof(*q));
	write16(slot, VR_QUEUE_SELECT, queue);
	write16(slot, VR_QUEUE_SIZE, VQ_NUM);
	write32(slot, VR_DESC, (u32)q->desc);
	write32(slot, VR_AVAIL, (u32)q->avail);
	write32(slot, VR_USED, (u32)&q->used);
	write16(slot, VR_QUEUE_ENABLE, 1);
}

void virtio_go(u32 slot)
{
	*at(slot, VR_STATUS) = 0xf;
	VM_CHECK(virtio_status(slot) == 0xf);
}

void vq_fill(struct vq *q, u32 i, const void *bytes, u32 len, u32 flags,
	     u32 next)
{
	q->desc[i].addr = (u32)bytes;
	q->desc[i].len = len;
	q->desc[i].flags = (u16)flags;
	q->desc[i].next = (u16)next;
}

void vq_offer(u32 slot, u32 queue, struct vq *q, u32 head)
{
	q->avail[2 + q->avail[1] % VQ_NUM] = (u16)head;
	__asm__ volatile("" : : : "memory");
	q->avail[1]++;
	__asm__ volatile("" : : : "memory");
	write16(slot, VR_NOTIFY, queue);
}

bool vq_done(struct vq *q, u32 *len)
{
	if (*(volatile u16 *)&q->used.idx == q->seen) {
		return false;
	}
	*len = q->used.ring[q->seen % VQ_NUM].len;
	q->seen++;
	return true;
}

u32 vq_wait(struct vq *q)
{
	u32 len = 0;

	VM_CHECK(vq_done(q, &len));
	return len;
}

static struct vq typing;
static u8 typed;

void typing_begin(void)
{
	virtio_begin(CONSOLE_SLOT);
	virtio_queue(CONSOLE_SLOT, CONSOLE_INPUT, &typing);
	virtio_go(CONSOLE_SLOT);
	vq_fill(&typing, 0, &typed, 1, VQ_WRITE, 0);
	vq_offer(CONSOLE_SLOT, CONSOLE_INPUT, &typing, 0);
}

bool typing_seen(void)
{
	return *(volatile u16 *)&typing.used.idx != 0;
}
