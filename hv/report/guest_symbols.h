/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names for a guest's addresses: from the symbols of its ELF file, else from
 * the table that a Linux kernel has in its memory, else none.
 */
#pragma once

#include "hv/vmm/guest.h"

#define GUEST_SYMBOL_TEXT 64

/* Find out where @g's names are. Everything below is about this guest. */
void guest_symbols_init(struct guest *g);

/*
 * "name+0x12", escaped, for an address of code; "" when it has no name. The
 * result is @text.
 */
const char *guest_symbols_code(char text[GUEST_SYMBOL_TEXT], u32 addr);

/* The same for a return address: the call may end its function. */
const char *guest_symbols_return(char text[GUEST_SYMBOL_TEXT], u32 addr);

/* The same as guest_symbols_code() for code or data. */
const char *guest_symbols_any(char text[GUEST_SYMBOL_TEXT], u32 addr);

/* Is @addr in the guest kernel's code, by all that is known? */
bool guest_symbols_is_code(u32 addr);

/*
 * Copy the bytes of the variable called @name, wherever the guest's tables
 * or its loader put them. False: no such name, or they cannot be read.
 */
bool guest_symbols_read(const char *name, void *dst, u32 len);

/* Copy kernel memory by its linked address. Returns 0 (all) or -1. */
int guest_symbols_read_at(void *unused, u32 va, void *dst, u32 len);
