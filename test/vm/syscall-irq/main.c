// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupts that hit anywhere in a program's system calls, the instructions
 * that deliver them included, are seen by the kernel only where it can take
 * them: in the program or in its own handlers with interrupts enabled, never
 * in the hypervisor's window; and no call and no register gets lost.
 */
#include "test/lib/paging.h"

#define SYSCALL	    0x80u
#define TIMER	    0x20u
#define IF	    0x200u
#define CALLS	    1000u
#define INTERRUPTS  2000u
#define INTERVAL_NS 30000u

/* By the handlers below. */
u32 calls;
u32 interrupts;
u32 in_window;
u32 while_disabled;

/*
 * The call adds up; it leaves as Linux does: the frame's flags to irq_enabled,
 * then the iret where nothing may be pushed.
 */
void serve_call(void);
void serve_timer(void);
__asm__("serve_call:\n\t"
	"incl %ss:calls\n\t"
	"addl $3, %eax\n\t"
	"pushl %ebx\n\t"
	"movl 12(%esp), %ebx\n\t"
	"movl %ebx, %ss:vm_lguest_data\n\t"
	"popl %ebx\n\t"
	"jmp vm_iret\n"

	"serve_timer:\n\t"
	"incl %ss:interrupts\n\t"
	"cmpl $0xffc00000, (%esp)\n\t"
	"jb 1f\n\t"
	"incl %ss:in_window\n"
	"1:\n\t"
	"testl $0x200, 8(%esp)\n\t"
	"jnz 2f\n\t"
	"incl %ss:while_disabled\n"
	"2:\n\t"
	"pushal\n\t"
	"movl $9, %eax\n\t"
	"movl $30000, %ebx\n\t"
	"int $0x1f\n\t"
	"movl 40(%esp), %ebx\n\t"
	"movl %ebx, %ss:vm_lguest_data\n\t"
	"popal\n\t"
	"jmp vm_iret\n");

u32 sum;

static void call_often(void)
{
	u32 result = 0;

	while (calls < CALLS || interrupts < INTERRUPTS) {
		__asm__ volatile("int $0x80" : "+a"(result) : : "memory");
	}
	sum = result;
	pg_user_end();
}

void main(void)
{
	const struct vm_trap *trap;

	vm_init();
	vm_traps_init();
	pg_init();
	vm_load_gate(TIMER, (u32)serve_timer, GATE_INTERRUPT, 0);
	vm_load_gate(SYSCALL, (u32)serve_call,
		     vm_is_case("trap") ? GATE_TRAP : GATE_INTERRUPT, 3);
	lg_write(LG_BLOCKED, 0);
	lg_write(LG_IRQ_ENABLED, IF);
	hypercall(HC_SET_CLOCKEVENT, INTERVAL_NS, 0, 0, 0);
	trap = pg_user_try(call_often);
	lg_write(LG_BLOCKED, 1);
	VM_CHECK(trap->vector == TRAP_UD);
	VM_CHECK(sum == calls * 3);
	VM_CHECK(in_window == 0);
	VM_CHECK(while_disabled == 0);
	vm_pass();
}
