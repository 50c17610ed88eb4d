/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A block store in the hypervisor's memory, which writes change in place.
 */
#pragma once

#include "hv/dev/vblk.h"

/*
 * The @size bytes at @bytes, which stay there, but for a part of a sector at
 * their end.
 */
struct vblk_store store_mem(u8 *bytes, u32 size, bool is_read_only);
