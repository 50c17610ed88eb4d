/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Register frames, in the order in which the trap entries push them
 * (entry.S, switch.S); exception vectors and page-fault error codes.
 */
#pragma once

/* Vectors. SDM 3A 6.15 "Exception and Interrupt Reference". */
#define X86_EXC_DE  0
#define X86_EXC_DB  1
#define X86_EXC_NMI 2
#define X86_EXC_BP  3
#define X86_EXC_OF  4
#define X86_EXC_BR  5
#define X86_EXC_UD  6
#define X86_EXC_NM  7
#define X86_EXC_DF  8
#define X86_EXC_TS  10
#define X86_EXC_NP  11
#define X86_EXC_SS  12
#define X86_EXC_GP  13
#define X86_EXC_PF  14
#define X86_EXC_MF  16
#define X86_EXC_AC  17
#define X86_EXC_MC  18
#define X86_EXC_XM  19

#define X86_VEC_HCALL	 0x1f /* lguest ABI 2.1 */
#define X86_VEC_IRQ	 0x20 /* first vector of hardware interrupts */
#define X86_VEC_SYSCALL	 0x80 /* lguest ABI 2.4 */
#define X86_VEC_TIMER	 0xf0 /* local APIC timer, before all others */
#define X86_VEC_SPURIOUS 0xff /* SDM 3A 10.9 "Spurious Interrupt" */
#define X86_VECTORS	 256

/* Bit n: the processor pushes an error code for vector n. */
#define X86_EXC_HAS_EC 0x00227d00

/* Page-fault error code. SDM 3A 4.7 "Page-Fault Exceptions". */
#define PFEC_P	  0x01 /* the translation was present: a rights violation */
#define PFEC_W	  0x02 /* a write */
#define PFEC_U	  0x04 /* from ring 3 */
#define PFEC_RSVD 0x08
#define PFEC_I	  0x10 /* an instruction fetch, with NX */

/* EFLAGS. SDM 1 3.4.3 "EFLAGS Register". */
#define EFL_CF	  0x00000001
#define EFL_ONE	  0x00000002
#define EFL_TF	  0x00000100
#define EFL_IF	  0x00000200
#define EFL_DF	  0x00000400
#define EFL_OF	  0x00000800
#define EFL_IOPL  0x00003000
#define EFL_NT	  0x00004000
#define EFL_RF	  0x00010000
#define EFL_VM	  0x00020000
#define EFL_AC	  0x00040000
#define EFL_VIF	  0x00080000
#define EFL_VIP	  0x00100000
#define EFL_ID	  0x00200000
#define EFL_ARITH 0x000008d5 /* CF PF AF ZF SF OF */

#ifndef __ASSEMBLY__
#include "hv/lib/types.h"

/*
 * Pushed on every trap. The processor pushes esp and ss only when the trap
 * changes rings: always for a guest's trap, never for the hypervisor's own.
 * Selectors are pushed as 32 bits of which the upper half is undefined.
 */
struct cpu_regs {
	u32 edi, esi, ebp, esp_in_trap, ebx, edx, ecx, eax;
	u16 es, es_pad, ds, ds_pad;
	u32 vector;
	u32 error; /* 0 where the processor pushes none */
	u32 eip;
	u16 cs, cs_pad;
	u32 eflags;
	u32 esp;
	u16 ss, ss_pad;
};

_Static_assert(sizeof(struct cpu_regs) == 17 * 4, "push order");
_Static_assert(offsetof(struct cpu_regs, eip) == 12 * 4, "push order");
#endif
