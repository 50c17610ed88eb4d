// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The console's configuration window (hv/abi/pci.h).
 */
#include "guest/lib/emergency.h"

#include "guest/lib/port.h"
#include "hv/abi/pci.h"

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

void emergency_write(const char *bytes, uint32_t n)
{
	uint32_t i;

	window_open();
	for (i = 0; i < n; i++) {
		config_write(VIRTIO_WINDOW_DATA, (unsigned char)bytes[i]);
	}
}
