/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names for a guest's addresses.
 *
 * Before paging a guest runs where it was loaded, which need not be where it
 * was linked: symbols then apply to the linked address.
 *
 * Distrusts: the ELF file and the guest's memory; names are escaped and cut.
 * Next: hv/report/elfsym.c, hv/report/kallsyms.c.
 */
#include "hv/report/guest_symbols.h"

#include <stdio.h>
#include <string.h>

#include "arch/x86/layout.h"
#include "hv/lib/log.h"
#include "hv/report/elfsym.h"
#include "hv/report/kallsyms.h"
#include "mm/gaccess.h"
#include "mm/hvmap.h"
#include "mm/peek.h"

/* Where a Linux kernel with its data lies, unless it is a giant. */
#define KALLSYMS_FROM 0x00100000u
#define KALLSYMS_TO   0x04000000u

#define NAME_SHOWN 48

/* Farther behind a symbol of unknown size an address is in no function. */
#define FUNCTION_MAX 0x4000u

static struct guest *guest;
static struct elf_symbols elf;
static struct kallsyms kallsyms;

static int read_physical(void *unused, u32 at, void *dst, u32 len)
{
	(void)unused;
	return gaccess_read(&guest->p2m, dst, mk_gpa(at), len);
}

void guest_symbols_init(struct guest *g)
{
	const struct reader physical = { .read = read_physical };
	const struct module *m = &g->modules->kernel;
	u32 ram = g->p2m.ram_frames << PAGE_SHIFT;

	guest = g;
	kallsyms.count = 0;
	elf = (struct elf_symbols){ 0 };
	if (hpa_raw(m->base) + m->size <= DIRECT_LIMIT) {
		elfsym_open(&elf, (const void *)(uintptr_t)hpa_raw(m->base),
			    m->size);
	}
	if (elf.symbols.count == 0) {
		kallsyms_open(&kallsyms, &physical, KALLSYMS_FROM,
			      min_u32(ram, KALLSYMS_TO));
	}
}

/* Where @addr was linked to be. */
static u32 linked(u32 addr)
{
	u32 va;

	return guest->mmu.mode == GWALK_LINEAR &&
			       elfsym_to_linked(&elf, addr, &va)
		       ? va
		       : addr;
}

static const char *format(char text[GUEST_SYMBOL_TEXT], const char *name,
			  u32 len, u32 offset)
{
	char shown[NAME_SHOWN];

	log_escape(shown, sizeof(shown), name, len);
	snprintf(text, GUEST_SYMBOL_TEXT, "%s+0x%x", shown, offset);
	return text;
}

static bool find_in_kallsyms(u32 addr, struct kallsym *y)
{
	return kallsyms.count && kallsyms_find(&kallsyms, addr, y) &&
	       strchr("tTwW", y->type) && addr - y->value < FUNCTION_MAX;
}

/* The name of @addr, the offset being that of @addr + @more. */
static const char *find_code(char text[GUEST_SYMBOL_TEXT], u32 addr, u32 more)
{
	struct elf_symbol named;
	static struct kallsym y;

	addr = linked(addr);
	if (elfsym_find(&elf, addr, true, &named)) {
		return format(text, named.name, named.len, named.offset + more);
	}
	if (find_in_kallsyms(addr, &y)) {
		return format(text, y.name, sizeof(y.name),
			      addr - y.value + more);
	}
	text[0] = '\0';
	return text;
}

const char *guest_symbols_code(char text[GUEST_SYMBOL_TEXT], u32 addr)
{
	return find_code(text, addr, 0);
}

const char *guest_symbols_return(char text[GUEST_SYMBOL_TEXT], u32 addr)
{
	return find_code(text, addr - 1, 1);
}

const char *guest_symbols_any(char text[GUEST_SYMBOL_TEXT], u32 addr)
{
	const char *code = guest_symbols_code(text, addr);
	struct elf_symbol named;

	if (!*code && elfsym_find(&elf, linked(addr), false, &named)) {
		return format(text, named.name, named.len, named.offset);
	}
	return code;
}

bool guest_symbols_is_code(u32 addr)
{
	static struct kallsym y;

	addr = linked(addr);
	return elfsym_is_code(&elf, addr) || find_in_kallsyms(addr, &y);
}

int guest_symbols_read_at(void *unused, u32 va, void *dst, u32 len)
{
	u32 kernel = guest->shadow.kernel_first << PAE_PD_SHIFT;
	u32 pa = va - kernel;

	(void)unused;
	if (!peek_read(&guest->mmu, dst, mk_gva(va), len)) {
		return 0;
	}
	/* Linux maps its memory one to one from there on. */
	if (elfsym_to_loaded(&elf, va, &pa) || va >= kernel) {
		return gaccess_read(&guest->p2m, dst, mk_gpa(pa), len);
	}
	return -1;
}

bool guest_symbols_read(const char *name, void *dst, u32 len)
{
	u32 va;

	if (!elfsym_value(&elf, name, &va) &&
	    !(kallsyms.count && kallsyms_value(&kallsyms, name, &va))) {
		return false;
	}
	return !guest_symbols_read_at(NULL, va, dst, len);
}
