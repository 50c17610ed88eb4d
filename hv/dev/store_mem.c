/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A block store in memory: a move is a copy, whole pages where the guest's
 * buffers are such, and over when it returns.
 */
#include "hv/dev/store_mem.h"

static int move(void *ctx, const struct vblk_move *m)
{
	u8 *bytes = (u8 *)ctx + m->at;

	return m->is_write ? gaccess_read(m->p2m, bytes, m->gpa, m->len)
			   : gaccess_write(m->p2m, m->gpa, bytes, m->len);
}

struct vblk_store store_mem(u8 *bytes, u32 size, bool is_read_only)
{
	return (struct vblk_store){
		.move = move,
		.ctx = bytes,
		.size = ROUND_DOWN(size, VBLK_SECTOR_SIZE),
		.is_read_only = is_read_only,
	};
}
