/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtual PCI bus, reached by configuration mechanism 1.
 */
#pragma once

#include "hv/dev/virtio_pci.h"

#define VPCI_SLOTS 32

struct vpci {
	u32 latch;			     /* port 0xCF8 */
	struct virtio_pci *slot[VPCI_SLOTS]; /* NULL: nobody there */
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

/* An empty bus with its host bridge, in the state after power-up. */
void vpci_reset(struct vpci *p);

/* Put @d into @slot (1 to VPCI_SLOTS - 1). */
void vpci_add(struct vpci *p, u32 slot, struct virtio_pci *d);

/*
 * Serve a port access. *@value is what is written, or receives what is read:
 * all ones where no device answers.
 */
enum io_rc vpci_io(struct vpci *p, const struct io_req *req, u32 *value);
