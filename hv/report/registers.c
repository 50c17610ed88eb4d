/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's registers and the state that goes with them.
 *
 * Distrusts: selectors, and what the guest wrote to struct lguest_data.
 * Next: hv/report/dump.c.
 */
#include <stdio.h>
#include <string.h>

#include "hv/lib/log.h"
#include "hv/report/guest_symbols.h"
#include "hv/report/report_priv.h"

#define SEL_TI	  4u
#define SEL_INDEX 3

/* High dword of a segment descriptor. SDM 3A 3.4.5. */
#define SEG_TYPE(hi) ((hi) >> 8 & 0xf)
#define SEG_CODE     0x8u
#define SEG_DPL(hi)  ((hi) >> 13 & 3)
#define SEG_PRESENT  0x00008000u
#define SEG_BIG	     0x00400000u
#define SEG_PAGES    0x00800000u

static const struct {
	u32 bit;
	const char *name;
} flags[] = {
	{ EFL_CF, " CF" }, { EFL_DF, " DF" }, { EFL_TF, " TF" },
	{ EFL_IF, " IF" }, { EFL_OF, " OF" }, { EFL_AC, " AC" },
};

static const char *flag_names(char text[32], u32 eflags)
{
	text[0] = '\0';
	for (u32 i = 0; i < ARRAY_SIZE(flags); i++) {
		if (eflags & flags[i].bit) {
			strcat(text, flags[i].name);
		}
	}
	return text;
}

void report_registers(const struct guest *g)
{
	const struct cpu_regs *r = g->vcpu.regs;
	char names[32];

	log_error("registers:");
	log_error("  eax 0x%08x  ebx 0x%08x  ecx 0x%08x  edx 0x%08x", r->eax,
		  r->ebx, r->ecx, r->edx);
	log_error("  esi 0x%08x  edi 0x%08x  ebp 0x%08x  esp 0x%08x", r->esi,
		  r->edi, r->ebp, r->esp);
	log_error("  eip 0x%08x  cr2 0x%08x  eflags 0x%08x%s", r->eip,
		  g->vcpu.cr2, r->eflags, flag_names(names, r->eflags));
}

/* Descriptor @sel names in the guest's GDT, in words. */
static void describe(const struct vcpu *v, char *text, size_t size, u32 sel)
{
	u32 index = sel >> SEL_INDEX, limit;
	struct desc d;

	if (sel <= SEL_RPL) {
		snprintf(text, size, "null");
		return;
	}
	if (sel & SEL_TI || index >= GDT_ENTRIES) {
		snprintf(text, size, "not in the GDT");
		return;
	}
	d = v->gdt[index];
	if (!(d.hi & SEG_PRESENT)) {
		snprintf(text, size, "not present (0x%08x %08x)", d.hi, d.lo);
		return;
	}
	limit = (d.hi & 0xf0000) | (d.lo & 0xffff);
	if (d.hi & SEG_PAGES) {
		limit = limit << PAGE_SHIFT | PAGE_MASK;
	}
	snprintf(text, size, "%s base 0x%08x limit 0x%08x ring %u, %u bits",
		 SEG_TYPE(d.hi) & SEG_CODE ? "code" : "data",
		 (d.hi & 0xff000000) | (d.hi & 0xff) << 16 | d.lo >> 16, limit,
		 SEG_DPL(d.hi), d.hi & SEG_BIG ? 32 : 16);
}

/* Registers with the same selector share a line. */
static void print_segments(const struct vcpu *v)
{
	const struct cpu_regs *r = v->regs;
	static const char *const name[] = {
		"cs", "ss", "ds", "es", "fs", "gs"
	};
	const u16 sel[] = { r->cs, r->ss, r->ds, r->es, v->fs, v->gs };
	char what[64], who[32];

	for (u32 i = 0; i < ARRAY_SIZE(sel); i++) {
		bool is_shown = false;

		who[0] = '\0';
		for (u32 k = 0; k < ARRAY_SIZE(sel); k++) {
			if (sel[k] == sel[i]) {
				is_shown = is_shown || k < i;
				strcat(who, name[k]);
				strcat(who, " ");
			}
		}
		if (!is_shown) {
			describe(v, what, sizeof(what), sel[i]);
			log_error("  %s0x%02x: %s", who, sel[i], what);
		}
	}
}

static void print_interrupts(const struct guest *g)
{
	volatile struct lguest_data *lg = g->lg;
	u32 enabled, blocked, pending;

	if (!lg) {
		log_error("  no LGUEST_INIT yet: no interrupts");
		return;
	}
	enabled = lg->irq_enabled;
	blocked = lg->blocked_interrupts;
	pending = lg->irq_pending;
	log_error("  interrupts %s (irq_enabled 0x%x, irq_pending 0x%x)",
		  enabled & LGUEST_IF ? "on" : "off", enabled, pending);
	log_error("  lines raised 0x%08x, blocked 0x%08x%s", g->virq.pending,
		  blocked, g->vcpu.is_halted ? "; halted" : "");
}

void report_control(const struct guest *g)
{
	static const char *const format[] = {
		[GWALK_LINEAR] = "none yet: addresses are physical",
		[GWALK_2LEVEL] = "2-level",
		[GWALK_PAE] = "PAE",
	};
	const struct vcpu *v = &g->vcpu;
	char where[48] = "";

	if (g->mmu.mode != GWALK_LINEAR) {
		snprintf(where, sizeof(where),
			 ", root 0x%08x, kernel from 0x%08x",
			 LO32(gpa_raw(g->mmu.root)),
			 g->shadow.kernel_first << PAE_PD_SHIFT);
	}
	log_error("control:");
	log_error("  paging %s%s", format[g->mmu.mode], where);
	print_interrupts(g);
	log_error("  ring %u; TS %s; kernel stack 0x%02x:0x%08x%s",
		  vcpu_in_kernel(v) ? 1 : 3, v->ts ? "set" : "clear", v->ss1,
		  v->esp1, v->ss1 ? "" : " (none yet)");
	print_segments(v);
}
