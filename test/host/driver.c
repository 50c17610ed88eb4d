/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test/host/driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "test/host/fake_hvmap.h"

#define SPARE 16

struct driver_memory mem;

void driver_memory_init(u32 frames)
{
	static struct memmap map;
	u32 machine = frames + SPARE;

	map = (struct memmap){ .count = 1 };
	map.range[0] =
		(struct mem_range){ .base = PAGE_SIZE,
				    .len = (u64)(machine - 1) * PAGE_SIZE,
				    .kind = MEM_AVAILABLE };
	memset(&mem, 0, sizeof(mem));
	fake_hvmap_init(machine, machine);
	mem.pfa_table = malloc(pfa_table_size(machine));
	assert_non_null(mem.pfa_table);
	pfa_init(&mem.pfa, mem.pfa_table, machine, machine, &map);
	assert_int_equal(p2m_init(&mem.p2m, &mem.pfa, frames, 0), 0);
}

void driver_memory_free(void)
{
	free(mem.pfa_table);
	fake_hvmap_free();
}

void mem_put(u64 gpa, const void *bytes, u32 len)
{
	assert_int_equal(gaccess_write(&mem.p2m, mk_gpa(gpa), bytes, len), 0);
}

void mem_get(u64 gpa, void *bytes, u32 len)
{
	assert_int_equal(gaccess_read(&mem.p2m, bytes, mk_gpa(gpa), len), 0);
}

void mem_put16(u64 gpa, u16 v)
{
	mem_put(gpa, &v, sizeof(v));
}

u16 mem_get16(u64 gpa)
{
	u16 v;

	mem_get(gpa, &v, sizeof(v));
	return v;
}

u32 mem_get32(u64 gpa)
{
	u32 v;

	mem_get(gpa, &v, sizeof(v));
	return v;
}

struct ring ring_at(u64 base, u16 num)
{
	return (struct ring){ .desc = base,
			      .avail = base + 16u * num,
			      .used = ROUND_UP(base + 16u * num + 2u * num + 6,
					       PAGE_SIZE),
			      .num = num };
}

void ring_desc(const struct ring *r, u32 i, u64 addr, u32 len, u32 flags,
	       u32 next)
{
	mem_put(r->desc + 16 * i, &addr, 8);
	mem_put(r->desc + 16 * i + 8, &len, 4);
	mem_put16(r->desc + 16 * i + 12, (u16)flags);
	mem_put16(r->desc + 16 * i + 14, (u16)next);
}

void ring_offer(struct ring *r, u32 head)
{
	mem_put16(r->avail + 4 + 2u * (r->made % r->num), (u16)head);
	r->made++;
	mem_put16(r->avail + 2, r->made);
}

bool ring_done(struct ring *r, u32 *id, u32 *len)
{
	u64 at = r->used + 4 + 8u * (r->seen % r->num);

	if (mem_get16(r->used + 2) == r->seen) {
		return false;
	}
	r->seen++;
	*id = mem_get32(at);
	*len = mem_get32(at + 4);
	return true;
}
