// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * At noirq_iret an interrupt takes over the frame that the iret was about to
 * consume: nothing is pushed, and of the flags on the stack the handler gets
 * those that a program may choose and no other. The address is the one that
 * lguest_data held at the introduction, and it is the kernel's: a program may
 * have an instruction there as well.
 *
 * A flag too many would be the I/O privilege level. irq-storm has the rest.
 */
#include "test/lib/clock.h"
#include "test/lib/paging.h"

#define GUEST_CS 0x61u
#define USER_CS	 0x73u
#define IF	 0x200u
#define ONE	 0x002u

/* CF PF AF ZF SF DF OF AC ID */
#define KEPT                                                            \
	(0x001u | 0x004u | 0x010u | 0x040u | 0x080u | 0x400u | 0x800u | \
	 0x40000u | 0x200000u)

#define VA   0x40000000u
#define WILD 0xb0000000u

/*
 * The hypercall ends at the iret, so the interrupt is taken exactly there.
 * A program that starts at the same address finds another instruction.
 */
extern const u8 at_iret[];
void leave_by_iret(void);
u32 frame_at, frame_flags;
u32 stack_at;
__asm__(".text\n"
	"leave_by_iret:\n\t"
	"pushl frame_flags\n\t"
	"pushl $0x61\n\t"
	"pushl $0x12345678\n\t"
	"movl %esp, frame_at\n\t"
	"cmpl $0, stack_at\n\t"
	"je 1f\n\t"
	"movl stack_at, %esp\n"
	"1:\n\t"
	"movl $19, %eax\n\t"
	"int $0x1f\n"
	"at_iret:\n\t"
	"iret\n");

extern const u8 at_load[];
void program(void);
__asm__("program:\n\t"
	"movl $0x40000000, %ecx\n"
	"at_load:\n\t"
	"movl (%ecx), %eax\n\t"
	"ud2\n");

/* Introduce the guest with @iret, of which later changes are not seen. */
static void begin(const u8 *iret)
{
	vm_lguest_data_fill();
	lg_write(LG_NOIRQ_IRET, (u32)iret);
	hypercall(HC_LGUEST_INIT, (u32)vm_lguest_data, 0, 0, 0);
	lg_write(LG_NOIRQ_IRET, 0);
	vm_traps_init();
	pg_init();
	vm_load_stub(IRQ_VECTOR, GATE_INTERRUPT, 0);
}

/* The timer's interrupt waits; it may be taken from now on. */
static void raise(void)
{
	u64 start = rdtsc();

	lg_write(LG_IRQ_ENABLED, 0);
	lg_write(LG_BLOCKED, 1);
	clock_arm(1);
	while (rdtsc() - start < 10000) {
	}
	lg_write(LG_BLOCKED, 0);
	lg_write(LG_IRQ_ENABLED, IF);
}

static void leave(void *unused)
{
	(void)unused;
	leave_by_iret();
}

static void check_flags(u32 flags)
{
	const struct vm_trap *trap;

	frame_flags = flags;
	raise();
	trap = vm_try(leave, NULL);
	VM_CHECK(trap && trap->vector == IRQ_VECTOR);
	/* The very frame, as it was. */
	VM_CHECK(trap->eip == 0x12345678 && trap->cs == GUEST_CS);
	VM_CHECK(trap->eflags == flags);
	VM_CHECK(trap->top == frame_at + 12);
	VM_CHECK(trap->irq_enabled == 0);
	if (trap->handler_eflags != ((flags & KEPT) | ONE | IF)) {
		vm_fail("flags 0x%x: the handler has 0x%x", flags,
			trap->handler_eflags);
	}
}

/* A fault that is filled ends at the address. */
static void check_user(void)
{
	const struct vm_trap *trap;

	pg_set(pg_current(), VA, pg_alloc() | PTE_P | PTE_US);
	raise();
	trap = pg_user_try(program);
	VM_CHECK(trap->vector == IRQ_VECTOR);
	VM_CHECK(trap->eip == (u32)at_load && trap->cs == USER_CS);
	VM_CHECK(trap->top == pg_trap_stack_top());
	VM_CHECK(trap->esp == pg_user_stack_top());
}

void main(void)
{
	if (vm_is_case("user")) {
		begin(at_load);
		check_user();
		vm_pass();
	}
	begin(at_iret);
	if (vm_is_case("stack")) {
		stack_at = WILD;
		raise();
		leave_by_iret();
		vm_fail("still alive");
	}
	check_flags(0);
	for (u32 bit = 1; bit; bit <<= 1) {
		check_flags(bit);
	}
	check_flags(~0u);
	vm_pass();
}
