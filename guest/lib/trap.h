/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traps and interrupts, in ring 1 as a guest or in ring 0 without a
 * hypervisor: entry.S is the same for both. Safe to include from assembly.
 *
 * Selectors lie where the lguest ABI has them. The kernel's data selector is
 * used with RPL 0, which is good in both rings; SS has the ring's own.
 */
#pragma once

#define KERNEL_DS 0x68

/* Stubs exist for the processor's traps and 32 interrupt lines behind them. */
#define TRAP_VECTORS   64
#define TRAP_STUB_SIZE 16
#define IRQ_VECTOR     0x20

#define VECTOR_DEBUG	1
#define VECTOR_NMI	2
#define VECTOR_BREAK	3
#define VECTOR_OVERFLOW 4
#define VECTOR_OPCODE	6
#define VECTOR_DOUBLE	8
#define VECTOR_GP	13
#define VECTOR_PAGE	14

/* Offsets into struct trap_frame. */
#define FRAME_EAX  36
#define FRAME_CS   52
#define FRAME_SIZE 68

/* In struct lguest_data, whose first field is the virtual interrupt flag. */
#define LG_IRQ_PENDING 0x14
#define LG_IF	       0x200

#ifndef __ASSEMBLY__
#include <stddef.h>
#include <stdint.h>

/* As entry.S pushes it, lowest address first. */
struct trap_frame {
	uint32_t es, ds;
	uint32_t edi, esi, ebp, unused_esp, ebx, edx, ecx, eax;
	uint32_t vector;
	uint32_t error; /* of a system call: its number */
	uint32_t eip, cs, eflags;
	uint32_t esp, ss; /* only out of ring 3 */
};

_Static_assert(offsetof(struct trap_frame, eax) == FRAME_EAX, "entry.S");
_Static_assert(offsetof(struct trap_frame, cs) == FRAME_CS, "entry.S");
_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE, "entry.S");

/* entry.S: TRAP_VECTORS stubs of TRAP_STUB_SIZE bytes. */
extern const uint8_t trap_stubs[];

/*
 * Not zero: trap_work_run() is called before the way to ring 3. Cheap to
 * set too often, wrong to forget.
 */
extern uint32_t trap_work;

/* A guest's gates: all go to the stubs; to @entry, usable from ring @dpl on. */
void trap_init(void);
void trap_set_gate(uint32_t vector, const void *entry, uint32_t dpl);

/* Programs may use int3 and into. */
static inline uint32_t trap_gate_dpl(uint32_t vector)
{
	return vector == VECTOR_BREAK || vector == VECTOR_OVERFLOW ? 3 : 0;
}

/* The guest's: every trap and interrupt, with interrupts closed. */
void trap_dispatch(struct trap_frame *f);
/* The guest's: what waits for the way to ring 3. */
void trap_work_run(struct trap_frame *f);

/*
 * The instruction where to go on after a fault at kernel address @eip, 0:
 * none. They are listed in section .fixup, see TRAP_FIXUP.
 */
uint32_t trap_fixup(uint32_t eip);

/* In inline assembly: a fault at label @at continues at label @to. */
#define TRAP_FIXUP(at, to)             \
	".pushsection .fixup, \"a\"\n" \
	".long " at ", " to "\n"       \
	".popsection\n"
#endif
