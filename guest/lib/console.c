// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Output through the console's PCI configuration window.
 *
 * Needs no driver, no memory and no interrupt: a few port writes that the
 * hypervisor emulates. A character costs two exits, so this is for greetings
 * and last words.
 */
#include <stdint.h>

#include "guest/lib/sdk.h"
#include "hv/abi/pci.h"

static void out32(uint16_t port, uint32_t value)
{
	__asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static void out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void config_select(uint32_t reg)
{
	out32(PCI_CONFIG_ADDRESS,
	      PCI_LATCH_ENABLE | (PCI_SLOT_CONSOLE << PCI_LATCH_DEVICE_SHIFT) |
		      reg);
}

static void config_write(uint32_t reg, uint32_t value)
{
	config_select(reg);
	out32(PCI_CONFIG_DATA, value);
}

/* The window keeps its place, but another user may have moved it meanwhile. */
static void window_open(void)
{
	config_select(VIRTIO_WINDOW_BAR); /* one byte wide */
	out8(PCI_CONFIG_DATA, 0);
	config_write(VIRTIO_WINDOW_OFFSET, VIRTIO_CONSOLE_EMERG_WR);
	config_write(VIRTIO_WINDOW_LENGTH, sizeof(uint32_t));
}

static void window_putc(char c)
{
	config_write(VIRTIO_WINDOW_DATA, (unsigned char)c);
}

void console_putc(char c)
{
	window_open();
	window_putc(c);
}

void console_write(const char *text)
{
	window_open();
	for (; *text; text++) {
		window_putc(*text);
	}
}
