/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All devices of a guest.
 */
#pragma once

#include "hv/dev/vblk.h"
#include "hv/dev/vcon.h"
#include "hv/dev/vpci.h"
#include "hv/dev/vrng.h"

#define DEVICES_DISKS_MAX 16

/* What a guest's devices are connected to. */
struct devices_config {
	struct p2m *p2m;
	struct virq *virq;
	struct vrng_source entropy;
	u32 disk_count;
	struct vblk_disk disk[DEVICES_DISKS_MAX];
};

struct devices {
	struct devices_config config;
	struct vpci pci;
	struct vcon console;
	struct vrng rng;
	struct vblk disk[DEVICES_DISKS_MAX];
};

/* Of guest-physical memory: device registers begin so far behind RAM. */
#define DEVICES_MMIO_OFFSET 0x100000u

/* All devices in the state after power-up. @d->config is set. */
void devices_reset(struct devices *d);

/* The guest frame behind those where device registers are at first. */
u32 devices_mmio_end(const struct devices *d);

/*
 * Serve work that no driver announces: what was typed. Called before the
 * guest runs on or sleeps, when there was an interrupt of the machine's.
 */
void devices_poll(struct devices *d);
