/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Restarting the machine, switching it off, and leaving an emulator.
 */
#pragma once

#include "hv/lib/types.h"

/* Where to write @value: to a port, else to mapped memory, else nowhere. */
struct reset_register {
	u16 port;
	volatile u8 *memory;
	u8 value;
};

/* The registers that switch off. Ports are 0 where there is none. */
struct soft_off {
	u16 control_a, control_b; /* PM1a and PM1b control */
	u8 type_a, type_b;	  /* what means "off" to them */
	u16 smi_command;	  /* gets @acpi_enable, to leave legacy mode */
	u8 acpi_enable;
};

/* Say which registers the machine has; zeroes mean none, as before the call. */
void reset_init(const struct reset_register *r, const struct soft_off *s);

/*
 * Restart the machine: by its reset register, else by the keyboard controller,
 * else by a triple fault. Does not return.
 */
void reset_machine(void) __attribute__((noreturn));

/* Does the machine have a register for reset_power_off()? */
bool reset_can_power_off(void);

/* Switch the machine off. Where that has no effect, it stays halted. */
void reset_power_off(void) __attribute__((noreturn));

/*
 * Write @value to the @port of QEMU's isa-debug-exit. Returns at once when
 * there is no such device, and after seconds when one does nothing.
 */
void reset_leave_emulator(u16 port, u8 value);
