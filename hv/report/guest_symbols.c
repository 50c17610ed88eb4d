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
#include "mm/gaccess.h"
#include "mm/hvmap.h"
#include "mm/peek.h"

/* Large enough for any usual Linux kernel with its data. */
#define KALLSYMS_FROM 0x00100000u
#define KALLSYMS_TO   0x04000000u

#define NAME_SHOWN 48

/* An address farther behind a symbol of unknown size is in no function. */
#define FUNCTION_MAX 0x4000u

static int read_physical(void *ctx, u32 at, void *dst, u32 len)
{
	struct guest *g = ctx;

	return gaccess_read(&g->p2m, dst, mk_gpa(at), len);
}

void guest_symbols_open(struct guest_symbols *s, struct guest *g)
{
	const struct reader physical = { .read = read_physical, .ctx = g };
	const struct module *m = &g->modules->kernel;
	u32 ram = g->p2m.ram_frames << PAGE_SHIFT;

	s->guest = g;
	s->kallsyms.count = 0;
	s->elf = (struct elf_symbols){ 0 };
	if (hpa_raw(m->base) + m->size <= DIRECT_LIMIT) {
		elfsym_open(&s->elf, (const void *)(uintptr_t)hpa_raw(m->base),
			    m->size);
	}
	if (s->elf.symbols.count == 0) {
		kallsyms_open(&s->kallsyms, &physical, KALLSYMS_FROM,
			      min_u32(ram, KALLSYMS_TO));
	}
}

/* Where @addr was linked to be. */
static u32 linked(const struct guest_symbols *s, u32 addr)
{
	u32 va;

	return s->guest->mmu.mode == GWALK_LINEAR &&
			       elfsym_to_linked(&s->elf, addr, &va)
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

static bool find_in_kallsyms(const struct guest_symbols *s, u32 addr,
			     struct kallsym *y)
{
	return s->kallsyms.count && kallsyms_find(&s->kallsyms, addr, y) &&
	       strchr("tTwW", y->type) && addr - y->value < FUNCTION_MAX;
}

/* The name of @addr, with the offset of @addr + @more. */
static const char *find_code(const struct guest_symbols *s,
			     char text[GUEST_SYMBOL_TEXT], u32 addr, u32 more)
{
	struct elf_symbol named;
	struct kallsym y;

	addr = linked(s, addr);
	if (elfsym_find(&s->elf, addr, true, &named)) {
		return format(text, named.name, named.len, named.offset + more);
	}
	if (find_in_kallsyms(s, addr, &y)) {
		return format(text, y.name, sizeof(y.name),
			      addr - y.value + more);
	}
	text[0] = '\0';
	return text;
}

const char *guest_symbols_code(const struct guest_symbols *s,
			       char text[GUEST_SYMBOL_TEXT], u32 addr)
{
	return find_code(s, text, addr, 0);
}

const char *guest_symbols_return(const struct guest_symbols *s,
				 char text[GUEST_SYMBOL_TEXT], u32 addr)
{
	return find_code(s, text, addr - 1, 1);
}

const char *guest_symbols_any(const struct guest_symbols *s,
			      char text[GUEST_SYMBOL_TEXT], u32 addr)
{
	const char *code = guest_symbols_code(s, text, addr);
	struct elf_symbol named;

	if (!*code && elfsym_find(&s->elf, linked(s, addr), false, &named)) {
		return format(text, named.name, named.len, named.offset);
	}
	return code;
}

bool guest_symbols_is_code(const struct guest_symbols *s, u32 addr)
{
	struct kallsym y;

	addr = linked(s, addr);
	return elfsym_is_code(&s->elf, addr) || find_in_kallsyms(s, addr, &y);
}

int guest_symbols_read_at(const struct guest_symbols *s, u32 va, void *dst,
			  u32 len)
{
	struct guest *g = s->guest;
	u32 kernel = g->shadow.kernel_first << PAE_PD_SHIFT;
	u32 pa = va - kernel;

	if (!peek_read(&g->mmu, dst, mk_gva(va), len)) {
		return 0;
	}
	/* Linux maps its memory one to one from there on. */
	if (elfsym_to_loaded(&s->elf, va, &pa) || va >= kernel) {
		return gaccess_read(&g->p2m, dst, mk_gpa(pa), len);
	}
	return -1;
}

bool guest_symbols_read(const struct guest_symbols *s, const char *name,
			void *dst, u32 len)
{
	u32 va;

	if (!elfsym_value(&s->elf, name, &va) &&
	    !(s->kallsyms.count && kallsyms_value(&s->kallsyms, name, &va))) {
		return false;
	}
	return !guest_symbols_read_at(s, va, dst, len);
}
