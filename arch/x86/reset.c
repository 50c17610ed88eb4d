/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Restarting the machine and switching it off. Every way to restart is given
 * time to take effect before the next one is tried; one that takes longer
 * still takes effect. The same holds for leaving an emulator: QEMU 10 ends in
 * another thread, while the processor runs on.
 *
 * Rules: ACPI 6.5 4.8.3.2 "PM1 Control Registers", 4.8.3.6 "Reset Register",
 * 16.3.2 "BIOS Initialization of Memory" (leaving legacy mode).
 */
#include "arch/x86/reset.h"

#include "arch/x86/cpu.h"

#define I8042_STATUS	  0x64
#define I8042_COMMAND	  0x64
#define I8042_INPUT_FULL  0x02
#define I8042_PULSE_RESET 0xfe

/* PM1 control. */
#define PM1_ACPI_MODE  0x0001
#define PM1_SLEEP_TYPE 0x1c00
#define PM1_TYPE_SHIFT 10
#define PM1_SLEEP      0x2000

/* Port reads take about 1 us each. */
#define POLLS	   100000u
#define MODE_POLLS 1000000u
#define EXIT_POLLS 20000000u

/* What a port without a device reads as; isa-debug-exit reads as 0. */
#define NO_DEVICE 0xff

static struct reset_register reset;
static struct soft_off off;

void reset_init(const struct reset_register *r, const struct soft_off *s)
{
	reset = *r;
	off = *s;
}

static void wait_a_moment(void)
{
	for (u32 i = 0; i < POLLS; i++) {
		inb(I8042_STATUS);
	}
}

static void reset_by_register(void)
{
	if (reset.port) {
		outb(reset.port, reset.value);
		wait_a_moment();
	} else if (reset.memory) {
		*reset.memory = reset.value;
		wait_a_moment();
	}
}

static void reset_by_keyboard(void)
{
	for (u32 i = 0; i < POLLS; i++) {
		if (!(inb(I8042_STATUS) & I8042_INPUT_FULL)) {
			break;
		}
	}
	outb(I8042_COMMAND, I8042_PULSE_RESET);
	wait_a_moment();
}

void reset_machine(void)
{
	struct dtr none = { 0, 0 };

	irq_disable();
	reset_by_register();
	reset_by_keyboard();
	/* No IDT, then a trap: the processor shuts down, the board resets. */
	lidt(&none);
	__asm__ volatile("int3");
	cpu_halt_forever();
}

/* Until ACPI mode is on, the control registers may have no effect. */
static void enter_acpi_mode(void)
{
	if (!off.smi_command || !off.acpi_enable ||
	    inw(off.control_a) & PM1_ACPI_MODE) {
		return;
	}
	outb(off.smi_command, off.acpi_enable);
	for (u32 i = 0; i < MODE_POLLS; i++) {
		if (inw(off.control_a) & PM1_ACPI_MODE) {
			return;
		}
	}
}

static u16 sleep_value(u16 port, u8 type)
{
	return (u16)((inw(port) & ~(PM1_SLEEP_TYPE | PM1_SLEEP)) |
		     type << PM1_TYPE_SHIFT);
}

bool reset_can_power_off(void)
{
	return off.control_a != 0;
}

/*
 * Write the sleep type, then the same with the bit that starts it. There is no
 * other way to try, so this waits for ever.
 */
void reset_power_off(void)
{
	u16 a, b;

	irq_disable();
	enter_acpi_mode();
	a = sleep_value(off.control_a, off.type_a);
	outw(off.control_a, a);
	if (off.control_b) {
		b = sleep_value(off.control_b, off.type_b);
		outw(off.control_b, b);
		outw(off.control_a, a | PM1_SLEEP);
		outw(off.control_b, b | PM1_SLEEP);
	} else {
		outw(off.control_a, a | PM1_SLEEP);
	}
	cpu_halt_forever();
}

void reset_leave_emulator(u16 port, u8 value)
{
	outb(port, value);
	for (u32 i = 0; i < EXIT_POLLS && inb(port) != NO_DEVICE; i++) {
	}
}
