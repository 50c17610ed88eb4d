// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What ring 3 may not do arrives in the guest's kernel as the fault a
 * processor raises, with the frame of one: privileged instructions, gates of
 * another level, hypercalls. Nothing of it is carried out.
 *
 * A program that could make hypercalls or port accesses would own its kernel.
 */
#include "test/lib/paging.h"

#define USER_CS	  0x73u
#define USER_DS	  0x7bu
#define EFLAGS_IF 0x200u
#define HYPERCALL 0x1fu
#define SYSCALL	  0x80u
#define STUB_SIZE 16u

#define INSN(name, text)                                    \
	static void name(void)                              \
	{                                                   \
		__asm__ volatile("xorl %eax, %eax\n\t"      \
				 "xorl %ecx, %ecx\n\t"      \
				 "xorl %edx, %edx\n\t"      \
				 "movl $user_esp, %ebx\n\t" \
				 "movl %esp, (%ebx)\n\t"    \
				 "1: " text "\n\t"          \
				 "ud2\n\t"                  \
				 ".globl at_" #name "\n"    \
				 "at_" #name " = 1b");      \
	}                                                   \
	extern const u8 at_##name[];

/* Also where those that store may store. */
u32 user_esp, user_pad;

INSN(insn_cli, "cli")
INSN(insn_sti, "sti")
INSN(insn_hlt, "hlt")
INSN(insn_in, "inb $0x64, %al")
INSN(insn_inl, "inl %dx, %eax")
INSN(insn_out, "outb %al, %dx")
INSN(insn_insb, "insb")
INSN(insn_rdmsr, "rdmsr")
INSN(insn_wrmsr, "wrmsr")
INSN(insn_cr0, "movl %cr0, %eax")
INSN(insn_cr3, "movl %eax, %cr3")
INSN(insn_dr7, "movl %eax, %dr7")
INSN(insn_lgdt, "lgdtl (%ebx)")
INSN(insn_lidt, "lidtl (%ebx)")
INSN(insn_lldt, "lldt %ax")
INSN(insn_ltr, "ltr %ax")
INSN(insn_lmsw, "lmsw %ax")
INSN(insn_clts, "clts")
INSN(insn_invlpg, "invlpg (%ebx)")
INSN(insn_wbinvd, "wbinvd")
INSN(insn_sysenter, "sysenter")
INSN(insn_sysexit, "sysexit")

struct insn {
	const char *name;
	void (*run)(void);
	const u8 *at;
};

#define ENTRY(name)                    \
	{                              \
#name, name, at_##name \
	}

static const struct insn forbidden[] = {
	ENTRY(insn_cli),     ENTRY(insn_sti),	 ENTRY(insn_hlt),
	ENTRY(insn_in),	     ENTRY(insn_inl),	 ENTRY(insn_out),
	ENTRY(insn_insb),    ENTRY(insn_rdmsr),	 ENTRY(insn_wrmsr),
	ENTRY(insn_cr0),     ENTRY(insn_cr3),	 ENTRY(insn_dr7),
	ENTRY(insn_lgdt),    ENTRY(insn_lidt),	 ENTRY(insn_lldt),
	ENTRY(insn_ltr),     ENTRY(insn_lmsw),	 ENTRY(insn_clts),
	ENTRY(insn_invlpg),  ENTRY(insn_sysenter), ENTRY(insn_sysexit),
};

/* QEMU 10.0 executes it in any ring, as test/vm/escape-insn says. */
static const struct insn cache = ENTRY(insn_wbinvd);

/* Not forbidden: they run as on a bare processor. */
INSN(insn_rdtsc, "rdtsc")
INSN(insn_cpuid, "xorl %ebx, %ebx; cpuid")
INSN(insn_sgdt, "sgdtl (%ebx)")
INSN(insn_sidt, "sidtl (%ebx)")
INSN(insn_sldt, "sldt (%ebx)")
INSN(insn_smsw, "smsw (%ebx)")
INSN(insn_str, "str (%ebx)")
INSN(insn_popf, "pushfl; popfl")
INSN(insn_fnop, "fnop")

static const struct insn allowed[] = {
	ENTRY(insn_rdtsc), ENTRY(insn_cpuid), ENTRY(insn_sgdt),
	ENTRY(insn_sidt),  ENTRY(insn_sldt),  ENTRY(insn_smsw),
	ENTRY(insn_str),   ENTRY(insn_popf),  ENTRY(insn_fnop),
};

/* "int $n" for every n; an undefined instruction behind each. */
extern const u8 int_stubs[];
__asm__(".text\n"
	".balign 16\n"
	"int_stubs:\n"
	".set n, 0\n"
	".rept 256\n"
	".balign 16\n"
	".byte 0xcd, n\n"
	"ud2\n"
	".set n, n + 1\n"
	".endr\n");

static void check_frame(const char *name, const struct vm_trap *trap, u32 eip)
{
	if (trap->eip != eip || trap->cs != USER_CS || trap->ss != USER_DS) {
		vm_fail("%s: at 0x%x, not 0x%x, cs 0x%x ss 0x%x", name,
			trap->eip, eip, trap->cs, trap->ss);
	}
	VM_CHECK(trap->top == pg_trap_stack_top());
	VM_CHECK(trap->eflags & EFLAGS_IF);
	VM_CHECK(trap->irq_enabled == 0);
}

static const struct vm_trap *run(void (*fn)(void))
{
	lg_write(LG_IRQ_ENABLED, EFLAGS_IF);
	return pg_user_try(fn);
}

/* Whether the undefined instruction behind it was reached. */
static bool was_executed(const struct vm_trap *trap, const struct insn *insn)
{
	return trap->vector == TRAP_UD && trap->eip > (u32)insn->at;
}

static void check_forbidden(const struct insn *insn)
{
	const struct vm_trap *trap = run(insn->run);

	if (trap->vector != TRAP_GP || trap->error != 0) {
		vm_fail("%s: trap %u error 0x%x", insn->name, trap->vector,
			trap->error);
	}
	check_frame(insn->name, trap, (u32)insn->at);
	VM_CHECK(trap->esp == user_esp);
}

static void check_allowed(const struct insn *insn)
{
	const struct vm_trap *trap = run(insn->run);

	if (!was_executed(trap, insn)) {
		vm_fail("%s: trap %u error 0x%x at 0x%x", insn->name,
			trap->vector, trap->error, trap->eip);
	}
}

/* All gates are of the kernel's level: refused, and the index is named. */
static void check_gates(void)
{
	for (u32 n = 0; n < VECTORS; n++) {
		u32 stub = (u32)&int_stubs[n * STUB_SIZE];
		const struct vm_trap *trap = run((void (*)(void))stub);

		if (trap->vector != TRAP_GP || trap->error != n * 8 + 2) {
			vm_fail("int %u: trap %u error 0x%x", n, trap->vector,
				trap->error);
		}
		check_frame("int", trap, stub);
		VM_CHECK(trap->esp == pg_user_stack_top());
	}
}

/* Gates of level 3: reached, with the address behind the instruction. */
static void check_open_gates(void)
{
	static const u32 vectors[] = { 3, 4, SYSCALL };

	for (u32 i = 0; i < ARRAY_SIZE(vectors); i++) {
		u32 stub = (u32)&int_stubs[vectors[i] * STUB_SIZE];
		const struct vm_trap *trap;

		vm_load_stub(vectors[i], GATE_INTERRUPT, 3);
		trap = run((void (*)(void))stub);
		VM_CHECK(trap->vector == vectors[i] && trap->error == 0);
		check_frame("open gate", trap, stub + 2);
	}
}

static void breakpoint(void)
{
	__asm__ volatile("int3; ud2");
}

static void overflow(void)
{
	__asm__ volatile("movb $0x7f, %%al; incb %%al; into; ud2" : : : "eax");
}

static void divide(void)
{
	__asm__ volatile("xorl %%ecx, %%ecx; divl %%ecx; ud2"
			 :
			 :
			 : "eax", "ecx", "edx");
}

static void out_of_bounds(void)
{
	static const u32 bounds[2] = { 1, 2 };

	__asm__ volatile("bound %0, %1; ud2" : : "r"(3), "m"(bounds));
}

static void check_exceptions(void)
{
	VM_CHECK(run(breakpoint)->vector == TRAP_BP);
	VM_CHECK(run(overflow)->vector == 4);
	VM_CHECK(run(divide)->vector == TRAP_DE);
	VM_CHECK(run(out_of_bounds)->vector == 5);
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++) {
		check_forbidden(&forbidden[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(allowed); i++) {
		check_allowed(&allowed[i]);
	}
	check_gates();
	check_open_gates();
	check_exceptions();
	if (was_executed(run(cache.run), &cache)) {
		vm_shutdown("PASS, but the emulator executes WBINVD",
			    SHUTDOWN_POWEROFF);
	}
	check_forbidden(&cache);
	vm_pass();
}
