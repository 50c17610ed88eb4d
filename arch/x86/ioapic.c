/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * I/O APICs.
 *
 * Rules: 82093AA data sheet, 3.0 "Register Description".
 *
 * Next: arch/x86/irq.c.
 */
#include "arch/x86/ioapic.h"

/* Registers in memory, in bytes: which one, and its value. */
#define SELECT 0x00
#define WINDOW 0x10

#define REG_VERSION	 0x01
#define REG_ENTRIES	 0x10 /* two for each input */
#define LAST_INPUT_SHIFT 16
#define LAST_INPUT_MASK	 0xff
#define INPUTS_MAX	 240u
#define ABSENT		 0xffffffff

/* The low half of an entry; the high half is the destination. */
#define ENTRY_LOW	 0x02000
#define ENTRY_LEVEL	 0x08000
#define ENTRY_MASKED	 0x10000
#define ENTRY_DEST_SHIFT 24

static struct ioapic {
	volatile u8 *regs;
	u32 first, count;
} chips[IOAPICS_MAX];

static u32 chip_count;

static u32 reg_read(const struct ioapic *c, u32 reg)
{
	*(volatile u32 *)(c->regs + SELECT) = reg;
	return *(volatile u32 *)(c->regs + WINDOW);
}

static void reg_write(const struct ioapic *c, u32 reg, u32 v)
{
	*(volatile u32 *)(c->regs + SELECT) = reg;
	*(volatile u32 *)(c->regs + WINDOW) = v;
}

/* Masked first: the two halves are written one after the other. */
static void set_entry(const struct ioapic *c, u32 pin, u32 lo, u32 hi)
{
	reg_write(c, REG_ENTRIES + 2 * pin, ENTRY_MASKED);
	reg_write(c, REG_ENTRIES + 2 * pin + 1, hi);
	reg_write(c, REG_ENTRIES + 2 * pin, lo);
}

bool ioapic_add(volatile void *base, u32 first)
{
	struct ioapic *c = &chips[chip_count];
	u32 version;

	if (chip_count == IOAPICS_MAX) {
		return false;
	}
	c->regs = base;
	c->first = first;
	version = reg_read(c, REG_VERSION);
	c->count = (version >> LAST_INPUT_SHIFT & LAST_INPUT_MASK) + 1;
	if (version == ABSENT || version == 0 || c->count > INPUTS_MAX) {
		return false;
	}
	for (u32 pin = 0; pin < c->count; pin++) {
		set_entry(c, pin, ENTRY_MASKED, 0);
	}
	chip_count++;
	return true;
}

bool ioapic_is_used(void)
{
	return chip_count > 0;
}

static const struct ioapic *chip_of(u32 input)
{
	for (u32 i = 0; i < chip_count; i++) {
		if (input - chips[i].first < chips[i].count) {
			return &chips[i];
		}
	}
	return NULL;
}

bool ioapic_route(u32 input, u32 vector, u32 apic_id, bool is_low,
		  bool is_level)
{
	const struct ioapic *c = chip_of(input);
	u32 lo = vector | (is_low ? ENTRY_LOW : 0) |
		 (is_level ? ENTRY_LEVEL : 0);

	if (c) {
		set_entry(c, input - c->first, lo, apic_id << ENTRY_DEST_SHIFT);
	}
	return c != NULL;
}

void ioapic_mask(u32 input)
{
	const struct ioapic *c = chip_of(input);

	if (c) {
		set_entry(c, input - c->first, ENTRY_MASKED, 0);
	}
}
