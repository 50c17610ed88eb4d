/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which devices a guest has, and in which order: the console first, as early
 * output code expects it, the disks last.
 *
 * Next: hv/dev/vpci.c, hv/dev/vcon.c, hv/dev/vrng.c, hv/dev/vblk.c.
 */
#include "hv/dev/devices.h"

static u64 ram_end(const struct devices *d)
{
	return (u64)d->config.p2m->ram_frames << PAGE_SHIFT;
}

u32 devices_mmio_end(const struct devices *d)
{
	u64 end =
		ram_end(d) + DEVICES_MMIO_OFFSET + VPCI_SLOTS * VIRTIO_BAR_SIZE;

	return (u32)(end >> PAGE_SHIFT);
}

static void add(struct devices *d, struct virtio_dev *dev,
		const struct virtio_model *model)
{
	virtio_init(dev, model, d->config.p2m, d->config.virq, d->pci.count);
	vpci_add(&d->pci, dev);
}

void devices_reset(struct devices *d)
{
	vpci_reset(&d->pci, mk_gpa(ram_end(d) + DEVICES_MMIO_OFFSET));
	add(d, &d->console.dev, &vcon_model);
	d->rng.source = d->config.entropy;
	add(d, &d->rng.dev, &vrng_model);
	for (u32 i = 0; i < d->config.disk_count; i++) {
		d->disk[i].disk = d->config.disk[i];
		d->disk[i].number = i;
		add(d, &d->disk[i].dev, &vblk_model);
	}
}

void devices_poll(struct devices *d)
{
	vcon_poll(&d->console);
}
