/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The console model. So far its one register that matters is the emergency
 * write: a character printed without queues, legal in any device state.
 *
 * Rules: VIRTIO 1.0 5.3 "Console Device"; lguest ABI 8.2, 8.8.
 */
#include "hv/dev/vcon.h"

#include <string.h>

#include "hv/lib/console.h"

#define VIRTIO_ID_CONSOLE 3
#define CLASS_SERIAL	  0x0700

/* Device configuration. */
#define CFG_COLS     0 /* u16 */
#define CFG_ROWS     2 /* u16 */
#define CFG_EMERG_WR 8 /* u32, write only */
#define CFG_SIZE     12

#define COLS 80
#define ROWS 25

static u32 read_config(struct virtio_pci *d, u32 offset, u32 width)
{
	static const u16 config[CFG_SIZE / 2] = {
		[CFG_COLS / 2] = COLS,
		[CFG_ROWS / 2] = ROWS,
	};
	u32 value = 0;

	(void)d;
	memcpy(&value, (const u8 *)config + offset, width);
	return value;
}

static void write_config(struct virtio_pci *d, u32 offset, u32 width, u32 value)
{
	char c = (char)value;

	(void)d;
	(void)width;
	if (offset == CFG_EMERG_WR) {
		console_write_guest(&c, 1);
	}
}

static const struct virtio_model model = {
	.id = VIRTIO_ID_CONSOLE,
	.pci_class = CLASS_SERIAL,
	.config_size = CFG_SIZE,
	.read_config = read_config,
	.write_config = write_config,
};

void vcon_reset(struct vcon *c)
{
	virtio_pci_reset(&c->pci, &model, PCI_SLOT_CONSOLE);
}
