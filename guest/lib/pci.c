// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configuration mechanism 1: PCI Local Bus 3.0, 3.2.2.3.2.
 */
#include "guest/lib/pci.h"

#include "guest/lib/port.h"
#include "hv/abi/pci.h"

static void select(uint32_t slot, uint32_t reg)
{
	out32(PCI_CONFIG_ADDRESS,
	      PCI_LATCH_ENABLE | slot << PCI_LATCH_DEVICE_SHIFT | (reg & ~3u));
}

uint32_t pci_read(uint32_t slot, uint32_t reg)
{
	select(slot, reg);
	return in32(PCI_CONFIG_DATA);
}

void pci_write(uint32_t slot, uint32_t reg, uint32_t value)
{
	select(slot, reg);
	out32(PCI_CONFIG_DATA, value);
}

uint8_t pci_read8(uint32_t slot, uint32_t at)
{
	return (uint8_t)(pci_read(slot, at) >> (at & 3) * 8);
}
