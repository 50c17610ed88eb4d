/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world switch. This is the only code of the hypervisor that a guest's
 * tables contain; it runs at SWITCH_CODE in both worlds.
 *
 * I1  Nothing here reads memory that a guest can write, except to pop the
 *     guest's own registers. What leads back to the hypervisor (CR3, ESP, IDT)
 *     is on the state page, which guests can only read.
 * I2  While the guest's IDT is loaded, the stack is on the register page, so
 *     a trap in the middle of the switch pushes there and nowhere else. It
 *     lands below the registers not yet popped, so its frame address differs
 *     from that of every trap of the guest. That is how it is recognised.
 * I3  On the way out nothing can fault: the register page is mapped, the
 *     selectors are the hypervisor's.
 *
 * Next: arch/x86/desc.c fills the state page, hv/vmm/run.c calls.
 */
#include "arch/x86/layout.h"
#include "arch/x86/regs.h"
#include "arch/x86/sel.h"
#include "arch/x86/stubs.h"
#include "asm-offsets.h"

	.section .switch, "ax"

/*
 * struct cpu_regs *switch_to_guest(u32 cr3)
 *
 * In: EAX = cr3. Out: EAX = frame. C's callee-saved registers are kept on
 * the caller's stack, whose address is kept on the state page.
 */
	.globl switch_to_guest
	.type switch_to_guest, @function
switch_to_guest:
	pushl %ebp
	pushl %ebx
	pushl %esi
	pushl %edi
	movl %esp, SWITCH_STATE + STATE_HV_ESP
	movl $(SWITCH_REGS + REGS_PAGE_REGS), %esp
	lidt SWITCH_STATE + STATE_GUEST_IDTR
	movl %eax, %cr3
	popal
	.globl switch_pop_es, switch_pop_ds
switch_pop_es:
	popl %es
switch_pop_ds:
	popl %ds
	addl $8, %esp			/* vector, error */
	iret

/*
 * Every trap while the guest's IDT is loaded. The stack at switch_exit:
 *
 *	ss, esp (only when the guest trapped), eflags, cs, eip, error, vector
 *
 * TRICK: an NMI that hits the switch itself is dropped by returning. Its
 * frame overwrote only popped registers or unused stack (I2).
 */
switch_exit:
	pushl %ds
	pushl %es
	pushal
	movl $SEL_HV_DATA, %eax
	movl %eax, %ds
	movl %eax, %es
	cld				/* C expects it; a guest may set DF */
	movl %esp, %eax
	movl SWITCH_STATE + STATE_HV_CR3, %edx
	movl %edx, %cr3
	lidt SWITCH_STATE + STATE_HV_IDTR
	movl SWITCH_STATE + STATE_HV_ESP, %esp
	popl %edi
	popl %esi
	popl %ebx
	popl %ebp
	ret
	.size switch_to_guest, . - switch_to_guest

/*
 * NMI while the guest's IDT is loaded: leaves like any trap when it hit the
 * guest, returns at once when it hit the switch.
 */
	.globl switch_nmi
switch_nmi:
	testb $SEL_RPL, 4(%esp)		/* cs */
	jnz 1f
	iret
1:	pushl $0
	pushl $X86_EXC_NMI
	jmp switch_exit

	TRAP_STUBS switch_stub, switch_exit

	.section .note.GNU-stack, "", @progbits
