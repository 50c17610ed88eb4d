/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names for a guest's addresses: from the symbols of its ELF file, else from
 * the table that a Linux kernel has in its memory, else none.
 */
#pragma once

#include "hv/report/elfsym.h"
#include "hv/report/kallsyms.h"
#include "hv/vmm/guest.h"

#define GUEST_SYMBOL_TEXT 64

/* Where a guest's names are. */
struct guest_symbols {
	struct guest *guest;
	struct elf_symbols elf;
	struct kallsyms kallsyms;
};

/* Find the symbols of @g. The result is valid as long as @g does not run. */
void guest_symbols_open(struct guest_symbols *s, struct guest *g);

/*
 * "name+0x12", escaped, for an address of code; "" when it has no name. The
 * result is @text.
 */
const char *guest_symbols_code(const struct guest_symbols *s,
			       char text[GUEST_SYMBOL_TEXT], u32 addr);

/* The same for a return address, even if the call is its function's end. */
const char *guest_symbols_return(const struct guest_symbols *s,
				 char text[GUEST_SYMBOL_TEXT], u32 addr);

/* The same as guest_symbols_code() for code or data. */
const char *guest_symbols_any(const struct guest_symbols *s,
			      char text[GUEST_SYMBOL_TEXT], u32 addr);

/* Is @addr in the guest kernel's code, as far as is known? */
bool guest_symbols_is_code(const struct guest_symbols *s, u32 addr);

/*
 * Copy the bytes of the variable called @name, wherever the guest's tables
 * or its loader put them. False: no such name, or they cannot be read.
 */
bool guest_symbols_read(const struct guest_symbols *s, const char *name,
			void *dst, u32 len);

/* Copy kernel memory by its linked address. Returns 0 (all) or -1. */
int guest_symbols_read_at(const struct guest_symbols *s, u32 va, void *dst,
			  u32 len);
