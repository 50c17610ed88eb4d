/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PCI configuration space, bus 0: what Umbra has, and where a small PC has
 * what matters. Registers lie at multiples of 4.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PCI_SLOTS 32

#define PCI_REG_ID	     0x00 /* vendor, device << 16 */
#define PCI_REG_COMMAND	     0x04 /* command, status << 16 */
#define PCI_REG_BAR0	     0x10
#define PCI_REG_SUBSYSTEM    0x2c /* vendor, id << 16 */
#define PCI_REG_CAPABILITIES 0x34
#define PCI_REG_INTERRUPT    0x3c /* line, pin << 8, ... */

#define PCI_COMMAND_MEMORY  0x2u
#define PCI_COMMAND_MASTER  0x4u
#define PCI_STATUS_HAS_CAPS 0x100000u

/* All ones where there is no device. */
uint32_t pci_read(uint32_t slot, uint32_t reg);
void pci_write(uint32_t slot, uint32_t reg, uint32_t value);
/* One byte, anywhere. */
uint8_t pci_read8(uint32_t slot, uint32_t at);
