// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every instruction that only ring 0 may execute faults in ring 1, and the
 * fault arrives in the guest.
 *
 * One that slipped through would hand over the machine. QEMU 10.0 executes
 * INVD and WBINVD in any ring, against the SDM (volume 2, "INVD"), as it has
 * no caches to lose: there they may pass if memory keeps what it held, which
 * the verdict says.
 */
#include "test/lib/vm.h"

static u8 operand[8] = { 0 };

#define INSN(name, text)                                           \
	static void name(void *arg)                                \
	{                                                          \
		__asm__ volatile(text                              \
				 :                                 \
				 : "a"(arg), "c"(0), "d"(0)        \
				 : "memory", "ebx", "edi", "esi"); \
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
INSN(insn_rdpmc, "rdpmc")
INSN(insn_insb, "movl %%eax, %%edi; insb")
INSN(insn_outsb, "movl %%eax, %%esi; outsb")
INSN(insn_sysenter, "movl %%esp, %%ebx; sysenter")
INSN(insn_sysexit, "sysexit")

struct insn {
	const char *name;
	void (*run)(void *arg);
};

static const struct insn forbidden[] = {
	{ "read_cr0", read_cr0 },	    { "read_cr2", read_cr2 },
	{ "read_cr3", read_cr3 },	    { "read_cr4", read_cr4 },
	{ "write_cr0", write_cr0 },	    { "write_cr2", write_cr2 },
	{ "write_cr3", write_cr3 },	    { "write_cr4", write_cr4 },
	{ "read_dr0", read_dr0 },	    { "read_dr7", read_dr7 },
	{ "write_dr0", write_dr0 },	    { "write_dr7", write_dr7 },
	{ "insn_lgdt", insn_lgdt },	    { "insn_lidt", insn_lidt },
	{ "insn_lldt", insn_lldt },	    { "insn_ltr", insn_ltr },
	{ "insn_lmsw", insn_lmsw },	    { "insn_clts", insn_clts },
	{ "insn_invlpg", insn_invlpg },	    { "insn_rdpmc", insn_rdpmc },
	{ "insn_insb", insn_insb },	    { "insn_outsb", insn_outsb },
	{ "insn_sysenter", insn_sysenter }, { "insn_sysexit", insn_sysexit },
};

static const struct insn cache[] = {
	{ "insn_invd", insn_invd },
	{ "insn_wbinvd", insn_wbinvd },
};

/*
 * Registers that exist, and what a guest would gain: time stamp, APIC, where
 * SYSENTER and SYSCALL go, page attributes, debug control, the extended
 * features; then numbers that no processor has, at every border.
 */
static const u32 msr[] = {
	0,	    0x10,	0x1b,	    0x3a,	0x8b,	    0x174,
	0x175,	    0x176,	0x1a0,	    0x1d9,	0x277,	    0x2ff,
	0x300,	    0x7ff,	0x800,	    0x83f,	0x1fff,	    0x2000,
	0x40000000, 0x7fffffff, 0x80000000, 0xbfffffff, 0xc0000080, 0xc0000081,
	0xc0000082, 0xc0000100, 0xc0010015, 0xc0011fff, 0xdeadbeef, 0xffffffff,
};

static void read_msr(void *number)
{
	__asm__ volatile("rdmsr" : : "c"(*(u32 *)number) : "eax", "edx");
}

static void write_msr(void *number)
{
	__asm__ volatile("wrmsr" : : "c"(*(u32 *)number), "a"(0), "d"(0));
}

static void check_fault(const char *name, const struct vm_trap *trap)
{
	if (trap->vector != TRAP_GP || trap->error != 0) {
		vm_fail("%s: trap %u error 0x%x", name, trap->vector,
			trap->error);
	}
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
}

static void must_fault(const char *name, void (*run)(void *), void *arg)
{
	const struct vm_trap *trap = vm_try(run, arg);

	if (trap == NULL) {
		vm_fail("%s was executed", name);
	}
	check_fault(name, trap);
}

/* Whether a change of the caches was executed; nothing may be lost by it. */
static bool was_executed(const struct insn *insn)
{
	static volatile u8 memory[4 * PAGE_SIZE];
	const struct vm_trap *trap;

	for (u32 i = 0; i < sizeof(memory); i++) {
		memory[i] = (u8)(i * 7 + 1);
	}
	trap = vm_try(insn->run, operand);
	for (u32 i = 0; i < sizeof(memory); i++) {
		if (memory[i] != (u8)(i * 7 + 1)) {
			vm_fail("%s lost memory", insn->name);
		}
	}
	if (trap) {
		check_fault(insn->name, trap);
	}
	return trap == NULL;
}

void main(void)
{
	u32 executed = 0;

	vm_init();
	vm_traps_init();
	for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++) {
		must_fault(forbidden[i].name, forbidden[i].run, operand);
	}
	for (size_t i = 0; i < ARRAY_SIZE(msr); i++) {
		u32 number = msr[i];

		must_fault("rdmsr", read_msr, &number);
		must_fault("wrmsr", write_msr, &number);
	}
	for (size_t i = 0; i < ARRAY_SIZE(cache); i++) {
		executed += was_executed(&cache[i]);
	}
	if (executed) {
		vm_shutdown("PASS, but the emulator executes INVD or WBINVD",
			    SHUTDOWN_POWEROFF);
	}
	vm_pass();
}
