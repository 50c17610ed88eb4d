/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hypercalls about page tables. Arguments are judged here, the work is the
 * shadow's (mm/shadow.h).
 *
 * Rules: lguest ABI 1.6, 2.2, 6.3, 6.4.
 */
#include "arch/x86/layout.h"
#include "hv/lib/log.h"
#include "hv/vmm/audit.h"
#include "hv/vmm/hc.h"
#include "mm/gaccess.h"

/*
 * Nothing in the ABI says which format a guest uses: its first table tells.
 * Entry 0 of Linux's first root is present; as a PAE root entry its low
 * dword has no flag but P and its high dword is small.
 */
static int choose_format(struct guest *g, u32 root)
{
	u32 entry[2];

	if (gaccess_read(&g->p2m, entry, mk_gpa(ROUND_DOWN(root, 32u)),
			 sizeof(entry))) {
		guest_kill(g, "first page table at 0x%08x is not in RAM", root);
		return -1;
	}
	switch (g->machine->options.paging) {
	case PAGING_2LEVEL:
		g->mmu.mode = GWALK_2LEVEL;
		break;
	case PAGING_PAE:
		g->mmu.mode = GWALK_PAE;
		break;
	case PAGING_AUTO:
		g->mmu.mode = (entry[0] & PAGE_MASK) == PTE_P && entry[1] < 0x10
				      ? GWALK_PAE
				      : GWALK_2LEVEL;
		break;
	}
	log_debug("guest: %s page tables",
		  g->mmu.mode == GWALK_PAE ? "PAE" : "2-level");
	return 0;
}

void hc_new_pgtable(struct vcpu *v, const struct hcall_args *a)
{
	struct guest *g = v->guest;
	const struct table_format *f;
	u32 root = a->arg[0];

	if (g->mmu.mode == GWALK_LINEAR && choose_format(g, root)) {
		return;
	}
	f = gwalk_format(&g->mmu);
	root = ROUND_DOWN(root, gformat_root_entries(f) * f->entry_size);
	if (sh_switch(&g->shadow, mk_gpa(root))) {
		guest_kill(g, "no memory for another address space");
		return;
	}
	v->cr3 = sh_cr3(&g->shadow);
}

void hc_flush_tlb(struct vcpu *v, const struct hcall_args *a)
{
	struct shadow *s = &v->guest->shadow;

	if (a->arg[0]) {
		sh_flush_all(s);
	} else {
		sh_flush_user(s);
	}
	audit_flush(v->guest, a->arg[0] != 0);
}

void hc_set_pte(struct vcpu *v, const struct hcall_args *a)
{
	struct guest *g = v->guest;
	bool has_high = g->mmu.mode == GWALK_PAE;
	u64 gpte = a->arg[2] | (has_high ? (u64)a->arg[3] << 32 : 0);
	u32 va = a->arg[1];
	const char *why;

	if (va >= SWITCH_BASE) {
		guest_kill(g, "SET_PTE for 0x%08x in the reserved area", va);
		return;
	}
	if (g->mmu.mode == GWALK_LINEAR) {
		return;
	}
	why = gpte & PTE_P ? gwalk_check_leaf(&g->mmu, mk_gpte(gpte)) : NULL;
	if (why) {
		guest_kill(g, "SET_PTE for 0x%08x: %s: 0x%x%08x", va, why,
			   HI32(gpte), LO32(gpte));
		return;
	}
	sh_set_pte(&g->shadow, mk_gpa(a->arg[0]), mk_gva(va));
}

void hc_set_pmd(struct vcpu *v, const struct hcall_args *a)
{
	struct guest *g = v->guest;

	if (g->mmu.mode == GWALK_2LEVEL) {
		guest_kill(g, "hypercall %u (SET_PMD) of a 2-level guest",
			   HC_SET_PMD);
		return;
	}
	sh_set_pmd(&g->shadow, mk_gpa(a->arg[0]), a->arg[1]);
}

void hc_set_pgd(struct vcpu *v, const struct hcall_args *a)
{
	struct guest *g = v->guest;
	u32 entries = gformat_root_entries(gwalk_format(&g->mmu));

	if (a->arg[1] >= entries) {
		guest_kill(g, "SET_PGD index %u: the table has %u", a->arg[1],
			   entries);
		return;
	}
	sh_set_pgd(&g->shadow, mk_gpa(a->arg[0]), a->arg[1]);
}
