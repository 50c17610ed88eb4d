/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtio 1.0 PCI transport: one device's configuration space and BAR 0.
 */
#pragma once

#include "hv/abi/pci.h"
#include "hv/lib/types.h"

struct virtio_pci;

/* What a device model is to its transport. */
struct virtio_model {
	u16 id;	       /* virtio device type */
	u16 pci_class; /* class << 8 | subclass */
	u32 config_size;
	/* @offset + @width <= config_size; width 1, 2 or 4, aligned. */
	u32 (*read_config)(struct virtio_pci *d, u32 offset, u32 width);
	void (*write_config)(struct virtio_pci *d, u32 offset, u32 width,
			     u32 value);
};

struct virtio_pci {
	const struct virtio_model *model;
	u8 config[PCI_CONFIG_SIZE];
};

/* To the state after power-up, as the function in @slot. */
void virtio_pci_reset(struct virtio_pci *d, const struct virtio_model *model,
		      u32 slot);

/*
 * Configuration space access of @width 1, 2 or 4 bytes at @reg, inside one
 * dword. What does not exist reads as zero and ignores writes.
 */
u32 virtio_pci_read(struct virtio_pci *d, u32 reg, u32 width);
void virtio_pci_write(struct virtio_pci *d, u32 reg, u32 width, u32 value);
