// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupts every few microseconds, while a program's system calls and traps
 * are delivered and returned from all the time, the instructions that do so
 * included. The kernel sees them only where it can take them, no frame is
 * damaged or piled upon another, no call, no register and no tick gets lost.
 *
 * Kernels up to 3.19 leave through a window of three instructions, later ones
 * through a single one; the system call's gate is of either kind. test_time.py
 * has the long runs, and counts how often each place was hit.
 */
#include "test/lib/paging.h"

#define SYSCALL	 0x80u
#define WILD	 0x40000000u
#define IF	 0x200u
#define DURATION 250000000u
#define TICK_MAX 12500u /* from one to the next, on average */

/* The call's frame and EAX, the tick's frame and all registers. */
#define STACK_BYTES (20u + 4 + 12 + 32)

/* The program counts each of these once in a round. */
u32 calls, divisions, breakpoints, faults;

u32 ticks;
u32 calls_since_tick; /* 20000: a tick was lost, for each sets the next */
u32 start, duration;  /* in instructions */
u32 is_over;
u32 random;
u32 lowest_esp = ~0u;

/* What must not be. */
u32 in_switcher, in_window, while_disabled, bad_frames, bad_registers;

u32 leave;		 /* the way out of a handler */
u32 window, window_size; /* where no interrupt may be pushed */
u32 tells;		 /* says when it enables interrupts */
u32 result;

/*
 * Ways out. The new one stores the frame's flags by the instruction before
 * the iret, the old one a pop earlier.
 */
extern const u8 leave_new[], leave_old[], new_iret[], old_start[], old_end[];
__asm__("leave_new:\n\t"
	"pushl 8(%esp)\n\t"
	"popl %ss:vm_lguest_data\n"
	"new_iret:\n\t"
	"iret\n"
	"leave_old:\n\t"
	"pushl %eax\n\t"
	"movl 12(%esp), %eax\n"
	"old_start:\n\t"
	"movl %eax, %ss:vm_lguest_data\n\t"
	"popl %eax\n\t"
	"iret\n"
	"old_end:\n");

/*
 * The traps go on behind the instruction. The call adds 3 to EAX; in between
 * it enables interrupts, which newer kernels tell if something waits, and
 * disables them again.
 */
void on_call(void), on_division(void), on_breakpoint(void), on_fault(void);
__asm__("on_division:\n\t"
	"incl divisions\n\t"
	"addl $2, (%esp)\n\t"
	"jmp *leave\n"

	"on_breakpoint:\n\t"
	"incl breakpoints\n\t"
	"movl $0, %ss:vm_lguest_data\n\t"
	"jmp *leave\n"

	"on_fault:\n\t"
	"incl faults\n\t"
	"addl $4, %esp\n\t"
	"addl $2, (%esp)\n\t"
	"jmp *leave\n"

	"on_call:\n\t"
	"incl calls\n\t"
	"addl $3, %eax\n\t"
	"pushl %eax\n\t"
	"incl calls_since_tick\n\t"
	"cmpl $20000, calls_since_tick\n\t"
	"jb 1f\n\t"
	"incl is_over\n"
	"1:\n\t"
	"movl $0x200, %ss:vm_lguest_data\n\t"
	"movl vm_lguest_data + 0x14, %eax\n\t"
	"testl %eax, tells\n\t"
	"jz 2f\n\t"
	"movl $19, %eax\n\t"
	"int $0x1f\n"
	"2:\n\t"
	"movl $0, %ss:vm_lguest_data\n\t"
	"popl %eax\n\t"
	"jmp *leave\n");

/*
 * The tick looks at its frame: EIP outside of the hypervisor's part and of
 * the window, CS the program's or the kernel's, IF set; then sets the next,
 * up to 4 us from now. The last one sets none: it could come while the trap
 * that ends the program is looked at, on top of that one's frame.
 */
void on_tick(void);
__asm__("on_tick:\n\t"
	"pushal\n\t"
	"movl 32(%esp), %eax\n\t"
	"cmpl $0xffc00000, %eax\n\t"
	"jb 1f\n\t"
	"incl in_switcher\n"
	"1:\n\t"
	"subl window, %eax\n\t"
	"cmpl window_size, %eax\n\t"
	"jae 1f\n\t"
	"incl in_window\n"
	"1:\n\t"
	"testl $0x200, 40(%esp)\n\t"
	"jnz 1f\n\t"
	"incl while_disabled\n"
	"1:\n\t"
	"movl 36(%esp), %eax\n\t"
	"cmpl $0x61, %eax\n\t"
	"je 1f\n\t"
	"cmpl $0x73, %eax\n\t"
	"je 1f\n\t"
	"incl bad_frames\n"
	"1:\n\t"
	"cmpl lowest_esp, %esp\n\t"
	"jae 1f\n\t"
	"movl %esp, lowest_esp\n"
	"1:\n\t"
	"incl ticks\n\t"
	"movl $0, calls_since_tick\n\t"
	"imull $1664525, random, %ebx\n\t"
	"addl $1013904223, %ebx\n\t"
	"movl %ebx, random\n\t"
	"shrl $20, %ebx\n\t"
	"incl %ebx\n\t"
	"rdtsc\n\t"
	"subl start, %eax\n\t"
	"cmpl duration, %eax\n\t"
	"jb 1f\n\t"
	"incl is_over\n\t"
	"jmp 2f\n"
	"1:\n\t"
	"movl $9, %eax\n\t"
	"int $0x1f\n"
	"2:\n\t"
	"popal\n\t"
	"jmp *leave\n");

/* Rounds of a call, a division by zero, a breakpoint and a page fault. */
static void program(void)
{
	__asm__ volatile("xorl %%eax, %%eax\n\t"
			 "movl $0xb1b2b3b4, %%ebx\n\t"
			 "movl %0, %%ecx\n\t"
			 "movl $0xd1d2d3d4, %%edx\n\t"
			 "movl $0x51525354, %%esi\n\t"
			 "xorl %%edi, %%edi\n\t"
			 "movl %%esp, %%ebp\n"
			 "1:\n\t"
			 "stc\n\t"
			 "int $0x80\n\t"
			 "jnc 2f\n\t"
			 "divl %%edi\n\t"
			 "jnc 2f\n\t"
			 "int3\n\t"
			 "jnc 2f\n\t"
			 "movl (%%ecx), %%edx\n\t"
			 "jnc 2f\n\t"
			 "cmpl $0xb1b2b3b4, %%ebx\n\t"
			 "jne 2f\n\t"
			 "cmpl %0, %%ecx\n\t"
			 "jne 2f\n\t"
			 "cmpl $0xd1d2d3d4, %%edx\n\t"
			 "jne 2f\n\t"
			 "cmpl $0x51525354, %%esi\n\t"
			 "jne 2f\n\t"
			 "cmpl %%esp, %%ebp\n\t"
			 "jne 2f\n\t"
			 "testl %%edi, %%edi\n\t"
			 "jne 2f\n\t"
			 "cmpl $0, is_over\n\t"
			 "je 1b\n\t"
			 "jmp 3f\n"
			 "2:\n\t"
			 "incl bad_registers\n"
			 "3:\n\t"
			 "movl %%eax, result\n\t"
			 "ud2"
			 :
			 : "i"(WILD)
			 : "memory");
}

static void init_new(void)
{
	leave = (u32)leave_new;
	window = (u32)new_iret;
	window_size = 1;
	tells = IF;
	vm_lguest_data_fill();
	lg_write(LG_NOIRQ_IRET, (u32)new_iret);
	hypercall(HC_LGUEST_INIT, (u32)vm_lguest_data, 0, 0, 0);
}

static void init_old(void)
{
	leave = (u32)leave_old;
	window = (u32)old_start;
	window_size = (u32)old_end - (u32)old_start;
	VM_CHECK(window_size == 8);
	vm_init_old((u32)old_start, (u32)old_end);
}

/* Everything was counted, and nothing was seen that must not be. */
static void check_counts(void)
{
	VM_CHECK(calls_since_tick < 20000);
	VM_CHECK(ticks >= duration / TICK_MAX);
	VM_CHECK(in_switcher == 0 && in_window == 0);
	VM_CHECK(while_disabled == 0 && bad_frames == 0);
	VM_CHECK(bad_registers == 0);
	VM_CHECK(lowest_esp >= pg_trap_stack_top() - STACK_BYTES);
	VM_CHECK(result == calls * 3);
	VM_CHECK(divisions == calls && breakpoints == calls);
	VM_CHECK(faults == calls);
}

void main(void)
{
	const struct vm_trap *trap;
	bool is_trap_gate = vm_is_case("new-trap") || vm_is_case("old-trap");
	u32 type = is_trap_gate ? GATE_TRAP : GATE_INTERRUPT;

	if (vm_is_case("old-trap") || vm_is_case("old-interrupt")) {
		init_old();
	} else {
		init_new();
	}
	vm_traps_init();
	pg_init();
	vm_load_gate(IRQ_VECTOR, (u32)on_tick, GATE_INTERRUPT, 0);
	vm_load_gate(TRAP_DE, (u32)on_division, GATE_INTERRUPT, 0);
	vm_load_gate(TRAP_PF, (u32)on_fault, GATE_INTERRUPT, 0);
	vm_load_gate(TRAP_BP, (u32)on_breakpoint, type, 3);
	vm_load_gate(SYSCALL, (u32)on_call, type, 3);
	lg_write(LG_BLOCKED, 0);
	duration = vm_is_case("brief") ? DURATION / 100 : DURATION;
	start = (u32)rdtsc();
	hypercall(HC_SET_CLOCKEVENT, 1, 0, 0, 0);
	lg_write(LG_IRQ_ENABLED, IF);
	trap = pg_user_try(program);
	lg_write(LG_BLOCKED, 1);
	VM_CHECK(trap->vector == TRAP_UD);
	check_counts();
	vm_pass();
}
