/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names in an ELF32 file. Owns nothing and copies nothing: the file stays
 * where the boot loader put it, and every look-up is one pass over it.
 *
 * I1  No byte outside [file, file + size) is ever read.
 * I2  Work is bounded: a table with more than its *_MAX entries counts as
 *     absent.
 *
 * Distrusts every byte of the file. Entries are copied out before use.
 *
 * Next: hv/report/guest_symbols.c.
 */
#include "hv/report/elfsym.h"

#include <string.h>

#include "hv/load/elf.h"

#define SEGMENTS_MAX 64
#define SECTIONS_MAX 1024
#define SYMBOLS_MAX  0x40000
#define NAME_MAX     256

#define PT_LOAD	      1
#define PF_X	      1
#define SHT_SYMTAB    2
#define SHF_ALLOC     2
#define SHF_EXECINSTR 4
#define STT_NOTYPE    0
#define STT_OBJECT    1
#define STT_FUNC      2

/* A label without a size covers at most so many bytes, up to the next one. */
#define LABEL_MAX 0x4000

struct ehdr {
	u8 ident[16];
	u16 type, machine;
	u32 version, entry, phoff, shoff, flags;
	u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
_Static_assert(sizeof(struct ehdr) == 52, "ELF header");

struct phdr {
	u32 type, offset, vaddr, paddr, filesz, memsz, flags, align;
};
_Static_assert(sizeof(struct phdr) == 32, "ELF program header");

struct shdr {
	u32 name, type, flags, addr, offset, size, link, info, align, entsize;
};
_Static_assert(sizeof(struct shdr) == 40, "ELF section header");

struct sym {
	u32 name, value, size;
	u8 info, other;
	u16 shndx;
};
_Static_assert(sizeof(struct sym) == 16, "ELF symbol");

static bool is_in_file(const struct elf_symbols *s, u32 offset, u32 len)
{
	return offset <= s->size && len <= s->size - offset;
}

/* A table of @count entries of @size bytes, or an empty one. */
static struct elf_table table(const struct elf_symbols *s, u32 offset,
			      u32 count, u32 size, u32 max)
{
	if (count > max || !is_in_file(s, offset, count * size)) {
		return (struct elf_table){ 0, 0 };
	}
	return (struct elf_table){ offset, count };
}

/* Entry @i, which the table has. */
static void get(const struct elf_symbols *s, const struct elf_table *t, u32 i,
		void *out, u32 size)
{
	memcpy(out, s->file + t->offset + i * size, size);
}

static bool get_section(const struct elf_symbols *s, u32 i, struct shdr *out)
{
	if (i >= s->sections.count) {
		return false;
	}
	get(s, &s->sections, i, out, sizeof(*out));
	return true;
}

/* Section @i is a symbol table: take it, and its strings. */
static void open_symbols(struct elf_symbols *s, const struct shdr *h)
{
	struct shdr strings;

	if (h->entsize != sizeof(struct sym) ||
	    !get_section(s, h->link, &strings) ||
	    !is_in_file(s, strings.offset, strings.size)) {
		return;
	}
	s->symbols = table(s, h->offset, h->size / sizeof(struct sym),
			   sizeof(struct sym), SYMBOLS_MAX);
	s->strings = strings.offset;
	s->strings_size = strings.size;
}

void elfsym_open(struct elf_symbols *s, const void *file, u32 size)
{
	struct ehdr h;
	struct shdr section;

	*s = (struct elf_symbols){ .file = file, .size = size };
	if (!elf_is_elf(file, size) || size < sizeof(h)) {
		return;
	}
	memcpy(&h, file, sizeof(h));
	if (h.phentsize == sizeof(struct phdr)) {
		s->segments = table(s, h.phoff, h.phnum, sizeof(struct phdr),
				    SEGMENTS_MAX);
	}
	if (h.shentsize == sizeof(struct shdr)) {
		s->sections = table(s, h.shoff, h.shnum, sizeof(struct shdr),
				    SECTIONS_MAX);
	}
	for (u32 i = 0; get_section(s, i, &section); i++) {
		if (section.type == SHT_SYMTAB) {
			open_symbols(s, &section);
			return;
		}
	}
}

/* The name of @y. Returns false when it has none inside the file. */
static bool get_name(const struct elf_symbols *s, const struct sym *y,
		     struct elf_symbol *out)
{
	u32 max;

	if (y->name == 0 || y->name >= s->strings_size) {
		return false;
	}
	max = min_u32(s->strings_size - y->name, NAME_MAX);
	out->name = (const char *)s->file + s->strings + y->name;
	out->len = (u32)strnlen(out->name, max);
	/* Labels that only the assembler uses begin with a dot. */
	return out->len > 0 && out->len < max && out->name[0] != '.';
}

/* Does @y lie in memory, among code or among data? */
static bool is_kind(const struct elf_symbols *s, const struct sym *y,
		    bool is_code)
{
	u32 type = y->info & 0xf;
	struct shdr section;

	return (type == STT_NOTYPE ||
		type == (is_code ? STT_FUNC : STT_OBJECT)) &&
	       get_section(s, y->shndx, &section) &&
	       section.flags & SHF_ALLOC &&
	       !(section.flags & SHF_EXECINSTR) == !is_code;
}

static bool contains(const struct sym *y, u32 addr)
{
	return addr >= y->value &&
	       addr - y->value < (y->size ? y->size : LABEL_MAX);
}

/* Does @y name an address better than @best, both containing it? */
static bool is_better(const struct sym *y, const struct sym *best)
{
	if (!y->size != !best->size) {
		return y->size != 0;
	}
	return y->value > best->value;
}

bool elfsym_find(const struct elf_symbols *s, u32 addr, bool is_code,
		 struct elf_symbol *out)
{
	struct sym y, best = { 0 };
	struct elf_symbol named;
	bool found = false;

	for (u32 i = 0; i < s->symbols.count; i++) {
		get(s, &s->symbols, i, &y, sizeof(y));
		if (!contains(&y, addr) || (found && !is_better(&y, &best)) ||
		    !is_kind(s, &y, is_code) || !get_name(s, &y, &named)) {
			continue;
		}
		found = true;
		best = y;
		*out = named;
		out->offset = addr - y.value;
	}
	return found;
}

bool elfsym_value(const struct elf_symbols *s, const char *name, u32 *value)
{
	size_t len = strlen(name);
	struct elf_symbol named;
	struct sym y;

	for (u32 i = 0; i < s->symbols.count; i++) {
		get(s, &s->symbols, i, &y, sizeof(y));
		if (get_name(s, &y, &named) && named.len == len &&
		    !memcmp(named.name, name, len)) {
			*value = y.value;
			return true;
		}
	}
	return false;
}

static bool is_in(u32 addr, u32 start, u32 len)
{
	return addr >= start && addr - start < len;
}

bool elfsym_is_code(const struct elf_symbols *s, u32 addr)
{
	const u32 wanted = SHF_ALLOC | SHF_EXECINSTR;
	struct shdr h;
	struct phdr p;

	for (u32 i = 0; get_section(s, i, &h); i++) {
		if ((h.flags & wanted) == wanted &&
		    is_in(addr, h.addr, h.size)) {
			return true;
		}
	}
	for (u32 i = 0; !s->sections.count && i < s->segments.count; i++) {
		get(s, &s->segments, i, &p, sizeof(p));
		if (p.type == PT_LOAD && p.flags & PF_X &&
		    is_in(addr, p.vaddr, p.memsz)) {
			return true;
		}
	}
	return false;
}

bool elfsym_to_linked(const struct elf_symbols *s, u32 addr, u32 *out)
{
	struct phdr p;

	for (u32 i = 0; i < s->segments.count; i++) {
		get(s, &s->segments, i, &p, sizeof(p));
		if (p.type == PT_LOAD && is_in(addr, p.paddr, p.memsz)) {
			*out = addr - p.paddr + p.vaddr;
			return true;
		}
	}
	return false;
}

bool elfsym_to_loaded(const struct elf_symbols *s, u32 addr, u32 *out)
{
	struct phdr p;

	for (u32 i = 0; i < s->segments.count; i++) {
		get(s, &s->segments, i, &p, sizeof(p));
		if (p.type == PT_LOAD && is_in(addr, p.vaddr, p.memsz)) {
			*out = addr - p.vaddr + p.paddr;
			return true;
		}
	}
	return false;
}
