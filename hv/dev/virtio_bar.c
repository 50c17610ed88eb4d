/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * BAR 0 of a virtio PCI device: common configuration, notification, ISR,
 * the device's own configuration.
 *
 * I1  The status bits are set in their order, never cleared but by a reset:
 *
 *	ACKNOWLEDGE, DRIVER, FEATURES_OK, DRIVER_OK
 *
 *     Anything else is FAILED, and the device rests until it is reset.
 * I2  A queue's addresses change only while it is disabled, and it is
 *     enabled only with rings in RAM (hv/dev/virtq.c).
 *
 * Distrusts the driver: what it may not do is ignored or FAILED, and never
 * ends the guest.
 *
 * Rules: VIRTIO 1.0 2.1 "Device Status Field", 3.1 "Device Initialization",
 * 4.1.4.3 "Common configuration structure layout"; lguest ABI 8.3, 8.5.
 * Next: hv/dev/vpci.c.
 */
#include "hv/dev/virtio_pci.h"

#define COMMON_DEVICE_FEATURE_SELECT 0
#define COMMON_DEVICE_FEATURE	     4
#define COMMON_DRIVER_FEATURE_SELECT 8
#define COMMON_DRIVER_FEATURE	     12
#define COMMON_MSIX_CONFIG	     16
#define COMMON_NUM_QUEUES	     18
#define COMMON_STATUS		     20
#define COMMON_GENERATION	     21
#define COMMON_QUEUE_SELECT	     22
#define COMMON_QUEUE_SIZE	     24
#define COMMON_QUEUE_MSIX_VECTOR     26
#define COMMON_QUEUE_ENABLE	     28
#define COMMON_QUEUE_NOTIFY_OFF	     30
#define COMMON_QUEUE_DESC	     32 /* each address: low, high dword */
#define COMMON_QUEUE_AVAIL	     40
#define COMMON_QUEUE_USED	     48

#define NO_VECTOR 0xffffu /* there is no MSI-X */

#define STATUS_ACKNOWLEDGE 0x01u
#define STATUS_DRIVER	   0x02u
#define STATUS_DRIVER_OK   0x04u
#define STATUS_FEATURES_OK 0x08u
#define STATUS_NEEDS_RESET 0x40u
#define STATUS_FAILED	   0x80u

/* Of feature bits 32 to 63. */
#define FEATURE_HI_VERSION_1 1u

/* Widths of the registers, at their offsets. */
static const u8 widths[VIRTIO_BAR_DEVICE] = {
	[COMMON_DEVICE_FEATURE_SELECT] = 4,
	[COMMON_DEVICE_FEATURE] = 4,
	[COMMON_DRIVER_FEATURE_SELECT] = 4,
	[COMMON_DRIVER_FEATURE] = 4,
	[COMMON_MSIX_CONFIG] = 2,
	[COMMON_NUM_QUEUES] = 2,
	[COMMON_STATUS] = 1,
	[COMMON_GENERATION] = 1,
	[COMMON_QUEUE_SELECT] = 2,
	[COMMON_QUEUE_SIZE] = 2,
	[COMMON_QUEUE_MSIX_VECTOR] = 2,
	[COMMON_QUEUE_ENABLE] = 2,
	[COMMON_QUEUE_NOTIFY_OFF] = 2,
	[COMMON_QUEUE_DESC] = 4,
	[COMMON_QUEUE_DESC + 4] = 4,
	[COMMON_QUEUE_AVAIL] = 4,
	[COMMON_QUEUE_AVAIL + 4] = 4,
	[COMMON_QUEUE_USED] = 4,
	[COMMON_QUEUE_USED + 4] = 4,
	[VIRTIO_BAR_NOTIFY] = 2,
	[VIRTIO_BAR_ISR] = 1,
};

/* --- features --- */

static u32 offered(const struct virtio_pci *d, u32 select)
{
	switch (select) {
	case 0:
		return d->dev->model->features | d->dev->own_features;
	case 1:
		return FEATURE_HI_VERSION_1;
	default:
		return 0;
	}
}

static bool are_features_fine(const struct virtio_pci *d)
{
	return !(d->accepted[0] & ~offered(d, 0)) &&
	       d->accepted[1] == FEATURE_HI_VERSION_1;
}

static void write_features(struct virtio_pci *d, u32 value)
{
	if (d->driver_feature_select < ARRAY_SIZE(d->accepted) &&
	    (d->status & (STATUS_DRIVER | STATUS_FEATURES_OK)) ==
		    STATUS_DRIVER) {
		d->accepted[d->driver_feature_select] = value;
	}
}

/* --- status --- */

static void reset(struct virtio_pci *d)
{
	virtio_reset(d->dev);
	d->status = 0;
	d->accepted[0] = d->accepted[1] = 0;
	d->feature_select = d->driver_feature_select = d->queue_select = 0;
}

static void fail(struct virtio_pci *d)
{
	d->status |= STATUS_FAILED;
	d->dev->is_live = false;
}

static bool is_in_order(u32 status)
{
	switch (status) {
	case STATUS_ACKNOWLEDGE:
	case STATUS_ACKNOWLEDGE | STATUS_DRIVER:
	case STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK:
	case STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK |
		STATUS_DRIVER_OK:
		return true;
	default:
		return false;
	}
}

static void go_live(struct virtio_pci *d)
{
	d->dev->is_live = true;
	/* What was made available before is not announced again. */
	for (u32 i = 0; i < d->dev->model->queues; i++) {
		virtio_kick(d->dev, i);
	}
}

static void write_status(struct virtio_pci *d, u32 value)
{
	u32 added = value & ~d->status;

	/*
	 * The device's own bit comes back when a driver adds to what it read.
	 */
	value &= ~STATUS_NEEDS_RESET;
	if (value == 0) {
		reset(d);
		return;
	}
	if (d->status & ~value || !is_in_order(value) ||
	    (added & STATUS_DRIVER_OK && !(d->status & STATUS_FEATURES_OK))) {
		fail(d);
		return;
	}
	if (added & STATUS_FEATURES_OK) {
		if (!are_features_fine(d)) {
			/* Refused by not setting the bit: VIRTIO 1.0 3.1.1. */
			value &= ~STATUS_FEATURES_OK;
		}
		d->dev->features = d->accepted[0];
	}
	d->status = value;
	if (added & STATUS_DRIVER_OK) {
		go_live(d);
	}
}

/* --- queues --- */

static struct virtq *selected(struct virtio_pci *d)
{
	return d->queue_select < d->dev->model->queues
		       ? &d->dev->vq[d->queue_select]
		       : NULL;
}

static void set_half(gpa_t *a, bool is_high, u32 value)
{
	u64 raw = gpa_raw(*a);

	*a = mk_gpa(is_high ? (u64)value << 32 | LO32(raw)
			    : (u64)HI32(raw) << 32 | value);
}

static u32 half_of(gpa_t a, bool is_high)
{
	return is_high ? HI32(gpa_raw(a)) : LO32(gpa_raw(a));
}

static gpa_t *address_at(struct virtq *q, u32 offset)
{
	switch (offset & ~4u) {
	case COMMON_QUEUE_DESC:
		return &q->desc;
	case COMMON_QUEUE_AVAIL:
		return &q->avail;
	default:
		return &q->used;
	}
}

static u32 read_queue(struct virtio_pci *d, u32 offset)
{
	struct virtq *q = selected(d);

	if (!q) {
		return 0;
	}
	switch (offset) {
	case COMMON_QUEUE_SIZE:
		return q->num;
	case COMMON_QUEUE_MSIX_VECTOR:
		return NO_VECTOR;
	case COMMON_QUEUE_ENABLE:
		return q->is_enabled;
	case COMMON_QUEUE_NOTIFY_OFF:
		return 0;
	default:
		return half_of(*address_at(q, offset), offset & 4);
	}
}

static void write_queue(struct virtio_pci *d, u32 offset, u32 value)
{
	const u32 phase = STATUS_FEATURES_OK | STATUS_DRIVER_OK | STATUS_FAILED;
	struct virtq *q = selected(d);

	if (!q || q->is_enabled || (d->status & phase) != STATUS_FEATURES_OK) {
		return;
	}
	switch (offset) {
	case COMMON_QUEUE_SIZE:
		if (value && value <= VIRTQ_NUM_MAX && !(value & (value - 1))) {
			q->num = (u16)value;
		}
		break;
	case COMMON_QUEUE_ENABLE:
		if (value != 1 || virtq_enable(q)) {
			fail(d);
		}
		break;
	case COMMON_QUEUE_MSIX_VECTOR:
	case COMMON_QUEUE_NOTIFY_OFF:
		break;
	default:
		set_half(address_at(q, offset), offset & 4, value);
		break;
	}
}

/* --- registers --- */

static u32 read_status(const struct virtio_pci *d)
{
	return d->status | (d->dev->needs_reset ? STATUS_NEEDS_RESET : 0);
}

static u32 take_isr(struct virtio_dev *dev)
{
	u32 isr = dev->isr;

	dev->isr = 0;
	return isr;
}

static u32 read_register(struct virtio_pci *d, u32 offset)
{
	switch (offset) {
	case COMMON_DEVICE_FEATURE_SELECT:
		return d->feature_select;
	case COMMON_DEVICE_FEATURE:
		return offered(d, d->feature_select);
	case COMMON_DRIVER_FEATURE_SELECT:
		return d->driver_feature_select;
	case COMMON_DRIVER_FEATURE:
		return d->driver_feature_select < ARRAY_SIZE(d->accepted)
			       ? d->accepted[d->driver_feature_select]
			       : 0;
	case COMMON_MSIX_CONFIG:
		return NO_VECTOR;
	case COMMON_NUM_QUEUES:
		return d->dev->model->queues;
	case COMMON_STATUS:
		return read_status(d);
	case COMMON_QUEUE_SELECT:
		return d->queue_select;
	case VIRTIO_BAR_ISR:
		return take_isr(d->dev);
	case COMMON_GENERATION:
	case VIRTIO_BAR_NOTIFY:
		return 0;
	default:
		return read_queue(d, offset);
	}
}

static void write_register(struct virtio_pci *d, u32 offset, u32 value)
{
	switch (offset) {
	case COMMON_DEVICE_FEATURE_SELECT:
		d->feature_select = value;
		break;
	case COMMON_DRIVER_FEATURE_SELECT:
		d->driver_feature_select = value;
		break;
	case COMMON_DRIVER_FEATURE:
		write_features(d, value);
		break;
	case COMMON_STATUS:
		write_status(d, value);
		break;
	case COMMON_QUEUE_SELECT:
		d->queue_select = value;
		break;
	case VIRTIO_BAR_NOTIFY:
		virtio_kick(d->dev, value);
		break;
	case COMMON_DEVICE_FEATURE:
	case COMMON_MSIX_CONFIG:
	case COMMON_NUM_QUEUES:
	case COMMON_GENERATION:
	case VIRTIO_BAR_ISR:
		break;
	default:
		write_queue(d, offset, value);
		break;
	}
}

/* An offset into the model's configuration, or -1 if the access is illegal. */
static int model_offset(const struct virtio_pci *d, u32 offset, u32 width)
{
	u32 size = d->dev->model->config_size;

	if ((width != 1 && width != 2 && width != 4) || offset % width != 0 ||
	    offset < VIRTIO_BAR_DEVICE) {
		return -1;
	}
	offset -= VIRTIO_BAR_DEVICE;
	return offset <= size && width <= size - offset ? (int)offset : -1;
}

static bool is_register(u32 offset, u32 width)
{
	return offset < VIRTIO_BAR_DEVICE && width && widths[offset] == width;
}

u32 virtio_bar_read(struct virtio_pci *d, u32 offset, u32 width)
{
	int at = model_offset(d, offset, width);

	if (is_register(offset, width)) {
		return read_register(d, offset);
	}
	return at < 0 ? 0 : d->dev->model->read_config(d->dev, (u32)at, width);
}

void virtio_bar_write(struct virtio_pci *d, u32 offset, u32 width, u32 value)
{
	int at = model_offset(d, offset, width);

	value &= width == 4 ? ~0u : (1u << 8 * (width & 3)) - 1;
	if (is_register(offset, width)) {
		write_register(d, offset, value);
	} else if (at >= 0) {
		d->dev->model->write_config(d->dev, (u32)at, width, value);
	}
}
