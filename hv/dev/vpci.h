/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtual PCI bus, reached by configuration mechanism 1.
 */
#pragma once

#include "hv/dev/virtio_pci.h"

#define VPCI_SLOTS 32

struct vpci {
	u32 latch;  /* port 0xCF8 */
	u32 window; /* guest-physical, where registers are at first */
	u32 count;  /* slots in use */
	struct virtio_pci slot[VPCI_SLOTS]; /* the first one is not used */
};

enum io_rc {
	IO_DONE,
	IO_UNHANDLED, /* nobody owns that port */
};

/* One access to I/O port @port of @width 1, 2 or 4 bytes. */
struct io_req {
	u16 port;
	u8 width;
	bool is_write;
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
 * Serve a port access. *@value is what is written, or receives what is read:
 * all ones where no device answers.
 */
enum io_rc vpci_io(struct vpci *p, const struct io_req *req, u32 *value);

/*
 * An access of @width 1, 2 or 4 bytes to guest-physical @a, which is not RAM.
 * Returns whether a device has registers there. Then *@value is what is
 * written, or receives what is read.
 */
bool vpci_mmio(struct vpci *p, gpa_t a, u32 width, bool is_write, u32 *value);
