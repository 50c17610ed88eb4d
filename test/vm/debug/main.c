// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Single steps and breakpoints arrive as on a processor: behind each
 * instruction of ring 3 and ring 1, across the load of SS, a system call and
 * a fault that the hypervisor fills, and behind an emulated instruction; the
 * handler itself is not stepped.
 *
 * Debuggers count instructions.
 */
#include "test/lib/paging.h"

#define TF	0x100u
#define IF	0x200u
#define USER_CS 0x73u
#define SYSCALL 0x80u
#define STEPS	16u

/* Where the console's registers are mapped. */
#define REGISTERS 0x40000000u
#define CONSOLE	  1
#define BAR0	  0x10

/* A handler that notes where it was and goes on. */
void note_step(void);
u32 step_count;
u32 step_eip[STEPS];
u32 step_flags;
__asm__("note_step:\n\t"
	"pushl %eax\n\t"
	"pushl %ecx\n\t"
	"pushfl\n\t"
	"popl %ss:step_flags\n\t"
	"movl 8(%esp), %eax\n\t"
	"movl %ss:step_count, %ecx\n\t"
	"andl $15, %ecx\n\t"
	"movl %eax, %ss:step_eip(, %ecx, 4)\n\t"
	"incl %ss:step_count\n\t"
	"popl %ecx\n\t"
	"popl %eax\n\t"
	"iret\n");

/* And one for a system call that returns. */
void just_return(void);
__asm__("just_return: iret\n");

/* Each label is the end of an instruction that is stepped. */
extern const u8 user_1[], user_2[], user_3[], user_4[], user_5[];
static void user_steps(void)
{
	__asm__ volatile("pushfl; orl $0x100, (%%esp)\n\t"
			 "mov %%ss, %%ecx\n\t"
			 "popfl\n\t"
			 "nop; user_1:\n\t"
			 "movl 0x40000000, %%eax; user_2:\n\t"
			 "mov %%ecx, %%ss; nop; user_3:\n\t"
			 "int $0x80; nop; user_4:\n\t"
			 "movb $1, %%al; user_5:\n\t"
			 "ud2"
			 :
			 :
			 : "eax", "ecx", "memory");
}

static void check_user(u32 gate)
{
	const u8 *const wanted[] = { user_1, user_2, user_3, user_4, user_5 };
	const struct vm_trap *trap;

	step_count = 0;
	pg_set(pg_current(), 0x40000000, pg_alloc() | PTE_P | PTE_US);
	vm_load_gate(TRAP_DB, (u32)note_step, GATE_INTERRUPT, 0);
	vm_load_gate(SYSCALL, (u32)just_return, gate, 3);
	trap = pg_user_try(user_steps);
	VM_CHECK(trap->vector == TRAP_UD && trap->eip == (u32)user_5);
	VM_CHECK(trap->eflags & TF);
	VM_CHECK(!(trap->handler_eflags & TF));
	VM_CHECK(!(step_flags & TF));
	if (step_count != ARRAY_SIZE(wanted)) {
		vm_fail("%u steps, not %u", step_count, ARRAY_SIZE(wanted));
	}
	for (u32 i = 0; i < ARRAY_SIZE(wanted); i++) {
		VM_CHECK(step_eip[i] == (u32)wanted[i]);
	}
}

extern const u8 kernel_1[];
static void kernel_step(void *unused)
{
	(void)unused;
	__asm__ volatile("pushfl; orl $0x100, (%%esp); popfl\n\t"
			 "nop; kernel_1: nop; nop"
			 :
			 :
			 : "memory");
}

extern const u8 emulated_1[];
static void emulated_step(void *unused)
{
	(void)unused;
	__asm__ volatile("pushfl; orl $0x100, (%%esp); popfl\n\t"
			 "outb %%al, $0x80; emulated_1: nop; nop"
			 :
			 :
			 : "memory");
}

extern const u8 mmio_1[];
static void mmio_step(void *unused)
{
	(void)unused;
	__asm__ volatile("pushfl; orl $0x100, (%%esp); popfl\n\t"
			 "movl (%0), %%eax; mmio_1: nop; nop"
			 :
			 : "r"(REGISTERS)
			 : "eax", "memory");
}

static void check_kernel(void (*fn)(void *), const u8 *end)
{
	const struct vm_trap *trap;

	vm_load_stub(TRAP_DB, GATE_INTERRUPT, 0);
	trap = vm_try(fn, NULL);
	__asm__ volatile("pushfl; andl $0xfffffeff, (%%esp); popfl"
			 :
			 :
			 : "memory", "cc");
	VM_CHECK(trap && trap->vector == TRAP_DB);
	VM_CHECK(trap->eip == (u32)end);
	VM_CHECK(trap->eflags & TF);
}

static void user_breakpoint(void)
{
	__asm__ volatile("int3; ud2");
}

static void user_int_3(void)
{
	__asm__ volatile(".byte 0xcd, 3; ud2");
}

/* The address behind, whoever delivers it. */
static void check_breakpoints(void)
{
	const struct vm_trap *trap;

	for (u32 type = GATE_INTERRUPT; type <= GATE_TRAP; type++) {
		vm_load_stub(TRAP_BP, type, 3);
		lg_write(LG_IRQ_ENABLED, IF);
		trap = pg_user_try(user_breakpoint);
		VM_CHECK(trap->vector == TRAP_BP && trap->cs == USER_CS);
		VM_CHECK(*(const u8 *)(trap->eip - 1) == 0xcc);
		VM_CHECK(trap->irq_enabled == (type == GATE_TRAP ? IF : 0));
		trap = pg_user_try(user_int_3);
		VM_CHECK(trap->vector == TRAP_BP);
		VM_CHECK(*(const u8 *)(trap->eip - 2) == 0xcd);
	}
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	if (vm_is_case("emulated")) {
		check_kernel(emulated_step, emulated_1);
		pg_set(pg_current(), REGISTERS,
		       vm_pci_read(CONSOLE, BAR0) | PTE_P | PTE_RW);
		check_kernel(mmio_step, mmio_1);
		vm_pass();
	}
	check_user(GATE_INTERRUPT);
	check_user(GATE_TRAP);
	check_kernel(kernel_step, kernel_1);
	check_breakpoints();
	vm_pass();
}
