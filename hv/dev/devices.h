/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All devices of a guest.
 */
#pragma once

#include "hv/dev/vcon.h"
#include "hv/dev/vpci.h"

struct devices {
	struct vpci pci;
	struct vcon console;
};

/* Of guest-physical memory: device registers begin so far behind RAM. */
#define DEVICES_MMIO_OFFSET 0x100000u

/*
 * All devices in the state after power-up, for a guest with memory @p2m that
 * is interrupted through @virq.
 */
void devices_reset(struct devices *d, struct p2m *p2m, struct virq *virq);

/* The guest frame behind those where device registers are at first. */
u32 devices_mmio_end(const struct p2m *p2m);

/*
 * Serve work that no driver announces: what was typed. Called before the
 * guest runs on or sleeps, when there was an interrupt of the machine's.
 */
void devices_poll(struct devices *d);
