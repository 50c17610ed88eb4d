// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A kernel for a bare PC, by what it does first: the end names that, and the
 * report says what to do about it.
 *
 * Linux without its guest option looks like this, and like a broken Umbra to
 * whoever is not told.
 */
#include "test/lib/vm.h"

static const struct {
	u16 limit;
	u32 base;
} __attribute__((packed)) table = { 0x17, 0x1000 };

static void tables(void)
{
	if (vm_has_word("lidt")) {
		__asm__ volatile("lidt %0" : : "m"(table));
	} else if (vm_has_word("lgdt")) {
		/* What is ignored comes first. */
		__asm__ volatile("cli; outb %%al, $0x80; cs lgdt %0"
				 :
				 : "m"(table));
	}
}

static void control_registers(void)
{
	if (vm_has_word("cr0")) {
		__asm__ volatile("mov %0, %%cr0" : : "r"(1));
	} else if (vm_has_word("cr3")) {
		__asm__ volatile("mov %0, %%cr3" : : "r"(0x2000));
	}
}

static void segments(void)
{
	if (vm_has_word("segment")) {
		__asm__ volatile("mov %0, %%ds" : : "r"(0x10));
	} else if (vm_has_word("jump")) {
		__asm__ volatile("ljmp $0x10, $1f; 1:");
	}
}

void main(void)
{
	tables();
	control_registers();
	segments();
	if (vm_has_word("bios")) {
		__asm__ volatile("int $0x10" : : "a"(3));
	} else if (vm_has_word("pic")) {
		outb(0x20, 0x11);
	} else if (vm_has_word("hlt")) {
		__asm__ volatile("hlt");
	} else if (vm_has_word("ud2")) {
		__asm__ volatile("ud2");
	}
	vm_init();
	vm_fail("nothing happened");
}
