/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For tests of devices: a guest's devices on top of its memory, what they
 * print and whom they interrupt.
 */
#pragma once

#include "hv/dev/devices.h"
#include "hv/dev/vblk.h"
#include "hv/dev/vcon.h"
#include "hv/dev/vrng.h"
#include "test/host/driver.h"

#define BUS_FRAMES 64u
#define BUS_RAM	   (BUS_FRAMES * PAGE_SIZE)
#define BUS_DISK   (9 * 512u + 100)

#define BUS_TYPED 256u

struct bus {
	struct devices devices;
	struct vcon console;
	struct vrng entropy;
	struct vblk disk;
	struct vblk_store store; /* of the disk; bus_reset() connects it */
	struct virq virq;
	struct vcon_size size;
	u8 typed[BUS_TYPED]; /* a ring */
	u32 typed_in, typed_out;
	bool types_while_printing; /* a 'k' */
	char printed[4096];
	u32 printed_len;
	u32 writes; /* how many times something was printed */
	u8 *bytes; /* of the store */
};

extern struct bus bus;

/* Somebody types, and the machine interrupts. */
void bus_type(const char *text);

/* All devices in the state after power-up. */
void bus_reset(void);

/* A notification of the old bus's, or a text, at @gpa. */
void bus_notify(u64 gpa);

/* A guest with console, entropy and one disk. For cmocka. */
int bus_setup(void **state);
int bus_teardown(void **state);

/* --- as a PCI driver --- */

/* Registers of the device in @slot. */
u32 reg_read(u32 slot, u32 offset, u32 width);
void reg_write(u32 slot, u32 offset, u32 width, u32 value);

/* A port that a device owns. */
u32 port_read(u16 port, u32 width);
void port_write(u16 port, u32 width, u32 value);

/* Configuration space, through the ports. */
u32 config_read(u32 slot, u32 reg, u32 width);
void config_write(u32 slot, u32 reg, u32 width, u32 value);

u32 status_of(u32 slot);
void set_status(u32 slot, u32 status);

/* From reset to FEATURES_OK, accepting all that is offered. */
void bring_up(u32 slot);
void set_queue(u32 slot, u32 queue, const struct ring *r);
void notify(u32 slot, u32 queue);

enum {
	R_DEVICE_SELECT = 0,
	R_DEVICE_FEATURE = 4,
	R_DRIVER_SELECT = 8,
	R_DRIVER_FEATURE = 12,
	R_MSIX_CONFIG = 16,
	R_NUM_QUEUES = 18,
	R_STATUS = 20,
	R_GENERATION = 21,
	R_QUEUE_SELECT = 22,
	R_QUEUE_SIZE = 24,
	R_QUEUE_MSIX = 26,
	R_QUEUE_ENABLE = 28,
	R_QUEUE_NOTIFY_OFF = 30,
	R_DESC = 32,
	R_AVAIL = 40,
	R_USED = 48,
	R_NOTIFY = 56,
	R_ISR = 58,
	R_CONFIG = 60,
};

enum {
	SLOT_CONSOLE = 1,
	SLOT_RNG = 2,
	SLOT_DISK = 3,
};

enum {
	S_ACK = 1,
	S_DRIVER = 2,
	S_DRIVER_OK = 4,
	S_FEATURES_OK = 8,
	S_NEEDS_RESET = 0x40,
	S_FAILED = 0x80,
	S_SET_UP = S_ACK | S_DRIVER | S_FEATURES_OK,
	S_LIVE = S_SET_UP | S_DRIVER_OK,
};
