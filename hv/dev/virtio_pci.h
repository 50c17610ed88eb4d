/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtio 1.0 PCI transport: one device's configuration space and the
 * registers of its BAR 0.
 */
#pragma once

#include "hv/abi/pci.h"
#include "hv/dev/virtio.h"

/* Each device's registers have a page of their own, so that a BAR can move. */
#define VIRTIO_BAR_SIZE PAGE_SIZE

struct virtio_pci {
	struct virtio_dev *dev;
	u8 config[PCI_CONFIG_SIZE];

	/* Common configuration. */
	u32 feature_select, driver_feature_select;
	u32 accepted[2]; /* feature bits 0 to 31, 32 to 63 */
	u32 queue_select;
	u32 status;
};

/*
 * To the state after power-up, as the function in @slot with its registers
 * at guest-physical @bar. The device itself has been reset.
 */
void virtio_pci_reset(struct virtio_pci *d, struct virtio_dev *dev, u32 slot,
		      u32 bar);

/*
 * Configuration space access of @width 1, 2 or 4 bytes at @reg, inside one
 * dword. What does not exist reads as zero and ignores writes.
 */
u32 virtio_pci_read(struct virtio_pci *d, u32 reg, u32 width);
void virtio_pci_write(struct virtio_pci *d, u32 reg, u32 width, u32 value);

/* Where BAR 0 is now. */
u32 virtio_pci_bar(const struct virtio_pci *d);

/*
 * Register access of @width bytes at @offset into BAR 0. One that does not
 * have its register's own width and place reads as zero or is ignored.
 */
u32 virtio_bar_read(struct virtio_pci *d, u32 offset, u32 width);
void virtio_bar_write(struct virtio_pci *d, u32 offset, u32 width, u32 value);
