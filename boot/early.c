/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first C code: is this processor able to run Umbra at all?
 *
 * Compiled for the i386 and calling nothing, since the rest of the image may
 * use instructions that this processor lacks. Its message goes to COM1 and
 * to the text screen, blindly.
 *
 * Next: boot/boot.c.
 */
#include "arch/x86/cpu.h"
#include "arch/x86/regs.h"

#define EDX_FPU	 (1u << 0)
#define EDX_TSC	 (1u << 4)
#define EDX_MSR	 (1u << 5)
#define EDX_PAE	 (1u << 6)
#define EDX_CX8	 (1u << 8)
#define EDX_CMOV (1u << 15)
#define EDX_FXSR (1u << 24)

#define COM1	   0x3f8
#define COM1_LSR   (COM1 + 5)
#define LSR_THRE   0x20
#define THRE_POLLS 100000u

#define VGA_TEXT      ((volatile u16 *)0xb8000)
#define VGA_COLUMNS   80
#define VGA_ATTRIBUTE 0x4f00 /* white on red */

static const struct {
	u32 bit;
	const char *name;
} required[] = {
	{ EDX_FPU, "FPU" },   { EDX_TSC, "TSC" },	{ EDX_MSR, "MSR" },
	{ EDX_PAE, "PAE" },   { EDX_CX8, "CMPXCHG8B" }, { EDX_CMOV, "CMOV" },
	{ EDX_FXSR, "FXSR" },
};

/* Called from head.S on its stack, paging off. Returns or halts for ever. */
void early_check(void);

static u32 column;

static void put(char c)
{
	u32 polls = THRE_POLLS;

	while (!(inb(COM1_LSR) & LSR_THRE) && --polls) {
	}
	outb(COM1, (u8)c);
	if (c >= ' ' && column < VGA_COLUMNS) {
		VGA_TEXT[column++] = VGA_ATTRIBUTE | (u8)c;
	}
}

static void print(const char *s)
{
	while (*s) {
		put(*s++);
	}
}

/* The ID flag can be changed only where CPUID exists: SDM 1 3.4.3.3. */
static bool has_cpuid(void)
{
	u32 before, after;

	__asm__ volatile("pushfl\n\t"
			 "popl %0\n\t"
			 "movl %0, %1\n\t"
			 "xorl %2, %1\n\t"
			 "pushl %1\n\t"
			 "popfl\n\t"
			 "pushfl\n\t"
			 "popl %1"
			 : "=&r"(before), "=&r"(after)
			 : "i"(EFL_ID));
	return (before ^ after) & EFL_ID;
}

void early_check(void)
{
	u32 a, b, c, features = 0;
	bool is_able = true;

	if (has_cpuid()) {
		cpuid(0, &a, &b, &c, &features);
		features = 0;
		if (a >= 1) {
			cpuid(1, &a, &b, &c, &features);
		}
	}
	for (u32 i = 0; i < ARRAY_SIZE(required); i++) {
		if (features & required[i].bit) {
			continue;
		}
		print(is_able ? "umbra: cannot run: this processor lacks "
			      : " ");
		print(required[i].name);
		is_able = false;
	}
	if (!is_able) {
		print("\r\n");
		cpu_halt_forever();
	}
}
