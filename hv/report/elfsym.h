/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names in an ELF32 file: its symbol table, searched in place.
 * Rules: System V ABI, "Sections", "Symbol Table".
 */
#pragma once

#include "hv/lib/types.h"

struct elf_table {
	u32 offset; /* in the file */
	u32 count;
};

struct elf_symbols {
	const u8 *file;
	u32 size;
	struct elf_table segments;
	struct elf_table sections; /* empty when there are too many */
	struct elf_table symbols;  /* likewise */
	u32 strings, strings_size; /* of the symbols; in the file */
};

struct elf_symbol {
	const char *name; /* in the file, untrusted ... */
	u32 len;	  /* ... and not terminated */
	u32 offset;	  /* of the address from the symbol's */
};

/*
 * Find the tables of the file. A table that is not wholly inside the file
 * counts as empty.
 */
void elfsym_open(struct elf_symbols *s, const void *file, u32 size);

/*
 * The symbol that contains @addr: of code, or of data. A sized function wins
 * over the labels inside it.
 */
bool elfsym_find(const struct elf_symbols *s, u32 addr, bool is_code,
		 struct elf_symbol *out);

/* The value of the first symbol called @name. */
bool elfsym_value(const struct elf_symbols *s, const char *name, u32 *value);

/* Is @addr in an executable section, or segment where there are none? */
bool elfsym_is_code(const struct elf_symbols *s, u32 addr);

/*
 * Translate @addr between the load address and the link address of its segment.
 * Returns false when it is in none.
 */
bool elfsym_to_linked(const struct elf_symbols *s, u32 addr, u32 *out);
bool elfsym_to_loaded(const struct elf_symbols *s, u32 addr, u32 *out);
