/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test/host/fake_cpu.h"

#include "test/host/fake_hvmap.h"

/* From the manual, not from arch/x86/pte.h. */
#define P	(1ull << 0)
#define RW	(1ull << 1)
#define US	(1ull << 2)
#define A	(1ull << 5)
#define D	(1ull << 6)
#define PS	(1ull << 7)
#define NX	(1ull << 63)
#define ADDRESS 0x000ffffffffff000ull

#define PDPTE_RESERVED 0xfff00000000001e6ull
#define ENTRY_RESERVED 0x7ff0000000000000ull

#define ERROR_P	   0x01u
#define ERROR_W	   0x02u
#define ERROR_U	   0x04u
#define ERROR_RSVD 0x08u
#define ERROR_I	   0x10u

static u64 *entry_at(u64 table, u32 i)
{
	return (u64 *)fake_frame(mk_mfn((u32)(table >> 12))) + i;
}

/* The reserved bits of the entry at @level, 3 to 1. */
static u64 reserved(u32 level, bool has_nx)
{
	if (level == 3) {
		return PDPTE_RESERVED;
	}
	/* Large pages are not reserved, but nobody makes any. */
	return ENTRY_RESERVED | (has_nx ? 0 : NX) | (level == 2 ? PS : 0);
}

/* The three entries, top first. Returns 0, or the error code bits. */
static u32 find(u32 cr3, u32 va, bool has_nx, u64 *entry[3])
{
	const u32 shift[] = { 30, 21, 12 };
	const u32 mask[] = { 3, 511, 511 };
	u64 table = cr3 & ~0xfffu;
	u32 first = (cr3 & 0xfe0) / 8;

	for (u32 i = 0; i < 3; i++) {
		entry[i] = entry_at(table, first + (va >> shift[i] & mask[i]));
		if (!(*entry[i] & P)) {
			return ~0u;
		}
		if (*entry[i] & reserved(3 - i, has_nx)) {
			return ERROR_P | ERROR_RSVD;
		}
		table = *entry[i] & ADDRESS;
		first = 0;
	}
	return 0;
}

static struct cpu_walk rights_of(u64 *entry[3])
{
	u64 both = *entry[1] & *entry[2], any = *entry[1] | *entry[2];

	return (struct cpu_walk){ .is_ok = true,
				  .leaf = *entry[2],
				  .is_writable = both & RW,
				  .is_user = both & US,
				  .is_executable = !(any & NX) };
}

struct cpu_walk cpu_walk(u32 cr3, u32 va, u32 kind, bool has_nx)
{
	u64 *entry[3];
	u32 why = find(cr3, va, has_nx, entry);
	u32 error = kind & (ERROR_W | ERROR_U | (has_nx ? ERROR_I : 0));
	struct cpu_walk w = { .error = error };

	if (why) {
		w.error |= why == ~0u ? 0 : why;
		return w;
	}
	w = rights_of(entry);
	w.error = error | ERROR_P;
	if ((kind & ERROR_W && !w.is_writable) ||
	    (kind & ERROR_U && !w.is_user) ||
	    (kind & ERROR_I && !w.is_executable)) {
		w.is_ok = false;
		return w;
	}
	*entry[1] |= A;
	*entry[2] |= A | (kind & ERROR_W ? D : 0);
	w.leaf = *entry[2];
	return w;
}

struct cpu_walk cpu_look(u32 cr3, u32 va, bool has_nx)
{
	u64 *entry[3];

	if (find(cr3, va, has_nx, entry)) {
		return (struct cpu_walk){ .is_ok = false };
	}
	return rights_of(entry);
}
