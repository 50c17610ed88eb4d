// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An iret with the virtual-8086 flag in its image gains nothing, even from an
 * emulator that obeys it.
 *
 * A processor takes that flag only in ring 0. QEMU 7.2 takes it from any ring,
 * and traps from there push a frame of another shape. That mode is ring 3, to
 * which memory is closed here, so the first fetch faults: the hypervisor may
 * end the guest for it, and no more.
 */
#include "test/lib/vm.h"

#define EFLAGS_ONE  0x2u
#define EFLAGS_IOPL 0x3000u
#define EFLAGS_VM   0x20000u

static u32 flags_after_iret(u32 flags)
{
	/* Below the three that count: an 8086's stack and data segments. */
	__asm__ volatile("pushl $0; pushl $0; pushl $0; pushl $0\n"
			 "	pushl $0; pushl $0x7000\n"
			 "	pushl %0; pushl %%cs; pushl $1f; iret\n"
			 "1:	addl $24, %%esp; pushfl; popl %0"
			 : "+r"(flags)
			 :
			 : "cc", "memory");
	return flags;
}

void main(void)
{
	u32 flags;

	vm_init();
	vm_traps_init();
	flags = flags_after_iret(EFLAGS_VM | EFLAGS_IOPL | EFLAGS_ONE);
	VM_CHECK((flags & (EFLAGS_VM | EFLAGS_IOPL)) == 0);
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
	vm_pass();
}
