/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which devices a guest has, and in which order: the console first, as early
 * output code expects it, the disks last.
 *
 * Next: hv/dev/vpci.c, hv/dev/lgbus.c, hv/dev/vcon.c, hv/dev/vrng.c,
 * hv/dev/vblk.c.
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

u32 devices_old_bus_frames(u32 disks)
{
	u32 queues = vcon_model.queues + vrng_model.queues +
		     vblk_model.queues * disks;

	return LGBUS_PAGE_FRAMES + queues * LGBUS_RING_FRAMES;
}

static void add(struct devices *d, struct virtio_dev *dev,
		const struct virtio_model *model)
{
	virtio_init(dev, model, &d->guest, d->pci.count);
	vpci_add(&d->pci, dev);
}

void devices_reset(struct devices *d)
{
	d->is_old_bus = false;
	d->guest = (struct virtio_guest){ .p2m = d->config.p2m,
					  .virq = d->config.virq };
	vpci_reset(&d->pci, mk_gpa(ram_end(d) + DEVICES_MMIO_OFFSET));
	d->console.sink = d->config.console;
	vcon_set_up(&d->console);
	add(d, &d->console.dev, &vcon_model);
	d->rng.source = d->config.entropy;
	add(d, &d->rng.dev, &vrng_model);
	for (u32 i = 0; i < d->config.disk_count; i++) {
		d->disk[i].store = d->config.disk[i];
		d->disk[i].number = i;
		vblk_set_up(&d->disk[i]);
		add(d, &d->disk[i].dev, &vblk_model);
	}
}

void devices_use_old_bus(struct devices *d, gfn_t page)
{
	lgbus_init(&d->old_bus, d->config.p2m, page);
	d->console.dev.own_features = 0; /* its descriptor has no room */
	for (u32 slot = PCI_SLOT_CONSOLE; slot < d->pci.count; slot++) {
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

void devices_notify(struct devices *d, gpa_t a)
{
	if (lgbus_notify(&d->old_bus, a) == IO_UNHANDLED) {
		vcon_print_text(&d->console, a);
	}
}

void devices_poll(struct devices *d)
{
	vcon_poll(&d->console);
}

bool devices_run(struct devices *d)
{
	d->guest.has_more = false;
	for (u32 slot = PCI_SLOT_CONSOLE; slot < d->pci.count; slot++) {
		virtio_go_on(d->pci.slot[slot].dev);
	}
	return d->guest.has_more;
}

u32 devices_refused_writes(const struct devices *d)
{
	u32 sum = 0;

	for (u32 i = 0; i < d->config.disk_count; i++) {
		sum += d->disk[i].refused;
	}
	return sum;
}
