/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two buses, of which a guest uses one, and the devices on it.
 *
 * Every guest begins with PCI. One that turns out to be old gets the same
 * devices again, on its own bus.
 *
 * Next: hv/dev/vpci.c, hv/dev/lgbus.c.
 */
#include "hv/dev/devices.h"

static u64 ram_end(const struct devices *d)
{
	return (u64)d->guest.p2m->ram_frames << PAGE_SHIFT;
}

u32 devices_mmio_end(const struct devices *d)
{
	u64 end =
		ram_end(d) + DEVICES_MMIO_OFFSET + VPCI_SLOTS * VIRTIO_BAR_SIZE;

	return (u32)(end >> PAGE_SHIFT);
}

void devices_reset(struct devices *d, struct p2m *p2m, struct virq *virq)
{
	d->guest = (struct virtio_guest){ .p2m = p2m, .virq = virq };
	d->is_old_bus = false;
	vpci_reset(&d->pci, mk_gpa(ram_end(d) + DEVICES_MMIO_OFFSET));
}

void devices_add(struct devices *d, struct virtio_dev *dev,
		 const struct virtio_model *model)
{
	virtio_init(dev, model, &d->guest, d->pci.count);
	vpci_add(&d->pci, dev);
}

void devices_use_old_bus(struct devices *d, gfn_t page)
{
	lgbus_init(&d->old_bus, d->guest.p2m, page);
	for (u32 slot = VPCI_SLOT_FIRST; slot < d->pci.count; slot++) {
		struct virtio_dev *dev = d->pci.slot[slot].dev;

		virtio_reset(dev);
		lgbus_add(&d->old_bus, dev);
	}
	d->is_old_bus = true;
}

enum io_result devices_io(struct devices *d, u16 port, struct io_access *a)
{
	return d->is_old_bus ? IO_UNHANDLED : vpci_io(&d->pci, port, a);
}

enum io_result devices_mmio(struct devices *d, gpa_t at, struct io_access *a)
{
	return d->is_old_bus ? IO_UNHANDLED : vpci_mmio(&d->pci, at, a);
}

enum io_result devices_notify(struct devices *d, gpa_t a)
{
	return d->is_old_bus ? lgbus_notify(&d->old_bus, a) : IO_UNHANDLED;
}

bool devices_run(struct devices *d)
{
	d->guest.has_more = false;
	for (u32 slot = VPCI_SLOT_FIRST; slot < d->pci.count; slot++) {
		virtio_go_on(d->pci.slot[slot].dev);
	}
	return d->guest.has_more;
}
