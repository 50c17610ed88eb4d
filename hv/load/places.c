/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the modules are in memory, and whether they can be there.
 *
 * It distrusts the loader's numbers, and uses none of an empty module's.
 *
 * I1  Every byte of a module is in RAM, and is not one of Umbra's or of
 *     another module's.
 *
 * Next: hv/load/load.c, which copies them to the guest.
 */
#include "hv/load/places.h"

#include <stdio.h>

#include "arch/x86/layout.h"
#include "arch/x86/sections.h"
#include "hv/lib/log.h"
#include "mm/hvmap.h"

/* The modules and their names. */
struct roles {
	u32 count;
	struct {
		const char *role;
		struct module *m;
	} of[MODULE_DISKS_MAX + 2];
};

static void add_role(struct roles *r, const char *role, struct module *m)
{
	r->of[r->count].role = role;
	r->of[r->count++].m = m;
}

static void list_roles(struct guest_modules *m, struct roles *r)
{
	r->count = 0;
	add_role(r, "kernel", &m->kernel);
	if (m->has_initrd) {
		add_role(r, "initrd", &m->initrd);
	}
	for (u32 i = 0; i < m->disk_count; i++) {
		add_role(r, "disk", &m->disk[i]);
	}
}

/* Ends are at 4 GiB at most: boot_add_module(). */
static bool overlaps(const struct module *m, u64 base, u64 end)
{
	return m->size > 0 && hpa_raw(m->base) < end &&
	       base < hpa_raw(m->base) + m->size;
}

/* Returns NULL, or what is wrong with the place of a module. */
static const char *check_place(const struct memmap *told,
			       const struct memmap *map, const struct module *m)
{
	u64 base = hpa_raw(m->base);

	if (overlaps(m, (uintptr_t)image_start, (uintptr_t)image_end)) {
		return "lies where Umbra itself does";
	}
	if (!memmap_covers(told, base, m->size) ||
	    !memmap_is(map, base, m->size, MEM_IN_USE)) {
		return "lies in memory that the machine does not have";
	}
	return base + m->size > DIRECT_LIMIT ? "lies above 3 GiB" : NULL;
}

/*
 * Modules must not overlap: a disk is written to, and the others are read again
 * at every start.
 */
static const char *check_neighbours(const struct roles *r, u32 i)
{
	static char text[LOG_LINE_MAX];
	const struct module *m = r->of[i].m;
	u64 base = hpa_raw(m->base);

	for (u32 j = 0; j < i; j++) {
		const struct module *other = r->of[j].m;

		if (overlaps(other, base, base + m->size)) {
			snprintf(text, sizeof(text),
				 "lies where %s module '%s' does",
				 r->of[j].role, other->name);
			return text;
		}
	}
	return NULL;
}

/*
 * Page 0 is absent from the one to one map, so a module that begins there is
 * mapped a second time.
 */
static const char *map_module(struct module *m)
{
	u64 base = hpa_raw(m->base);

	m->bytes = base < PAGE_SIZE ? hvmap_ram(m->base, m->size)
				    : (u8 *)(uintptr_t)base;
	return m->bytes ? NULL : "too big to lie at 0";
}

const char *places_map(const struct memmap *told, const struct memmap *map,
		       struct guest_modules *m)
{
	static char text[LOG_LINE_MAX];
	static struct roles r;

	list_roles(m, &r);
	for (u32 i = 0; i < r.count; i++) {
		struct module *one = r.of[i].m;
		const char *why;

		if (one->size == 0) {
			continue;
		}
		why = check_place(told, map, one);
		why = why ? why : check_neighbours(&r, i);
		why = why ? why : map_module(one);
		if (why) {
			snprintf(text, sizeof(text), "%s module '%s': %s",
				 r.of[i].role, one->name, why);
			return text;
		}
	}
	if (m->has_initrd && m->initrd.size == 0) {
		log_info("initrd '%s': empty, which is none", m->initrd.name);
	}
	return NULL;
}
