/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arena is a file in memory, mapped once as a whole for the test, once
 * up to the limit for the direct map, and page by page for the slots.
 */
#define _GNU_SOURCE
#include "test/host/fake_hvmap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mm/hvmap.h"

#define JUNK 0xa5

static struct {
	int file;
	u32 frames, direct_frames;
	u8 *all, *direct, *slots;
	mfn_t in_slot[HVMAP_SLOTS]; /* the last used one comes first */
	u8 *slot[HVMAP_SLOTS];
} arena;

static void must(bool ok, const char *what)
{
	if (!ok) {
		perror(what);
		abort();
	}
}

static void *map_shared(void *at, size_t frames, off_t first)
{
	void *p = mmap(at, frames * PAGE_SIZE, PROT_READ | PROT_WRITE,
		       MAP_SHARED | (at ? MAP_FIXED : 0), arena.file,
		       first * PAGE_SIZE);

	must(p != MAP_FAILED, "mmap");
	return p;
}

void fake_hvmap_init(u32 frames, u32 direct_frames)
{
	arena.frames = frames;
	arena.direct_frames = direct_frames;
	arena.file = memfd_create("machine", 0);
	must(arena.file >= 0, "memfd_create");
	must(!ftruncate(arena.file, (off_t)frames * PAGE_SIZE), "ftruncate");
	arena.all = map_shared(NULL, frames, 0);
	arena.direct = map_shared(NULL, direct_frames, 0);
	arena.slots = map_shared(NULL, HVMAP_SLOTS, 0);
	for (u32 i = 0; i < HVMAP_SLOTS; i++) {
		arena.in_slot[i] = INVALID_mfn;
		arena.slot[i] = arena.slots + (size_t)i * PAGE_SIZE;
	}
	memset(arena.all, JUNK, (size_t)frames * PAGE_SIZE);
}

void fake_hvmap_free(void)
{
	munmap(arena.all, (size_t)arena.frames * PAGE_SIZE);
	munmap(arena.direct, (size_t)arena.direct_frames * PAGE_SIZE);
	munmap(arena.slots, (size_t)HVMAP_SLOTS * PAGE_SIZE);
	close(arena.file);
}

bool fake_has_frame(mfn_t f)
{
	return mfn_raw(f) < arena.frames;
}

void *fake_frame(mfn_t f)
{
	must(fake_has_frame(f), "a frame beyond the machine");
	return arena.all + (size_t)mfn_raw(f) * PAGE_SIZE;
}

/* No pointer lasts longer here than mm/hvmap.h promises. */
static void *map_in_slot(mfn_t f)
{
	u32 i = 0;
	u8 *slot;

	while (i < HVMAP_SLOTS - 1 && !mfn_eq(arena.in_slot[i], f)) {
		i++;
	}
	slot = arena.slot[i];
	if (!mfn_eq(arena.in_slot[i], f)) {
		map_shared(slot, 1, (off_t)mfn_raw(f));
	}
	memmove(&arena.in_slot[1], &arena.in_slot[0], i * sizeof(mfn_t));
	memmove(&arena.slot[1], &arena.slot[0], i * sizeof(u8 *));
	arena.in_slot[0] = f;
	arena.slot[0] = slot;
	return slot;
}

bool hvmap_is_direct(mfn_t f)
{
	return mfn_raw(f) < arena.direct_frames;
}

void *hvmap_page(mfn_t f)
{
	must(fake_has_frame(f), "hvmap_page() beyond the machine");
	if (mfn_raw(f) < arena.direct_frames) {
		return arena.direct + (size_t)mfn_raw(f) * PAGE_SIZE;
	}
	return map_in_slot(f);
}

mfn_t hvmap_frame_of(const void *p)
{
	size_t offset = (size_t)((const u8 *)p - arena.direct);

	must(offset < (size_t)arena.direct_frames * PAGE_SIZE,
	     "hvmap_frame_of() outside the one to one map");
	return mk_mfn((u32)(offset / PAGE_SIZE));
}
