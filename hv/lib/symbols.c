/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Symbol look-up in the table that the build appends (.ci/symtab): sorted
 * by address, the Switcher's code last.
 */
#include "hv/lib/symbols.h"

struct entry {
	u32 addr;
	u32 name; /* offset into symtab_name */
};

extern const u32 symtab_count;
extern const struct entry symtab_entry[];
extern const char symtab_name[];

/* No function is longer: an address farther behind a symbol is in no code. */
#define FUNCTION_MAX 0x4000

const char *symbols_find(u32 addr, u32 *offset)
{
	const struct entry *best = NULL;

	for (u32 i = 0; i < symtab_count && symtab_entry[i].addr <= addr; i++) {
		best = &symtab_entry[i];
	}
	if (!best || addr - best->addr >= FUNCTION_MAX) {
		return NULL;
	}
	*offset = addr - best->addr;
	return symtab_name + best->name;
}
