/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bus of kernels up to 3.19, from a driver's side: the page of device
 * descriptors behind RAM, rings where the page says, NOTIFY. It polls.
 *
 * What is physical is virtual to it.
 */
#pragma once

#include "test/lib/virtio.h"

#define HC_NOTIFY 17

/* The shared memory of such kernels, where it differs. */
#define LG_OLD_NOIRQ_START    0x560
#define LG_OLD_NOIRQ_END      0x564
#define LG_OLD_KERNEL_ADDRESS 0x568
#define LG_OLD_SYSCALL_VEC    0x56c

#define OLD_NUM 256

/* Device types. */
#define OLD_BLOCK   2
#define OLD_CONSOLE 3
#define OLD_RNG	    4

struct old_queue {
	volatile struct vq_desc *desc;
	volatile u16 *avail; /* flags, idx, ring */
	volatile u16 *used;
	u32 pa; /* what a notification of it names */
	u32 line;
	u16 seen;
};

struct old_device {
	u32 pa; /* of the descriptor */
	volatile u8 *bytes;
	u32 queues, feature_len, config_len;
	volatile u8 *features, *accepted, *config;
	struct old_queue queue[2];
};

/* Introduce ourselves as such a kernel would. */
void oldbus_init(void);

/* The first device of @type; fails the test if there is none. */
void oldbus_find(u32 type, struct old_device *d);

void oldbus_notify(u32 pa);

/* A short text by NOTIFY. */
void oldbus_print(const char *text);

/* Set the status, and tell. */
void oldbus_set_status(struct old_device *d, u32 status);

/* From reset to service, with @features accepted; then DRIVER_OK, silently. */
void oldbus_start(struct old_device *d, u32 features);

void oldq_fill(struct old_queue *q, u32 i, const void *at, u32 len, u32 flags,
	       u32 next);
void oldq_offer(struct old_queue *q, u32 head);
bool oldq_done(struct old_queue *q, u32 *len);
