/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's devices, in the order of their slots and interrupt lines: the
 * console first, as early output code expects it, the disks last.
 *
 * Next: hv/dev/devices.c; hv/dev/vcon.c, hv/dev/vrng.c, hv/dev/vblk.c.
 */
#include "hv/vmm/board.h"

#include "hv/dev/store_mem.h"
#include "hv/lib/console.h"
#include "hv/lib/log.h"
#include "hv/pc/entropy.h"
#include "hv/vmm/guest.h"

/* --- the console: Umbra's own --- */

static void print(void *ctx, const char *bytes, u32 len)
{
	struct guest *g = ctx;

	console_write_guest(&g->output, bytes, len);
}

static u32 take_typed(void *ctx, u8 *to, u32 max)
{
	const struct guest *g = ctx;
	u32 n = 0;

	while (g->machine->focus == g && n < max && console_read(&to[n])) {
		n++;
	}
	return n;
}

static struct vcon_size screen_size(void *ctx)
{
	struct console_size size = console_size();

	(void)ctx;
	return (struct vcon_size){ size.cols, size.rows };
}

static void add_console(struct board *b, struct guest *g)
{
	b->console.sink =
		(struct vcon_sink){ print, take_typed, screen_size, g };
	vcon_set_up(&b->console);
	devices_add(&b->devices, &b->console.dev, &vcon_model);
}

/* --- the others --- */

static void add_entropy(struct board *b)
{
	b->entropy.source.fill = entropy_fill;
	devices_add(&b->devices, &b->entropy.dev, &vrng_model);
}

static void add_disk(struct board *b, const struct module *m)
{
	struct vblk *d = &b->disk[b->disk_count];

	d->number = b->disk_count++;
	d->store = store_mem(m->bytes, m->size, m->is_read_only);
	vblk_set_up(d);
	devices_add(&b->devices, &d->dev, &vblk_model);
	log_info("disk '%s': %u KiB, %s", m->name, m->size / 1024,
		 m->is_read_only ? "read-only"
				 : "what is written is lost at power off");
	if (m->size % VBLK_SECTOR_SIZE) {
		log_warn("disk '%s': its last %u bytes are no whole sector of "
			 "%u: left out",
			 m->name, m->size % VBLK_SECTOR_SIZE, VBLK_SECTOR_SIZE);
	}
}

/* Of the old bus each queue has one: two of the console, one of the others. */
_Static_assert(LGBUS_FIRST_LINE + 2 + 1 + MODULE_DISKS_MAX <= VIRQ_LINES,
	       "not enough interrupt lines");

u32 board_old_bus_frames(u32 disks)
{
	return lgbus_frames(vcon_model.queues + vrng_model.queues +
			    vblk_model.queues * disks);
}

void board_reset(struct board *b, struct guest *g)
{
	const struct guest_modules *m = g->modules;

	devices_reset(&b->devices, &g->p2m, &g->virq);
	add_console(b, g);
	add_entropy(b);
	b->disk_count = 0;
	for (u32 i = 0; i < m->disk_count; i++) {
		add_disk(b, &m->disk[i]);
	}
}

void board_notify(struct board *b, gpa_t a)
{
	if (devices_notify(&b->devices, a) == IO_UNHANDLED) {
		vcon_print_text(&b->console, a);
	}
}

void board_poll(struct board *b)
{
	vcon_poll(&b->console);
}

u32 board_refused_writes(const struct board *b)
{
	u32 sum = 0;

	for (u32 i = 0; i < b->disk_count; i++) {
		sum += b->disk[i].refused;
	}
	return sum;
}
