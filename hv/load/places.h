/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The places of a guest's modules in the machine's memory.
 */
#pragma once

#include "hv/load/modules.h"
#include "mm/memmap.h"

/*
 * Find the bytes of every module. Call it once, with paging on. @told is the
 * loader's memory map, @map the machine's. Returns NULL, or why a module cannot
 * be where the loader put it: the text names it, and any that it overlaps.
 */
const char *places_map(const struct memmap *told, const struct memmap *map,
		       struct guest_modules *m) __must_check;
