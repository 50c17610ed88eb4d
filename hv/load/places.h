/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The places of a guest's modules in the machine's memory.
 */
#pragma once

#include "hv/load/modules.h"
#include "mm/memmap.h"

/*
 * Find the bytes of every module, once, when paging is on. @told is the map as
 * the loader told it, @map the machine's. Returns NULL, or why one cannot be
 * where it is said to be: the text names it, and any other that is in its way.
 */
const char *places_map(const struct memmap *told, const struct memmap *map,
		       struct guest_modules *m) __must_check;
