/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory set-up, and how it is shared between hypervisor and guest.
 *
 * Next: mm/memmap.c, mm/pfa.c, mm/hvmap.c.
 */
#include "hv/pc/memory.h"

#include <stdio.h>

#include "arch/x86/layout.h"
#include "arch/x86/sections.h"
#include "hv/lib/log.h"
#include "hv/load/modules.h"
#include "mm/hvmap.h"
#include "mm/memprobe.h"
#include "mm/memtest.h"

#define MIB	       (1024u * 1024)
#define FRAMES_PER_MIB (MIB / PAGE_SIZE)

/* Above it are registers of devices: lguest ABI 1.1. */
#define GUEST_MEM_MAX	      (3ull * 1024 * MIB)
#define GUEST_MEM_DEFAULT_MAX (1024ull * MIB)
#define GUEST_MEM_MIN_FRAMES  (1 * FRAMES_PER_MIB + 2)

/* The frames that stay with the hypervisor: shadow tables most of all. */
#define HV_SHARE      16 /* one free frame in so many ... */
#define HV_MIN_FRAMES (2 * FRAMES_PER_MIB)

/* A place for the frame table: low, free, not below 1 MiB. */
static u64 find_room(const struct memmap *map, u64 size)
{
	for (u32 i = map->count; i-- > 0;) {
		const struct mem_range *r = &map->range[i];
		u64 end = min_u64(r->base + r->len, DIRECT_LIMIT);

		if (r->kind == MEM_AVAILABLE && r->base < end &&
		    r->base >= MIB && end - r->base >= size) {
			return end - size;
		}
	}
	return 0;
}

static u32 highest_frame(const struct memmap *map)
{
	u64 end = 0;

	for (u32 i = 0; i < map->count; i++) {
		const struct mem_range *r = &map->range[i];

		if (r->kind != MEM_RESERVED) {
			end = max_u64(end, r->base + r->len);
		}
	}
	return (u32)(end >> PAGE_SHIFT);
}

static void say_left_out(u64 base, u64 end)
{
	log_warn("memory from " PRI_hpa " to " PRI_hpa
		 ": keeps nothing: left out",
		 ARG_hpa(mk_hpa(base)), ARG_hpa(mk_hpa(end - 1)));
}

/* Returns false when the map has no room for another reserved range. */
static bool make_map(struct memmap *map, u64 limit)
{
	const u32 dropped = map->dropped;

	memmap_add(map, (u32)(uintptr_t)image_start,
		   (u32)(image_end - image_start), MEM_IN_USE);
	if (memmap_sanitise(map, limit)) {
		return false;
	}
	memprobe_init();
	memtest_map(map, memprobe_works, say_left_out);
	if (memmap_sanitise(map, limit)) {
		return false;
	}
	if (map->dropped > dropped) {
		log_warn("memory map: no room for %u of its ranges: left out",
			 map->dropped - dropped);
	}
	return true;
}

const char *memory_init(struct machine *m, const struct boot_info *info)
{
	const u64 limit = min_u64((u64)PFA_MFN_LIMIT << PAGE_SHIFT,
				  1ull << m->cpu.phys_bits);
	u32 max_mfn;
	u64 table, size;

	m->map = info->map;
	if (!make_map(&m->map, limit)) {
		return "the memory map has too many entries";
	}
	max_mfn = highest_frame(&m->map);
	size = ROUND_UP((u64)pfa_table_size(max_mfn), PAGE_SIZE);
	table = find_room(&m->map, size);
	if (!table) {
		return modules_no_memory(info);
	}
	memmap_add(&m->map, table, size, MEM_IN_USE);
	if (memmap_sanitise(&m->map, limit)) {
		return "the memory map has too many entries";
	}
	pfa_init(&m->pfa, (void *)(uintptr_t)table, max_mfn,
		 DIRECT_LIMIT >> PAGE_SHIFT, &m->map);
	hvmap_init(&m->pfa, &m->map, m->cpu.has_nx);
	return NULL;
}

/* Returns NULL, or what is wrong with the requested size. */
static const char *check_wish(u64 option, u64 limit)
{
	static char text[LOG_LINE_MAX];
	const u64 wish = option ? min_u64(option, limit) : limit;

	if (wish >> PAGE_SHIFT >= GUEST_MEM_MIN_FRAMES) {
		return NULL;
	}
	snprintf(text, sizeof(text),
		 "%s: %u KiB, and a guest needs %u KiB at least",
		 wish == option ? "guest.mem" : "mem= on its command line",
		 (unsigned)(wish >> 10),
		 GUEST_MEM_MIN_FRAMES * (PAGE_SIZE / 1024));
	return text;
}

/* Returns 0 if there is too little memory. */
static u32 count_frames(const struct machine *m, u64 limit)
{
	u32 free = pfa_count(&m->pfa, FRAME_FREE);
	u32 keep = free / HV_SHARE;
	u64 wanted = min_u64(m->options.guest_mem, limit);
	u32 most, frames;

	keep = keep > HV_MIN_FRAMES ? keep : HV_MIN_FRAMES;
	most = free > keep ? free - keep : 0;
	most = min_u32(most, (u32)(GUEST_MEM_MAX >> PAGE_SHIFT));
	if (wanted == 0) {
		frames = min_u32(free / 4 * 3,
				 (u32)(GUEST_MEM_DEFAULT_MAX >> PAGE_SHIFT));
		frames = (u32)min_u64(min_u32(frames, most),
				      limit >> PAGE_SHIFT);
	} else {
		frames = (u32)min_u64(wanted >> PAGE_SHIFT, most);
		if (frames < wanted >> PAGE_SHIFT) {
			log_warn("guest.mem: clipped to %u KiB, all there is",
				 frames * (PAGE_SIZE / 1024));
		}
	}
	return frames >= GUEST_MEM_MIN_FRAMES ? frames : 0;
}

const char *memory_guest_frames(const struct machine *m,
				const struct boot_info *info, u64 limit,
				u32 *frames)
{
	const char *error = check_wish(m->options.guest_mem, limit);

	if (error) {
		return error;
	}
	*frames = count_frames(m, limit);
	return *frames ? NULL : modules_no_memory(info);
}

void memory_log_frames(const struct machine *m, enum log_level level)
{
	for (u32 o = FRAME_FREE; o < FRAME_OWNERS; o++) {
		u32 n = pfa_count(&m->pfa, (enum frame_owner)o);

		log_line(level, "frames %s: %u (%u KiB)",
			 frame_owner_name((enum frame_owner)o), n,
			 n * (PAGE_SIZE / 1024));
	}
}
