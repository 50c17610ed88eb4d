/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The devices of a guest, whatever they are, on the bus that the guest knows.
 */
#pragma once

#include "hv/dev/lgbus.h"
#include "hv/dev/vpci.h"

struct devices {
	struct virtio_guest guest;
	bool is_old_bus; /* lgbus is in use, else pci is */
	struct vpci pci;
	struct lgbus old_bus;
};

/* Of guest-physical memory: device registers begin so far behind RAM. */
#define DEVICES_MMIO_OFFSET 0x100000u

/* No devices, on a PCI bus behind the RAM of @p2m. */
void devices_reset(struct devices *d, struct p2m *p2m, struct virq *virq);

/*
 * Add @dev, in the state after power-up. Its slot and interrupt line follow
 * those of the device before; there is room for VPCI_SLOTS - 1.
 */
void devices_add(struct devices *d, struct virtio_dev *dev,
		 const struct virtio_model *model);

/*
 * This guest knows only the old bus: its page is guest frame @page, followed
 * by the rings, all zeroed memory, lgbus_frames() of it.
 */
void devices_use_old_bus(struct devices *d, gfn_t page);

/* Accesses to ports and registers: as vpci_io() and vpci_mmio(). */
enum io_result devices_io(struct devices *d, u16 port, struct io_access *a);
enum io_result devices_mmio(struct devices *d, gpa_t at, struct io_access *a);

/* The old bus's notification of @a: as lgbus_notify(). */
enum io_result devices_notify(struct devices *d, gpa_t a);

/* The guest frame behind those where device registers are at first. */
u32 devices_mmio_end(const struct devices *d);

/* Is there a device that has done its share, and has more to do? */
static inline bool devices_have_more(const struct devices *d)
{
	return d->guest.has_more;
}

/* Let each of those do its share once more; returns devices_have_more(). */
bool devices_run(struct devices *d);
