/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the readers of Multiboot 1 and 2 share: access to loader memory, and
 * the parts of a struct boot_info that both fill in alike.
 */
#pragma once

#include "hv/boot_info.h"

/*
 * How loader memory is read. Returns a pointer to @len readable bytes at
 * host-physical @addr, or NULL when that range is not readable. @len is not
 * zero and the range does not wrap.
 */
typedef const void *(*boot_phys_fn)(u32 addr, u32 len);

/*
 * Copy @len bytes (not zero) at @addr, which may be beyond 32 bits. Returns
 * false when they are not readable.
 */
bool boot_fetch(boot_phys_fn phys, u64 addr, void *dst, u32 len);

/*
 * Add the module at host-physical [@start, @end), in use in the map from now
 * on. Returns it, for its text, or NULL when it is unreadable or there are
 * too many.
 */
struct boot_module *boot_add_module(struct boot_info *out, boot_phys_fn phys,
				    u32 start, u32 end);

/* Does the loader's map name any usable memory? */
bool boot_has_memory(const struct boot_info *info);
