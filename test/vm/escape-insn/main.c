// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every instruction that only ring 0 may execute faults in ring 1, and the
 * fault arrives in the guest.
 *
 * One that slipped through would hand over the machine.
 */
#include "test/lib/vm.h"

static u8 operand[8] = { 0 };

#define INSN(name, text)                                                       \
	static void name(void *arg)                                            \
	{                                                                      \
		__asm__ volatile(text                                          \
				 :                                             \
				 : "a"(arg), "c"(0), "d"(0)                    \
				 : "memory", "ebx", "edi", "esi");             \
	}

INSN(read_cr0, "movl %%cr0, %%ebx")
INSN(read_cr2, "movl %%cr2, %%ebx")
INSN(read_cr3, "movl %%cr3, %%ebx")
INSN(read_cr4, "movl %%cr4, %%ebx")
INSN(write_cr0, "movl %%ecx, %%cr0")
INSN(write_cr2, "movl %%ecx, %%cr2")
INSN(write_cr3, "movl %%ecx, %%cr3")
INSN(write_cr4, "movl %%ecx, %%cr4")
INSN(read_dr0, "movl %%dr0, %%ebx")
INSN(read_dr7, "movl %%dr7, %%ebx")
INSN(write_dr0, "movl %%ecx, %%dr0")
INSN(write_dr7, "movl %%ecx, %%dr7")
INSN(insn_lgdt, "lgdtl (%%eax)")
INSN(insn_lidt, "lidtl (%%eax)")
INSN(insn_lldt, "lldt %%cx")
INSN(insn_ltr, "ltr %%cx")
INSN(insn_lmsw, "lmsw %%cx")
INSN(insn_clts, "clts")
INSN(insn_invd, "invd")
INSN(insn_wbinvd, "wbinvd")
INSN(insn_invlpg, "invlpg (%%eax)")
INSN(insn_rdmsr, "rdmsr")
INSN(insn_wrmsr, "wrmsr")
INSN(insn_rdpmc, "rdpmc")
INSN(insn_insb, "movl %%eax, %%edi; insb")
INSN(insn_outsb, "movl %%eax, %%esi; outsb")
INSN(insn_sysenter, "movl %%esp, %%ebx; sysenter")
INSN(insn_sysexit, "sysexit")

struct insn {
	const char *name;
	void (*run)(void *arg);
};

#define ROW(fn)                                                                \
	{                                                                      \
#fn, fn                                                        \
	}

static const struct insn forbidden[] = {
	ROW(read_cr0),	    ROW(read_cr2),    ROW(read_cr3),
	ROW(read_cr4),	    ROW(write_cr0),   ROW(write_cr2),
	ROW(write_cr3),	    ROW(write_cr4),   ROW(read_dr0),
	ROW(read_dr7),	    ROW(write_dr0),   ROW(write_dr7),
	ROW(insn_lgdt),	    ROW(insn_lidt),   ROW(insn_lldt),
	ROW(insn_ltr),	    ROW(insn_lmsw),   ROW(insn_clts),
	ROW(insn_invd),	    ROW(insn_wbinvd), ROW(insn_invlpg),
	ROW(insn_rdmsr),    ROW(insn_wrmsr),  ROW(insn_rdpmc),
	ROW(insn_insb),	    ROW(insn_outsb),  ROW(insn_sysenter),
	ROW(insn_sysexit),
};

void main(void)
{
	size_t i;

	vm_init();
	vm_traps_init();
	for (i = 0; i < ARRAY_SIZE(forbidden); i++) {
		const struct vm_trap *trap = vm_try(forbidden[i].run, operand);

		if (trap == NULL) {
			vm_fail("%s was executed", forbidden[i].name);
		}
		if (trap->vector != TRAP_GP || trap->error != 0) {
			vm_fail("%s: trap %u error 0x%x", forbidden[i].name,
				trap->vector, trap->error);
		}
		hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
	}
	vm_pass();
}
