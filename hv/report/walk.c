/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The translation of the addresses that matter, level by level: the guest's
 * entries, the frame behind them, the shadow's entries.
 *
 * Next: mm/peek.c.
 */
#include "hv/lib/log.h"
#include "hv/report/guest_symbols.h"
#include "hv/report/report_priv.h"
#include "mm/peek.h"

/*
 * Flags of an entry, lowest last: present, writable, user, write-through,
 * uncached, accessed, dirty, large, global.
 */
static const char *letters(char text[10], u64 entry)
{
	static const char name[] = "GLDACTUWP";

	for (u32 i = 0; i < 9; i++) {
		text[i] = entry >> (8 - i) & 1 ? name[i] : '-';
	}
	text[9] = '\0';
	return text;
}

static void print_step(const char *who, const struct peek_step *s)
{
	char flags[10];

	if (s->entry == 0) {
		log_error("  %-6s %-9s [%3u] at 0x%08x: absent", who, s->level,
			  s->index, LO32(s->at));
		return;
	}
	log_error("  %-6s %-9s [%3u] at 0x%08x: 0x%08x %08x %s%s", who,
		  s->level, s->index, LO32(s->at), HI32(s->entry),
		  LO32(s->entry), letters(flags, s->entry),
		  s->entry & PTE_NX ? " NX" : "");
}

static void print_frame(const struct guest *g, u32 va)
{
	struct p2m *p2m = g->mmu.p2m;
	gpa_t a;
	mfn_t m;

	if (!peek_translate(&g->mmu, mk_gva(va), &a) ||
	    p2m_lookup(p2m, gpa_to_gfn(a), &m) != P2M_RAM) {
		log_error("  memory none");
		return;
	}
	log_error("  memory guest-physical 0x%08x, machine frame " PRI_mfn,
		  LO32(gpa_raw(a)), ARG_mfn(m));
}

static void walk(const struct guest *g, const char *what, u32 va)
{
	struct peek_step step[PEEK_LEVELS];
	u32 n = peek_guest(&g->mmu, mk_gva(va), step);

	log_error("walk of %s0x%08x:", what, va);
	if (g->mmu.mode == GWALK_LINEAR) {
		log_error("  guest  no tables yet: addresses are physical");
	}
	for (u32 i = 0; i < n; i++) {
		print_step("guest", &step[i]);
	}
	print_frame(g, va);
	n = peek_shadow(&g->shadow, mk_gva(va), step);
	for (u32 i = 0; i < n; i++) {
		print_step("shadow", &step[i]);
	}
}

static bool is_unmapped(const struct guest *g, u32 va)
{
	gpa_t a;

	return !peek_translate(&g->mmu, mk_gva(va), &a);
}

void report_walks(const struct guest *g)
{
	const struct cpu_regs *r = g->vcpu.regs;
	u32 fault = 0;
	bool has_fault = report_fault_address(g, &fault);

	if (has_fault) {
		walk(g, "", fault);
	}
	if (is_unmapped(g, r->eip) && !(has_fault && fault == r->eip)) {
		walk(g, "eip ", r->eip);
	}
	if (is_unmapped(g, r->esp - 4) &&
	    !(has_fault && fault >> PAGE_SHIFT == (r->esp - 4) >> PAGE_SHIFT)) {
		walk(g, "the stack ", r->esp - 4);
	}
}
