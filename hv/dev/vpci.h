/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtual PCI bus, reached by configuration mechanism 1.
 */
#pragma once

#include "hv/dev/io.h"
#include "hv/dev/virtio_pci.h"

#define VPCI_SLOTS	32
#define VPCI_SLOT_FIRST (PCI_SLOT_BRIDGE + 1) /* of the devices */

struct vpci {
	u32 latch;  /* port 0xCF8 */
	u32 window; /* guest-physical, where registers are at first */
	u32 count;  /* slots in use */
	struct virtio_pci slot[VPCI_SLOTS]; /* the first one is not used */
};

/*
 * An empty bus with its host bridge, in the state after power-up. Devices
 * will have their registers in the VPCI_SLOTS pages from @window on.
 */
void vpci_reset(struct vpci *p, gpa_t window);

/*
 * Put @dev, which has been reset, into the next slot: its number, which is
 * also the device's interrupt line. There are VPCI_SLOTS - 1 for devices.
 */
u32 vpci_add(struct vpci *p, struct virtio_dev *dev);

/*
 * Serve an access to I/O port @port. The bus owns the two ports of
 * configuration mechanism 1, which read as all ones where it has no device.
 */
enum io_result vpci_io(struct vpci *p, u16 port, struct io_access *a);

/*
 * Serve an access to guest-physical @at, which is not RAM. The bus owns the
 * pages to which its devices' registers are mapped.
 */
enum io_result vpci_mmio(struct vpci *p, gpa_t at, struct io_access *a);
