/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One-instruction wrappers: control registers, MSRs, ports, descriptors.
 */
#pragma once

#include "hv/lib/types.h"

/* SDM 3A 2.5 "Control Registers". */
#define CR0_PE 0x00000001
#define CR0_MP 0x00000002
#define CR0_EM 0x00000004
#define CR0_TS 0x00000008
#define CR0_ET 0x00000010
#define CR0_NE 0x00000020
#define CR0_WP 0x00010000
#define CR0_AM 0x00040000
#define CR0_NW 0x20000000
#define CR0_CD 0x40000000
#define CR0_PG 0x80000000

#define CR4_PSE	       0x00000010
#define CR4_PAE	       0x00000020
#define CR4_MCE	       0x00000040
#define CR4_OSFXSR     0x00000200
#define CR4_OSXMMEXCPT 0x00000400

#define MSR_SYSENTER_CS 0x174
#define MSR_EFER	0xc0000080
#define EFER_SCE	0x001
#define EFER_LME	0x100
#define EFER_NXE	0x800

struct dtr {
	u16 limit;
	u32 base;
} __packed;

#define CR_ACCESSORS(n)                                                    \
	static inline u32 read_cr##n(void)                                 \
	{                                                                  \
		u32 v;                                                     \
		__asm__ volatile("mov %%cr" #n ", %0" : "=r"(v));          \
		return v;                                                  \
	}                                                                  \
	static inline void write_cr##n(u32 v)                              \
	{                                                                  \
		__asm__ volatile("mov %0, %%cr" #n : : "r"(v) : "memory"); \
	}

CR_ACCESSORS(0)
CR_ACCESSORS(2)
CR_ACCESSORS(3)
CR_ACCESSORS(4)

static inline void invlpg(const void *va)
{
	__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
}

static inline void wbinvd(void)
{
	__asm__ volatile("wbinvd" : : : "memory");
}

static inline u64 rdmsr(u32 msr)
{
	u32 lo, hi;

	__asm__ volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(msr));
	return (u64)hi << 32 | lo;
}

static inline void wrmsr(u32 msr, u64 v)
{
	__asm__ volatile("wrmsr"
			 :
			 : "c"(msr), "a"((u32)v), "d"((u32)(v >> 32))
			 : "memory");
}

static inline u64 rdtsc(void)
{
	u32 lo, hi;

	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return (u64)hi << 32 | lo;
}

static inline void cpuid(u32 leaf, u32 *a, u32 *b, u32 *c, u32 *d)
{
	__asm__ volatile("cpuid"
			 : "=a"(*a), "=b"(*b), "=c"(*c), "=d"(*d)
			 : "a"(leaf), "c"(0));
}

static inline u8 inb(u16 port)
{
	u8 v;

	__asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

static inline void outb(u16 port, u8 v)
{
	__asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(port));
}

static inline u16 inw(u16 port)
{
	u16 v;

	__asm__ volatile("inw %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

static inline void outw(u16 port, u16 v)
{
	__asm__ volatile("outw %0, %1" : : "a"(v), "Nd"(port));
}

static inline u32 inl(u16 port)
{
	u32 v;

	__asm__ volatile("inl %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

static inline void outl(u16 port, u32 v)
{
	__asm__ volatile("outl %0, %1" : : "a"(v), "Nd"(port));
}

/* Copy bytes from any address, 0 as well. */
static inline void rep_movsb(void *dst, u32 src, u32 len)
{
	__asm__ volatile("rep movsb"
			 : "+D"(dst), "+S"(src), "+c"(len)
			 :
			 : "memory");
}

static inline void lgdt(const struct dtr *d)
{
	__asm__ volatile("lgdt %0" : : "m"(*d));
}

static inline void lidt(const struct dtr *d)
{
	__asm__ volatile("lidt %0" : : "m"(*d));
}

static inline void lldt(u16 sel)
{
	__asm__ volatile("lldt %0" : : "r"(sel));
}

static inline void ltr(u16 sel)
{
	__asm__ volatile("ltr %0" : : "r"(sel));
}

/* read_NAME() and write_NAME() of a register that a mov reaches. */
#define REGISTER_ACCESSORS(type, name)                             \
	static inline type read_##name(void)                       \
	{                                                          \
		type v;                                            \
		__asm__ volatile("mov %%" #name ", %0" : "=r"(v)); \
		return v;                                          \
	}                                                          \
	static inline void write_##name(type v)                    \
	{                                                          \
		__asm__ volatile("mov %0, %%" #name : : "r"(v));   \
	}

/* Loading a selector that is not valid faults. */
REGISTER_ACCESSORS(u16, fs)
REGISTER_ACCESSORS(u16, gs)

/* SDM 3B 17.2 "Debug Registers". */
#define DR6_INIT 0xffff0ff0
#define DR7_INIT 0x00000400

REGISTER_ACCESSORS(u32, dr0)
REGISTER_ACCESSORS(u32, dr1)
REGISTER_ACCESSORS(u32, dr2)
REGISTER_ACCESSORS(u32, dr3)
REGISTER_ACCESSORS(u32, dr6)
REGISTER_ACCESSORS(u32, dr7)

/* The x87 and SSE registers, as FXSAVE lays them out. Not with CR0.TS set. */
struct fpu_state {
	u8 bytes[512];
} __aligned(16);

static inline void fpu_save(struct fpu_state *f)
{
	__asm__ volatile("fxsave %0" : "=m"(*f));
}

/*
 * TRICK: AMD's processors neither save nor restore the addresses of the last
 * x87 instruction unless an exception is pending. FNINIT clears them first, so
 * that one guest does not see another's.
 */
static inline void fpu_load(const struct fpu_state *f)
{
	__asm__ volatile("fninit\n\tfxrstor %0" : : "m"(*f));
}

static inline void cpu_relax(void)
{
	__asm__ volatile("pause" : : : "memory");
}

static inline void irq_disable(void)
{
	__asm__ volatile("cli" : : : "memory");
}

/* Take the interrupts that are pending. */
static inline void irq_poll(void)
{
	__asm__ volatile("sti\n\tnop\n\tcli" : : : "memory");
}

/* Sleep until an interrupt; interrupts are on only during the sleep. */
static inline void irq_wait(void)
{
	__asm__ volatile("sti\n\thlt\n\tcli" : : : "memory");
}

static inline __noreturn void cpu_halt_forever(void)
{
	for (;;) {
		__asm__ volatile("cli\n\thlt");
	}
}
