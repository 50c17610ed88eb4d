/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PCI bus: the address latch, a dummy host bridge, and virtio devices.
 *
 * The bridge exists because Linux looks for one before it believes in the
 * bus; it has no vendor, so it is not enumerated.
 *
 * Rules: PCI Local Bus 3.0 3.2.2.3.2 "Software Generation of Configuration
 * Transactions"; lguest ABI 8.1, 8.2. Next: hv/vmm/emul.c calls.
 */
#include "hv/dev/vpci.h"

#include <string.h>

#define BRIDGE_CLASS_DWORD 0x08 /* register of class and revision */
#define BRIDGE_CLASS	   0x06000000u

void vpci_reset(struct vpci *p, gpa_t window)
{
	*p = (struct vpci){ .window = LO32(gpa_raw(window)),
			    .count = VPCI_SLOT_FIRST };
}

u32 vpci_add(struct vpci *p, struct virtio_dev *dev)
{
	u32 slot = p->count++;
	u32 bar = p->window + (slot - VPCI_SLOT_FIRST) * VIRTIO_BAR_SIZE;

	virtio_pci_reset(&p->slot[slot], dev, slot, bar);
	return slot;
}

/* The device in @slot; NULL: nobody. */
static struct virtio_pci *device_in(struct vpci *p, u32 slot)
{
	return slot >= VPCI_SLOT_FIRST && slot < p->count ? &p->slot[slot]
							 : NULL;
}

/* The slot the latch names, or -1: disabled, other bus, other function. */
static int latched_slot(const struct vpci *p)
{
	u32 other = p->latch >> PCI_LATCH_FUNCTION_SHIFT & 0x7;
	u32 bus = p->latch >> PCI_LATCH_BUS_SHIFT & 0xff;

	if (!(p->latch & PCI_LATCH_ENABLE) || bus != 0 || other != 0) {
		return -1;
	}
	return (int)(p->latch >> PCI_LATCH_DEVICE_SHIFT & 0x1f);
}

static u32 bridge_read(u32 reg, u32 width)
{
	u32 dword = (reg & ~3u) == BRIDGE_CLASS_DWORD ? BRIDGE_CLASS : 0;

	return dword >> (reg & 3) * 8 & io_ones(width);
}

static u32 data_read(struct vpci *p, u32 byte, u32 width)
{
	u32 reg = (p->latch & 0xfc) + byte;
	int slot = latched_slot(p);
	struct virtio_pci *d;

	if (slot < 0 || reg + width > PCI_CONFIG_SIZE) {
		return io_ones(width);
	}
	if (slot == PCI_SLOT_BRIDGE) {
		return bridge_read(reg, width);
	}
	d = device_in(p, (u32)slot);
	return d ? virtio_pci_read(d, reg, width) : io_ones(width);
}

static void data_write(struct vpci *p, u32 byte, u32 width, u32 value)
{
	u32 reg = (p->latch & 0xfc) + byte;
	int slot = latched_slot(p);
	struct virtio_pci *d = slot < 0 ? NULL : device_in(p, (u32)slot);

	if (d && reg + width <= PCI_CONFIG_SIZE) {
		virtio_pci_write(d, reg, width, value);
	}
}

enum io_result vpci_io(struct vpci *p, u16 port, struct io_access *a)
{
	u32 byte = port & 3;
	bool is_data = (port & ~3u) == PCI_CONFIG_DATA;

	if ((!is_data && (port & ~3u) != PCI_CONFIG_ADDRESS) ||
	    byte + a->width > 4) {
		return IO_UNHANDLED;
	}
	if (is_data && a->is_write) {
		data_write(p, byte, a->width, a->value);
	} else if (is_data) {
		a->value = data_read(p, byte, a->width);
	} else if (a->is_write) {
		memcpy((u8 *)&p->latch + byte, &a->value, a->width);
	} else {
		a->value = p->latch >> byte * 8 & io_ones(a->width);
	}
	return IO_DONE;
}

enum io_result vpci_mmio(struct vpci *p, gpa_t at, struct io_access *a)
{
	u32 page = ROUND_DOWN(LO32(gpa_raw(at)), VIRTIO_BAR_SIZE);
	u32 offset = gpa_offset(at);

	for (u32 slot = VPCI_SLOT_FIRST; slot < p->count; slot++) {
		struct virtio_pci *d = &p->slot[slot];

		if (HI32(gpa_raw(at)) || virtio_pci_bar(d) != page) {
			continue;
		}
		if (a->is_write) {
			virtio_bar_write(d, offset, a->width, a->value);
		} else {
			a->value = virtio_bar_read(d, offset, a->width) &
				   io_ones(a->width);
		}
		return IO_DONE;
	}
	return IO_UNHANDLED;
}
