/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hypervisor's own address space (arch/x86/layout.h).
 */
#pragma once

#include "mm/addr.h"
#include "mm/memmap.h"
#include "mm/pfa.h"

/*
 * Build the tables and turn paging on. RAM of the sanitised @map below
 * DIRECT_LIMIT is mapped one to one: the image by sections, code read-only
 * and data not executable (where @has_nx), everything else writable and not
 * executable. Page 0 and the guard pages under the stacks stay absent.
 * Tables come from @pfa. Called once.
 */
void hvmap_init(struct pfa *pfa, const struct memmap *map, bool has_nx);

/* Host-physical address of the root, for CR3. */
u32 hvmap_root(void);

/*
 * A pointer to frame @f of RAM. Below DIRECT_LIMIT it is good for ever;
 * above it goes through a temporary slot, good until HVMAP_SLOTS - 1 further
 * calls for other such frames.
 */
#define HVMAP_SLOTS 8
void *hvmap_page(mfn_t f);

/* Is the pointer to @f good for ever? */
bool hvmap_is_direct(mfn_t f);

/* The frame behind a pointer into the one to one map. */
mfn_t hvmap_frame_of(const void *p);

/*
 * Address space for @count pages that hvmap_repin() maps, one after the
 * other. Panics when there is none left.
 */
void *hvmap_window(u32 count);

/* Map frames f[0] to f[@count - 1] at @window, in place of others. */
void hvmap_repin(void *window, const mfn_t *f, u32 count);

/*
 * Map @len bytes of device registers or firmware memory at host-physical
 * @addr, uncached, writable, for ever. Returns NULL when the space for such
 * maps is used up.
 */
void *hvmap_device(hpa_t addr, u32 len);

/* The same for RAM, cached: where the one to one map is absent. */
void *hvmap_ram(hpa_t addr, u32 len);

/* Map @f at @va in the Switcher window: executable code or writable data. */
void hvmap_switcher(u32 va, mfn_t f, bool is_code);
