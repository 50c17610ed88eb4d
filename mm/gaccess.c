/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access to guest memory by guest-physical address. Ranges are checked
 * before the first byte is moved, so an access happens wholly or not at all.
 *
 * Next: mm/gwalk.c, for guest-virtual addresses.
 */
#include "mm/gaccess.h"

#include <string.h>

#include "hv/lib/panic.h"
#include "mm/hvmap.h"

bool gaccess_is_ram(const struct p2m *p, gpa_t a, u32 len)
{
	u64 size = (u64)p->ram_frames << PAGE_SHIFT;

	return gpa_raw(a) <= size && len <= size - gpa_raw(a);
}

/* The hypervisor's address of a guest byte that is known to be RAM. */
static u8 *address_of(struct p2m *p, gpa_t a)
{
	mfn_t m;

	BUG_ON(p2m_lookup(p, gpa_to_gfn(a), &m) != P2M_RAM);
	return (u8 *)hvmap_page(m) + gpa_offset(a);
}

static u32 in_page(gpa_t a, u32 len)
{
	return min_u32(len, PAGE_SIZE - gpa_offset(a));
}

int gaccess_read(struct p2m *p, void *dst, gpa_t src, u32 len)
{
	u8 *to = dst;

	if (!gaccess_is_ram(p, src, len)) {
		return -1;
	}
	while (len > 0) {
		u32 n = in_page(src, len);

		memcpy(to, address_of(p, src), n);
		to += n;
		src = gpa_add(src, n);
		len -= n;
	}
	return 0;
}

int gaccess_write(struct p2m *p, gpa_t dst, const void *src, u32 len)
{
	const u8 *from = src;

	if (!gaccess_is_ram(p, dst, len)) {
		return -1;
	}
	while (len > 0) {
		u32 n = in_page(dst, len);

		p2m_note_write(p, gpa_to_gfn(dst));
		memcpy(address_of(p, dst), from, n);
		from += n;
		dst = gpa_add(dst, n);
		len -= n;
	}
	return 0;
}
