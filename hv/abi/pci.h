/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtual PCI bus as a guest sees it. Safe to include from assembly.
 *
 * Bus 0 has a dummy host bridge in slot 0, the console in slot 1 and further
 * virtio devices behind it without gaps. Every device has the configuration
 * space below; the access window reaches its BAR 0 without mapping it, which
 * is how a guest prints before it has a driver.
 * Rules: lguest ABI 8.1 to 8.3, 8.8.
 */
#pragma once

#define PCI_CONFIG_ADDRESS 0xcf8
#define PCI_CONFIG_DATA	   0xcfc

/* Fields of the address latch. */
#define PCI_LATCH_ENABLE	 0x80000000
#define PCI_LATCH_BUS_SHIFT	 16
#define PCI_LATCH_DEVICE_SHIFT	 11
#define PCI_LATCH_FUNCTION_SHIFT 8

#define PCI_SLOT_BRIDGE	 0
#define PCI_SLOT_CONSOLE 1 /* fixed: early output code hard-codes it */

#define PCI_VENDOR_VIRTIO      0x1af4
#define PCI_DEVICE_VIRTIO_BASE 0x1040 /* plus the virtio device type */
#define PCI_CONFIG_SIZE	       152    /* registers beyond do not exist */

/* Capabilities of a virtio device, in the order of their chain. */
#define VIRTIO_CAP_COMMON 0x40
#define VIRTIO_CAP_NOTIFY 0x50
#define VIRTIO_CAP_ISR	  0x64
#define VIRTIO_CAP_WINDOW 0x84
#define VIRTIO_CAP_DEVICE 0x74 /* linked when the device has registers */

/* The configuration access window. */
#define VIRTIO_WINDOW_BAR    0x88 /* u8, 0 */
#define VIRTIO_WINDOW_OFFSET 0x8c /* u32 into the BAR */
#define VIRTIO_WINDOW_LENGTH 0x90 /* u32: 1, 2 or 4 */
#define VIRTIO_WINDOW_DATA   0x94

/* Offsets into BAR 0. */
#define VIRTIO_BAR_COMMON	0
#define VIRTIO_BAR_NOTIFY	56
#define VIRTIO_BAR_ISR		58
#define VIRTIO_BAR_DEVICE	60
#define VIRTIO_CONSOLE_EMERG_WR (VIRTIO_BAR_DEVICE + 8) /* u32, write only */
