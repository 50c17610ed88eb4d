/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All devices of a guest.
 */
#pragma once

#include "hv/dev/lgbus.h"
#include "hv/dev/vblk.h"
#include "hv/dev/vcon.h"
#include "hv/dev/vpci.h"
#include "hv/dev/vrng.h"

/* Interrupt lines of the old bus, less three of console and entropy. */
#define DEVICES_DISKS_MAX 28

/* What a guest's devices are connected to. */
struct devices_config {
	struct p2m *p2m;
	struct virq *virq;
	struct vcon_sink console;
	struct vrng_source entropy;
	u32 disk_count;
	struct vblk_store disk[DEVICES_DISKS_MAX];
};

struct devices {
	struct devices_config config;
	struct virtio_guest guest;
	bool is_old_bus; /* lgbus is in use, else pci is */
	struct vpci pci;
	struct lgbus old_bus;
	struct vcon console;
	struct vrng rng;
	struct vblk disk[DEVICES_DISKS_MAX];
};

/* Of guest-physical memory: device registers begin so far behind RAM. */
#define DEVICES_MMIO_OFFSET 0x100000u

/* Guest frames behind RAM that the old bus needs, for so many disks. */
u32 devices_old_bus_frames(u32 disks);

/* All devices in the state after power-up. @d->config is set. */
void devices_reset(struct devices *d);

/*
 * This guest knows only the old bus: its page is guest frame @page, followed
 * by the rings, all zeroed memory.
 */
void devices_use_old_bus(struct devices *d, gfn_t page);

/* Accesses to ports and registers: as vpci_io() and vpci_mmio(). */
enum io_result devices_io(struct devices *d, u16 port, struct io_access *a);
enum io_result devices_mmio(struct devices *d, gpa_t at, struct io_access *a);

/* The old bus's notification of @a; text there is printed. */
void devices_notify(struct devices *d, gpa_t a);

/* The guest frame behind those where device registers are at first. */
u32 devices_mmio_end(const struct devices *d);

/* The machine has interrupted: serve what was typed. */
void devices_poll(struct devices *d);

/* Is there a device that has done its share, and has more to do? */
static inline bool devices_have_more(const struct devices *d)
{
	return d->guest.has_more;
}

/* Let each of those do its share once more; returns devices_have_more(). */
bool devices_run(struct devices *d);

/* Writes that disks refused, being read-only. */
u32 devices_refused_writes(const struct devices *d);
