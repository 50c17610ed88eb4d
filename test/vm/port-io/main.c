// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Port I/O reads as an empty machine and writes nowhere.
 *
 * The ports tried by name would end the emulator, reset or switch off the
 * machine, print a forged line or stop its timer; then every other port is
 * written as well. The runner checks that FORGED was not printed.
 */
#include "test/lib/vm.h"

#define PORTS	     0x10000u
#define PCI_FIRST    0xcf8u
#define PCI_LAST     0xcffu
#define KEYBOARD     0x64u /* 0xfe is a reset there, as on a PC */
#define PULSE_RESET  0xfe
#define PIT_CHANNEL2 0x42u /* may read otherwise, to end a calibration loop */

struct bad_port {
	u16 port;
	u32 value;
};

static const struct bad_port bad[] = {
	{ 0x00f4, 0x10 },   /* isa-debug-exit: would be a forged verdict */
	{ 0x00f4, 0x12 },   /* likewise */
	{ 0x0cf9, 0x06 },   /* reset control; here a byte of the PCI latch */
	{ 0x0064, 0xd1 },   /* keyboard controller */
	{ 0x0092, 0x01 },   /* fast reset */
	{ 0x0604, 0x2000 }, /* ACPI power off, two emulated chipsets */
	{ 0xb004, 0x2000 }, { 0x8900, 'S' },  /* Bochs shutdown */
	{ 0x0020, 0x20 },		      /* interrupt controller */
	{ 0x0021, 0x00 },   { 0x0043, 0x34 }, /* timer */
	{ 0x0040, 0x00 },   { 0x0070, 0x80 }, /* NMI mask */
	{ 0x00b2, 0x01 },		      /* system management interrupt */
	{ 0x03fb, 0x80 }, /* UART: divisor, line and modem control */
	{ 0x03f9, 0x0f },   { 0x03fc, 0x00 },
};

static void out_all_widths(u16 port, u32 value)
{
	outb(port, (u8)value);
	outw(port, (u16)value);
	outl(port, value);
}

static void write_named_ports(void)
{
	const char *forged = "FORGED\numbra: guest powered off: PASS\n";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		out_all_widths(bad[i].port, bad[i].value);
	}
	for (; *forged; forged++) {
		outb(0x3f8, (u8)*forged);
	}
}

static bool is_pci(u32 port)
{
	return port >= PCI_FIRST && port <= PCI_LAST;
}

static void write_every_port(void)
{
	u32 port;

	for (port = 0; port < PORTS; port++) {
		if (!is_pci(port) && port != KEYBOARD) {
			outb((u16)port, PULSE_RESET);
		}
	}
}

static void read_every_port(void)
{
	u32 port;

	for (port = 0; port < PORTS; port++) {
		u8 value = inb((u16)port);
		u8 expected = port == KEYBOARD ? 1 : 0xff;

		if (is_pci(port) || port == PIT_CHANNEL2) {
			continue;
		}
		if (value != expected) {
			vm_fail("port 0x%x reads 0x%x", port, value);
		}
	}
}

static u32 in_keeping(u16 port, u32 eax, char width)
{
	switch (width) {
	case 'b':
		__asm__ volatile("inb %1, %%al" : "+a"(eax) : "Nd"(port));
		break;
	case 'w':
		__asm__ volatile("inw %1, %%ax" : "+a"(eax) : "Nd"(port));
		break;
	default:
		__asm__ volatile("inl %1, %%eax" : "+a"(eax) : "Nd"(port));
		break;
	}
	return eax;
}

static u32 in_immediate(u32 eax)
{
	__asm__ volatile("inb $0x80, %%al" : "+a"(eax));
	return eax;
}

/* Only as much of EAX changes as was read. */
static void check_widths(void)
{
	VM_CHECK(in_keeping(0x1234, 0x12345600, 'b') == 0x123456ff);
	VM_CHECK(in_keeping(0x1234, 0x12340000, 'w') == 0x1234ffff);
	VM_CHECK(in_keeping(0x1234, 0x12340000, 'l') == 0xffffffff);
	VM_CHECK(in_keeping(KEYBOARD, 0x12345600, 'b') == 0x12345601);
	VM_CHECK(in_immediate(0x12345600) == 0x123456ff);
}

void main(void)
{
	vm_init();
	write_named_ports();
	write_every_port();
	read_every_port();
	check_widths();
	vm_pass();
}
