/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which devices a guest has, and what each of them is connected to.
 */
#pragma once

#include "hv/dev/devices.h"
#include "hv/dev/vblk.h"
#include "hv/dev/vcon.h"
#include "hv/dev/vrng.h"
#include "hv/load/modules.h"

struct guest;

struct board {
	struct devices devices;
	struct vcon console;
	struct vrng entropy;
	u32 disk_count;
	struct vblk disk[MODULE_DISKS_MAX];
};

/* Guest frames behind RAM that the old bus needs, for so many disks. */
u32 board_old_bus_frames(u32 disks);

/* All devices of @g in the state after power-up, disks of its modules too. */
void board_reset(struct board *b, struct guest *g);

/* The guest notifies of guest-physical @a: a device there, or a text. */
void board_notify(struct board *b, gpa_t a);

/* The machine has interrupted: serve what was typed. */
void board_poll(struct board *b);

/* Writes that disks refused, being read-only. */
u32 board_refused_writes(const struct board *b);
