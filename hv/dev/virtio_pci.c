/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration space of a virtio device, with its capabilities, and the
 * window through which the device's registers are reached before a driver
 * maps them.
 *
 * The guest chooses every offset, length and value: they are checked against
 * the space's size here and the registers' in hv/dev/virtio_bar.c, and what
 * fails the check is ignored. BAR 0 goes wherever the guest writes; memory
 * decoding is always on, and RAM is served before any device is asked.
 *
 * Rules: VIRTIO 1.0 4.1.4 "Virtio Structure PCI Capabilities"; PCI Local Bus
 * 3.0 6.2.5.1 "Address Maps"; lguest ABI 8.2. Next: hv/dev/virtio_bar.c.
 */
#include "hv/dev/virtio_pci.h"

#include <string.h>

#define REG_VENDOR	 0x00
#define REG_DEVICE	 0x02
#define REG_STATUS	 0x06
#define REG_REVISION	 0x08
#define REG_SUBCLASS	 0x0a
#define REG_CACHE_LINE	 0x0c
#define REG_LATENCY	 0x0d
#define REG_BAR0	 0x10
#define REG_SUBSYSTEM	 0x2e
#define REG_CAPABILITIES 0x34
#define REG_IRQ_LINE	 0x3c

#define STATUS_CAPABILITIES 0x10
#define SUBSYSTEM_ID	    0x40
#define CAP_VENDOR	    0x09

enum cap_type {
	CAP_COMMON = 1,
	CAP_NOTIFY,
	CAP_ISR,
	CAP_DEVICE,
	CAP_WINDOW,
};

#define CAP_SIZE	16
#define CAP_SIZE_NOTIFY 20 /* a notification multiplier follows: 0 */
#define CAP_SIZE_WINDOW 20 /* the window's data follows */
#define COMMON_SIZE	56
#define NOTIFY_SIZE	2
#define ISR_SIZE	1

static void put16(struct virtio_pci *d, u32 reg, u32 v)
{
	d->config[reg] = (u8)v;
	d->config[reg + 1] = (u8)(v >> 8);
}

static void put32(struct virtio_pci *d, u32 reg, u32 v)
{
	put16(d, reg, v);
	put16(d, reg + 2, v >> 16);
}

static u32 get32(const struct virtio_pci *d, u32 reg)
{
	u32 v;

	memcpy(&v, &d->config[reg], sizeof(v));
	return v;
}

static void put_cap(struct virtio_pci *d, u32 at, u32 next, u32 size,
		    enum cap_type type, u32 bar_offset, u32 bar_len)
{
	d->config[at] = CAP_VENDOR;
	d->config[at + 1] = (u8)next;
	d->config[at + 2] = (u8)size;
	d->config[at + 3] = (u8)type;
	put32(d, at + 8, bar_offset);
	put32(d, at + 12, bar_len);
}

static void put_caps(struct virtio_pci *d, u32 config_size)
{
	put_cap(d, VIRTIO_CAP_COMMON, VIRTIO_CAP_NOTIFY, CAP_SIZE, CAP_COMMON,
		VIRTIO_BAR_COMMON, COMMON_SIZE);
	put_cap(d, VIRTIO_CAP_NOTIFY, VIRTIO_CAP_ISR, CAP_SIZE_NOTIFY,
		CAP_NOTIFY, VIRTIO_BAR_NOTIFY, NOTIFY_SIZE);
	put_cap(d, VIRTIO_CAP_ISR, VIRTIO_CAP_WINDOW, CAP_SIZE, CAP_ISR,
		VIRTIO_BAR_ISR, ISR_SIZE);
	put_cap(d, VIRTIO_CAP_WINDOW, config_size ? VIRTIO_CAP_DEVICE : 0,
		CAP_SIZE_WINDOW, CAP_WINDOW, 0, 0);
	if (config_size) {
		put_cap(d, VIRTIO_CAP_DEVICE, 0, CAP_SIZE, CAP_DEVICE,
			VIRTIO_BAR_DEVICE, config_size);
	}
}

void virtio_pci_reset(struct virtio_pci *d, struct virtio_dev *dev, u32 slot,
		      u32 bar)
{
	const struct virtio_model *model = dev->model;

	*d = (struct virtio_pci){ .dev = dev };
	put16(d, REG_VENDOR, PCI_VENDOR_VIRTIO);
	put16(d, REG_DEVICE, PCI_DEVICE_VIRTIO_BASE + model->id);
	put16(d, REG_STATUS, STATUS_CAPABILITIES);
	d->config[REG_REVISION] = 1;
	put16(d, REG_SUBCLASS, model->pci_class);
	put32(d, REG_BAR0, bar);
	put16(d, REG_SUBSYSTEM, SUBSYSTEM_ID);
	d->config[REG_CAPABILITIES] = VIRTIO_CAP_COMMON;
	/* The device in slot k has interrupt k: lguest ABI 5.1. */
	d->config[REG_IRQ_LINE] = (u8)slot;
	put_caps(d, model->config_size);
}

u32 virtio_pci_bar(const struct virtio_pci *d)
{
	return get32(d, REG_BAR0);
}

static bool is_window_data(u32 reg)
{
	return reg >= VIRTIO_WINDOW_DATA && reg < VIRTIO_WINDOW_DATA + 4;
}

/*
 * Through the window go its own four bytes, of which the port access moves
 * some: the window's length counts, not the access's width.
 */
static void window_read(struct virtio_pci *d)
{
	if (d->config[VIRTIO_WINDOW_BAR] == 0) {
		put32(d, VIRTIO_WINDOW_DATA,
		      virtio_bar_read(d, get32(d, VIRTIO_WINDOW_OFFSET),
				      get32(d, VIRTIO_WINDOW_LENGTH)));
	}
}

static void window_write(struct virtio_pci *d)
{
	if (d->config[VIRTIO_WINDOW_BAR] == 0) {
		virtio_bar_write(d, get32(d, VIRTIO_WINDOW_OFFSET),
				 get32(d, VIRTIO_WINDOW_LENGTH),
				 get32(d, VIRTIO_WINDOW_DATA));
	}
}

u32 virtio_pci_read(struct virtio_pci *d, u32 reg, u32 width)
{
	u32 value = 0;

	if (is_window_data(reg)) {
		window_read(d);
	}
	memcpy(&value, &d->config[reg], width);
	return value;
}

/* The bytes a driver may change without any further effect. */
static bool is_plain_register(u32 reg, u32 width)
{
	u32 end = reg + width;

	return (reg >= REG_CACHE_LINE && end <= REG_LATENCY + 1) ||
	       (reg == VIRTIO_WINDOW_BAR && width == 1) ||
	       (reg >= VIRTIO_WINDOW_OFFSET && end <= VIRTIO_WINDOW_DATA);
}

void virtio_pci_write(struct virtio_pci *d, u32 reg, u32 width, u32 value)
{
	if (is_window_data(reg)) {
		memcpy(&d->config[reg], &value, width);
		window_write(d);
	} else if (reg >= REG_BAR0 && reg < REG_BAR0 + 4) {
		memcpy(&d->config[reg], &value, width);
		/* The bits below the size are fixed: 32-bit memory. */
		put32(d, REG_BAR0,
		      ROUND_DOWN(get32(d, REG_BAR0), VIRTIO_BAR_SIZE));
	} else if (is_plain_register(reg, width)) {
		memcpy(&d->config[reg], &value, width);
	}
}
