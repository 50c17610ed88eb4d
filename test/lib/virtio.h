/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small virtio 1.0 driver for test guests, over PCI, in linear mode: what
 * is physical is virtual, device registers included. It polls.
 */
#pragma once

#include "test/lib/vm.h"

#define VQ_NUM 16

#define VQ_NEXT	    1
#define VQ_WRITE    2
#define VQ_INDIRECT 4

struct vq_desc {
	u64 addr;
	u32 len;
	u16 flags;
	u16 next;
};

struct vq {
	struct vq_desc desc[VQ_NUM];
	u16 avail[3 + VQ_NUM]; /* flags, idx, ring */
	u16 pad;
	struct {
		u16 flags, idx;
		struct {
			u32 id, len;
		} ring[VQ_NUM];
	} used;
	u16 seen;
} __attribute__((aligned(16)));

/* Offsets of registers. */
#define VR_STATUS	20
#define VR_QUEUE_SELECT 22
#define VR_QUEUE_SIZE	24
#define VR_QUEUE_ENABLE 28
#define VR_DESC		32
#define VR_AVAIL	40
#define VR_USED		48
#define VR_NOTIFY	56
#define VR_ISR		58
#define VR_CONFIG	60

#define VS_NEEDS_RESET 0x40

/* Registers of the device in PCI slot @slot. */
volatile void *virtio_registers(u32 slot);

u32 virtio_status(u32 slot);

/* Reset the device, agree on features; then queues; then virtio_go(). */
void virtio_begin(u32 slot);
void virtio_queue(u32 slot, u32 queue, struct vq *q);
void virtio_go(u32 slot);

void vq_fill(struct vq *q, u32 i, const void *at, u32 len, u32 flags, u32 next);

/* Make the chain at @head available and notify. */
void vq_offer(u32 slot, u32 queue, struct vq *q, u32 head);

/* Is the next chain done? Its used length is in *@len. */
bool vq_done(struct vq *q, u32 *len);

/* The same, when it must be. */
u32 vq_wait(struct vq *q);

/* Has anything been typed on the console? Needs typing_begin() once. */
void typing_begin(void);
bool typing_seen(void);
