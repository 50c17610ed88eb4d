/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which devices a guest has, and in which order: the console first, as early
 * output code expects it.
 *
 * Next: hv/dev/vpci.c, hv/dev/vcon.c.
 */
#include "hv/dev/devices.h"

static u64 ram_end(const struct p2m *p2m)
{
	return (u64)p2m->ram_frames << PAGE_SHIFT;
}

u32 devices_mmio_end(const struct p2m *p2m)
{
	u64 end = ram_end(p2m) + DEVICES_MMIO_OFFSET +
		  VPCI_SLOTS * VIRTIO_BAR_SIZE;

	return (u32)(end >> PAGE_SHIFT);
}

static void add(struct devices *d, struct virtio_dev *dev,
		const struct virtio_model *model, struct p2m *p2m,
		struct virq *virq)
{
	virtio_init(dev, model, p2m, virq, d->pci.count);
	vpci_add(&d->pci, dev);
}

void devices_reset(struct devices *d, struct p2m *p2m, struct virq *virq)
{
	vpci_reset(&d->pci, mk_gpa(ram_end(p2m) + DEVICES_MMIO_OFFSET));
	add(d, &d->console.dev, &vcon_model, p2m, virq);
}

void devices_poll(struct devices *d)
{
	vcon_poll(&d->console);
}
