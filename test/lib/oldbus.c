// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The descriptor-page bus: lguest ABI 11.2, 11.3.
 */
#include "test/lib/oldbus.h"

#define DESC_STATUS 4
#define DESC_QUEUES 5
#define QUEUE_SIZE  8

#define KERNEL_ADDRESS 0xc0000000u
#define SYSCALL_VECTOR 0x80

/* entry.S */
extern const u8 vm_iret[];

void oldbus_init(void)
{
	vm_lguest_data_fill();
	lg_write(LG_OLD_NOIRQ_START, (u32)vm_iret);
	lg_write(LG_OLD_NOIRQ_END, (u32)vm_iret + 1);
	lg_write(LG_OLD_KERNEL_ADDRESS, KERNEL_ADDRESS);
	lg_write(LG_OLD_SYSCALL_VEC, SYSCALL_VECTOR);
	hypercall(HC_LGUEST_INIT, (u32)vm_lguest_data, 0, 0, 0);
}

static u32 number(volatile u8 *at, u32 bytes)
{
	u32 value = 0;

	for (u32 i = 0; i < bytes; i++) {
		value |= (u32)at[i] << 8 * i;
	}
	return value;
}

static void find_queue(struct old_queue *q, volatile u8 *at)
{
	VM_CHECK(number(at, 2) == OLD_NUM);
	q->line = number(at + 2, 2);
	q->pa = number(at + 4, 4) * PAGE_SIZE;
	q->desc = (volatile struct vq_desc *)q->pa;
	q->avail = (volatile u16 *)(q->pa + PAGE_SIZE);
	q->used = (volatile u16 *)(q->pa + 2 * PAGE_SIZE);
	q->seen = 0;
}

static u32 describe(struct old_device *d, u32 pa)
{
	volatile u8 *b = (volatile u8 *)pa;

	d->pa = pa;
	d->bytes = b;
	d->queues = b[1];
	d->feature_len = b[2];
	d->config_len = b[3];
	VM_CHECK(d->queues <= ARRAY_SIZE(d->queue));
	for (u32 i = 0; i < d->queues; i++) {
		find_queue(&d->queue[i], b + DESC_QUEUES + i * QUEUE_SIZE);
	}
	d->features = b + DESC_QUEUES + d->queues * QUEUE_SIZE;
	d->accepted = d->features + d->feature_len;
	d->config = d->accepted + d->feature_len;
	return pa + (u32)(d->config + d->config_len - b);
}

void oldbus_find(u32 type, struct old_device *d)
{
	u32 page = vm_ram_size();
	u32 pa = page;

	while (pa < page + PAGE_SIZE && *(volatile u8 *)pa != 0) {
		bool is_it = *(volatile u8 *)pa == type;

		pa = describe(d, pa);
		if (is_it) {
			return;
		}
	}
	vm_fail("no device of type %u", type);
}

void oldbus_notify(u32 pa)
{
	hypercall(HC_NOTIFY, pa, 0, 0, 0);
}

void oldbus_print(const char *text)
{
	oldbus_notify((u32)text);
}

void oldbus_set_status(struct old_device *d, u32 status)
{
	d->bytes[DESC_STATUS] = (u8)status;
	oldbus_notify(d->pa);
}

void oldbus_start(struct old_device *d, u32 features)
{
	oldbus_set_status(d, 0);
	d->bytes[DESC_STATUS] = 1;
	d->bytes[DESC_STATUS] = 3;
	for (u32 i = 0; i < d->feature_len; i++) {
		d->accepted[i] = (u8)(features >> 8 * i);
	}
	oldbus_notify(d->pa);
	d->bytes[DESC_STATUS] = 7;
	for (u32 i = 0; i < d->queues; i++) {
		d->queue[i].seen = 0;
	}
}

void oldq_fill(struct old_queue *q, u32 i, const void *at, u32 len, u32 flags,
	       u32 next)
{
	q->desc[i].addr = (u32)at;
	q->desc[i].len = len;
	q->desc[i].flags = (u16)flags;
	q->desc[i].next = (u16)next;
}

void oldq_offer(struct old_queue *q, u32 head)
{
	q->avail[2 + q->avail[1] % OLD_NUM] = (u16)head;
	q->avail[1]++;
	oldbus_notify(q->pa);
}

bool oldq_done(struct old_queue *q, u32 *len)
{
	volatile u32 *entry =
		(volatile u32 *)(q->used + 2) + 2 * (q->seen % OLD_NUM);

	if (q->used[1] == q->seen) {
		return false;
	}
	*len = entry[1];
	q->seen++;
	return true;
}
