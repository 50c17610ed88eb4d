/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the loader's memory map to a running allocator and address space.
 */
#pragma once

#include "hv/load/boot_info.h"
#include "hv/pc/machine.h"

/*
 * Fill m->map and m->pfa from @info and turn paging on. Returns NULL, or why
 * this machine's memory cannot be used.
 */
const char *memory_init(struct machine *m, const struct boot_info *info);

/*
 * How many frames the guest gets: as guest.mem= says, or the default, but not
 * more than @limit bytes. With less memory than that it gets less, which is
 * logged. Returns NULL and the number in *@frames, or why it gets none.
 */
const char *memory_guest_frames(const struct machine *m,
				const struct boot_info *info, u64 limit,
				u32 *frames) __must_check;

/* Print how many frames each owner has, at @level. */
void memory_log_frames(const struct machine *m, enum log_level level);
