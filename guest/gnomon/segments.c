// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Descriptors, at the selectors a guest of Umbra has them too.
 *
 * Manual: Intel SDM 3A 3.4.5 "Segment Descriptors", 6.11 "IDT Descriptors",
 * 7.2 "Task Management Data Structures".
 */
#include "guest/gnomon/segments.h"

#include <string.h>

#include "guest/gnomon/log.h"
#include "guest/gnomon/trap.h"

#define GDT_FAULT_TSS	    31
#define GDT_ENTRIES	    32
#define SEL_KERNEL_CODE	    (GDT_KERNEL_CODE * 8)
#define SEL_TSS		    (GDT_TSS * 8)
#define SEL_FAULT_TSS	    (GDT_FAULT_TSS * 8)
#define VECTORS		    256
#define FLAT_LOW	    0x0000ffffull
#define FLAT(high)	    ((uint64_t)(high) << 32 | FLAT_LOW)
#define GATE_INTERRUPT(dpl) (0x8e00u | (dpl) << 13)
#define GATE_TASK	    0x8500ull
#define TSS_AVAILABLE	    0x89ull
#define EFLAGS_ONE	    0x2u /* reads as 1 */
#define FAULT_STACK_SIZE    4096

struct tss {
	uint32_t link, esp0, ss0, unused[4];
	uint32_t cr3, eip, eflags;
	uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
	uint32_t es, cs, ss, ds, fs, gs, ldt;
	uint16_t trap, io_map;
};
_Static_assert(sizeof(struct tss) == 104, "SDM 3A 7.2.1");

struct table_register {
	uint16_t limit;
	const void *base;
} __attribute__((packed));

extern const uint8_t syscall_entry[];

static struct tss tss = {
	.ss0 = KERNEL_DS,
	.io_map = sizeof(struct tss), /* none: no port is the program's */
};

static uint64_t gdt[GDT_ENTRIES] __attribute__((aligned(8))) = {
	[GDT_KERNEL_CODE] = FLAT(0x00cf9b00),
	[GDT_KERNEL_DATA] = FLAT(0x00cf9300),
	[GDT_USER_CODE] = FLAT(0x00cffb00),
	[GDT_USER_DATA] = FLAT(0x00cff300),
};

static uint64_t idt[VECTORS] __attribute__((aligned(8)));

/* --- double faults -------------------------------------------------------- */

/*
 * A kernel stack that overflowed cannot take the frame of the page fault it
 * causes: this is a task with a stack of its own.
 */
static uint8_t fault_stack[FAULT_STACK_SIZE] __attribute__((aligned(16)));

static __attribute__((noreturn)) void double_fault(void)
{
	panic("double fault at 0x%08x, stack 0x%08x", (unsigned)tss.eip,
	      (unsigned)tss.esp);
}

static struct tss fault_tss = {
	.eip = (uint32_t)double_fault,
	.eflags = EFLAGS_ONE,
	.esp = (uint32_t)fault_stack + FAULT_STACK_SIZE,
	.es = KERNEL_DS,
	.cs = SEL_KERNEL_CODE,
	.ss = KERNEL_DS,
	.ds = KERNEL_DS,
	.io_map = sizeof(struct tss),
};

/* --- tables --------------------------------------------------------------- */

static void set_tss(uint32_t entry, const struct tss *t)
{
	uint64_t at = (uint32_t)t;

	gdt[entry] = (at & 0xff000000) << 32 | TSS_AVAILABLE << 40 |
		     (at & 0xffffff) << 16 | (sizeof(*t) - 1);
}

static void set_gate(uint32_t vector, const void *entry, uint32_t dpl)
{
	uint32_t at = (uint32_t)entry;
	uint32_t high = (at & 0xffff0000) | GATE_INTERRUPT(dpl);

	idt[vector] =
		(uint64_t)high << 32 | SEL_KERNEL_CODE << 16 | (at & 0xffff);
}

static void load(void)
{
	const struct table_register g = { sizeof(gdt) - 1, gdt };
	const struct table_register i = { sizeof(idt) - 1, idt };

	__asm__ volatile("lgdt %0\n\t"
			 "ljmp %2, $1f\n"
			 "1:\n\t"
			 "mov %3, %%ds\n\t"
			 "mov %3, %%es\n\t"
			 "mov %3, %%ss\n\t"
			 "mov %4, %%fs\n\t"
			 "mov %4, %%gs\n\t"
			 "lidt %1\n\t"
			 "ltr %w5"
			 :
			 : "m"(g), "m"(i), "i"(SEL_KERNEL_CODE), "r"(KERNEL_DS),
			   "r"(0), "r"(SEL_TSS)
			 : "memory");
}

void segments_init(void)
{
	uint32_t v;

	__asm__ volatile("mov %%cr3, %0" : "=r"(fault_tss.cr3));
	set_tss(GDT_TSS, &tss);
	set_tss(GDT_FAULT_TSS, &fault_tss);
	for (v = 0; v < VECTORS; v++) {
		/* Programs that try the others get #GP, as for lines. */
		uint32_t n = v < TRAP_VECTORS ? v : TRAP_VECTORS - 1;

		set_gate(v, trap_stubs + n * TRAP_STUB_SIZE, trap_gate_dpl(v));
	}
	set_gate(VECTOR_SYSCALL, syscall_entry, 3);
	idt[VECTOR_DOUBLE] = GATE_TASK << 32 | SEL_FAULT_TSS << 16;
	load();
}

void segments_set_stack(uint32_t top)
{
	tss.esp0 = top;
}

void segments_load_tls(const uint64_t tls[GDT_TLS_COUNT])
{
	memcpy(&gdt[GDT_TLS], tls, GDT_TLS_COUNT * sizeof(*tls));
}
