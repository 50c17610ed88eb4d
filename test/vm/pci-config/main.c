// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The virtual PCI bus: the address latch, the host bridge, and the console
 * in slot 1 with the configuration space a driver needs to find it.
 *
 * Early output of Linux hard-codes slot 1 and this identity.
 */
#include "test/lib/vm.h"

#define PCI_ADDRESS 0xcf8
#define PCI_DATA    0xcfc
#define ENABLE	    0x80000000u
#define ALL_ONES    0xffffffffu
#define CONSOLE	    1

static u32 read_at(u32 latch)
{
	outl(PCI_ADDRESS, latch);
	return inl(PCI_DATA);
}

/* Linux probes like this before it believes in the mechanism. */
static void check_latch(void)
{
	outb(PCI_ADDRESS + 3, 0x01);
	outl(PCI_ADDRESS, ENABLE);
	VM_CHECK(inl(PCI_ADDRESS) == ENABLE);

	outl(PCI_ADDRESS, 0x80000842);
	VM_CHECK(inb(PCI_ADDRESS) == 0x42);
	VM_CHECK(inb(PCI_ADDRESS + 1) == 0x08);
	VM_CHECK(inw(PCI_ADDRESS + 2) == 0x8000);
	outb(PCI_ADDRESS, 0x10);
	VM_CHECK(inl(PCI_ADDRESS) == 0x80000810);
	outw(PCI_ADDRESS + 2, 0x8001);
	VM_CHECK(inl(PCI_ADDRESS) == 0x80010810);
}

static void check_absent(void)
{
	u32 slot;

	VM_CHECK(read_at(0x00000800) == ALL_ONES);	  /* not enabled */
	VM_CHECK(read_at(ENABLE | 0x010800) == ALL_ONES); /* bus 1 */
	VM_CHECK(read_at(ENABLE | 0x000900) == ALL_ONES); /* function 1 */
	VM_CHECK(vm_pci_read(CONSOLE, 0x98) == ALL_ONES); /* register 152 */
	for (slot = 3; slot < 32; slot++) {
		VM_CHECK(vm_pci_read(slot, 0) == ALL_ONES);
	}
}

static void check_bridge(void)
{
	VM_CHECK(vm_pci_read(0, 0x00) == 0);
	VM_CHECK(vm_pci_read(0, 0x08) == 0x06000000);
}

static void check_console_header(void)
{
	VM_CHECK(vm_pci_read(CONSOLE, 0x00) == 0x10431af4);
	VM_CHECK(vm_pci_read(CONSOLE, 0x04) == 0x00100000);
	VM_CHECK(vm_pci_read(CONSOLE, 0x08) == 0x07000001);
	VM_CHECK(vm_pci_read(CONSOLE, 0x14) == 0);
	VM_CHECK(vm_pci_read(CONSOLE, 0x2c) == 0x00400000);
	VM_CHECK(vm_pci_read(CONSOLE, 0x30) == 0);
	VM_CHECK(vm_pci_read(CONSOLE, 0x34) == 0x40);
	VM_CHECK(vm_pci_read(CONSOLE, 0x3c) == 0x01); /* line 1, no pin */
}

/* Parts of a register, and an address whose low bits are not zero. */
static void check_narrow_reads(void)
{
	outl(PCI_ADDRESS, ENABLE | (CONSOLE << 11) | 0x02);
	VM_CHECK(inw(PCI_DATA) == 0x1af4);
	VM_CHECK(inw(PCI_DATA + 2) == 0x1043);
	VM_CHECK(inb(PCI_DATA) == 0xf4);
	VM_CHECK(inb(PCI_DATA + 3) == 0x10);
}

struct capability {
	u32 at;
	u32 next;
	u32 length; /* of the capability */
	u32 type;
	u32 offset; /* into BAR 0 */
	u32 size;   /* there */
};

static const struct capability chain[] = {
	{ 0x40, 0x50, 16, 1, 0, 56 },  /* common */
	{ 0x50, 0x64, 20, 2, 56, 2 },  /* notify */
	{ 0x64, 0x84, 16, 3, 58, 1 },  /* ISR */
	{ 0x84, 0x74, 20, 5, 0, 0 },   /* access window */
	{ 0x74, 0x00, 16, 4, 60, 12 }, /* the console's own registers */
};

static void check_capabilities(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(chain); i++) {
		const struct capability *c = &chain[i];
		u32 head = 0x09 | (c->next << 8) | (c->length << 16) |
			   (c->type << 24);

		if (vm_pci_read(CONSOLE, c->at) != head) {
			vm_fail("capability at 0x%x: 0x%x", c->at,
				vm_pci_read(CONSOLE, c->at));
		}
		if (c->type != 5) {
			VM_CHECK(vm_pci_read(CONSOLE, c->at + 4) == 0);
			VM_CHECK(vm_pci_read(CONSOLE, c->at + 8) == c->offset);
			VM_CHECK(vm_pci_read(CONSOLE, c->at + 12) == c->size);
		}
	}
	VM_CHECK(vm_pci_read(CONSOLE, 0x60) == 0); /* notify multiplier */
}

/* Writes to what does not exist, or may not change, do nothing. */
static void check_ignored_writes(void)
{
	vm_pci_write(0, 0x00, ALL_ONES);
	vm_pci_write(CONSOLE, 0x00, ALL_ONES);
	vm_pci_write(CONSOLE, 0x34, 0);
	vm_pci_write(CONSOLE, 0x40, 0);
	vm_pci_write(CONSOLE, 0x98, 0);
	vm_pci_write(31, 0x10, 0);
	check_bridge();
	check_console_header();
	check_capabilities();
}

void main(void)
{
	vm_init();
	check_latch();
	check_absent();
	check_bridge();
	check_console_header();
	check_narrow_reads();
	check_capabilities();
	check_ignored_writes();
	vm_pass();
}
