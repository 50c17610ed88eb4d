/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A virtio device, between its model (what it does) and its transport (how a
 * driver finds and configures it).
 *
 *	vcon vblk vrng	  models, which see queues and requests
 *	     |
 *	struct virtio_dev
 *	     |
 *	virtio_pci lgbus  transports, of which a guest uses one
 */
#pragma once

#include "hv/dev/virq.h"
#include "hv/dev/virtq.h"

#define VIRTIO_QUEUES_MAX 2

/*
 * What running a queue came to; the first alone, or any of the others. Done:
 * requests were finished, of which the driver is told. More: what may be done
 * at once is done, and requests are left.
 */
#define VIRTIO_IDLE 0u
#define VIRTIO_DONE 1u
#define VIRTIO_MORE 2u

struct virtio_dev;

struct virtio_model {
	u8 id; /* virtio's number of this type of device */
	u8 queues;
	u16 pci_class;	     /* class << 8 | subclass */
	u32 features;	     /* of the device's own, bits 0 to 31 */
	u32 legacy_features; /* the same for kernels up to 3.19 */
	u32 config_size;
	u32 legacy_config_size; /* a multiple of 4 */

	/*
	 * Serve queue @queue: the driver made requests available, or there is
	 * news for those that wait, or it is time for what was left. Does a
	 * bounded amount of work. Returns VIRTIO_IDLE, _DONE, _MORE.
	 */
	u32 (*run)(struct virtio_dev *d, u32 queue);
	/* Forget what the driver knew; may be NULL. */
	void (*reset)(struct virtio_dev *d);
	/*
	 * The configuration. @offset + @width <= config_size; width 1, 2 or
	 * 4, aligned. NULL where config_size is 0.
	 */
	u32 (*read_config)(struct virtio_dev *d, u32 offset, u32 width);
	void (*write_config)(struct virtio_dev *d, u32 offset, u32 width,
			     u32 value);
};

/* What a device interrupts for. */
#define VIRTIO_ISR_QUEUE  1u
#define VIRTIO_ISR_CONFIG 2u

/* What all devices of a guest share. */
struct virtio_guest {
	struct p2m *p2m;
	struct virq *virq;
	bool has_more; /* some device has: virtio_go_on() */
};

struct virtio_dev {
	const struct virtio_model *model;
	struct virtio_guest *guest;
	u32 line[VIRTIO_QUEUES_MAX]; /* of the queues */
	u32 own_features; /* offered beside the model's; before the set-up */
	struct virtq vq[VIRTIO_QUEUES_MAX];
	u32 features;	  /* accepted ones of the device's own */
	bool is_live;	  /* the driver is ready: queues are served */
	bool needs_reset; /* after a queue broke */
	u32 isr;
	u32 more; /* bit n: queue n is to be run again */
};

/* Connect a device, which interrupts on line @line, and reset it. */
void virtio_init(struct virtio_dev *d, const struct virtio_model *model,
		 struct virtio_guest *guest, u32 line);

/* As the driver asks for: queues disabled, nothing accepted. */
void virtio_reset(struct virtio_dev *d);

/* There may be work for queue @queue, if it exists. */
void virtio_kick(struct virtio_dev *d, u32 queue);

/* Run the queues that had more to do when they were run last. */
void virtio_go_on(struct virtio_dev *d);
