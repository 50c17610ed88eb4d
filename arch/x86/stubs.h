/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Generator of trap entry stubs, for assembly. Each stub completes the
 * processor's frame with a zero error code where none was pushed, adds the
 * vector and goes on to \common. Stubs differ in length, so \table becomes
 * an array of their addresses. (Assembly: clang-format off.)
 */
/* clang-format off */
#pragma once

#include "arch/x86/regs.h"

.macro TRAP_STUBS table, common
	.pushsection .rodata
	.balign 4
	.globl \table
\table:
	.popsection
	vector = 0
	.rept X86_VECTORS
	.pushsection .rodata
	.long 1f
	.popsection
1:
	.if (vector >= 32) || (((X86_EXC_HAS_EC >> (vector & 31)) & 1) == 0)
	pushl $0
	.endif
	pushl $vector
	jmp \common
	vector = vector + 1
	.endr
.endm
