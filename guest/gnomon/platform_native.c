// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * On the bare machine, in ring 0: segments, gates and the TSS; the PIC, the
 * PIT as a one-shot timer, the TSC as clock; COM1.
 *
 * Manuals: Intel SDM 3A 3.4.5, 6.11, 7.2; Intel 8259A, 8254, 16550.
 */
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/mmu.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/rtc.h"
#include "guest/gnomon/trap.h"
#include "guest/lib/div.h"
#include "guest/lib/port.h"
#include "guest/lib/tsc.h"

extern const uint8_t syscall_entry[];

/* --- segments and gates --------------------------------------------------- */

#define GDT_ENTRIES	    GDT_TSS + 1
#define SEL_KERNEL_CODE	    (GDT_KERNEL_CODE * 8)
#define SEL_TSS		    (GDT_TSS * 8)
#define VECTORS		    256
#define FLAT_LOW	    0x0000ffffull
#define FLAT(high)	    ((uint64_t)(high) << 32 | FLAT_LOW)
#define GATE_INTERRUPT(dpl) (0x8e00u | (dpl) << 13)
#define TSS_AVAILABLE	    0x89ull

struct tss {
	uint32_t link, esp0, ss0;
	uint32_t unused[22];
	uint16_t trap, io_map;
};

struct table_register {
	uint16_t limit;
	const void *base;
} __attribute__((packed));

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

static void set_gate(uint32_t vector, const void *entry, uint32_t dpl)
{
	uint32_t at = (uint32_t)entry;

	idt[vector] = (uint64_t)((at & 0xffff0000) | GATE_INTERRUPT(dpl))
			      << 32 |
		      SEL_KERNEL_CODE << 16 | (at & 0xffff);
}

static void load_tables(void)
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

static void set_tables(void)
{
	uint64_t at = (uint32_t)&tss;
	uint32_t v;

	gdt[GDT_TSS] = (at & 0xff000000) << 32 | TSS_AVAILABLE << 40 |
		       (at & 0xffffff) << 16 | (sizeof(tss) - 1);
	for (v = 0; v < TRAP_VECTORS; v++) {
		set_gate(v, trap_stubs + v * TRAP_STUB_SIZE, trap_gate_dpl(v));
	}
	set_gate(VECTOR_SYSCALL, syscall_entry, 3);
	load_tables();
}

static void native_set_kernel_stack(uint32_t top)
{
	tss.esp0 = top;
}

static void native_load_tls(const uint64_t tls[GDT_TLS_COUNT])
{
	memcpy(&gdt[GDT_TLS], tls, GDT_TLS_COUNT * sizeof(*tls));
}

static uint32_t native_fault_address(void)
{
	uint32_t address;

	__asm__ volatile("mov %%cr2, %0" : "=r"(address));
	return address;
}

/* --- processor features --------------------------------------------------- */

#define CPUID_FXSR     (1u << 24) /* leaf 1, EDX */
#define CPUID_NX       (1u << 20) /* leaf 0x80000001, EDX */
#define CPUID_EXTENDED 0x80000000u
#define CR0_MP	       0x2u
#define CR0_EM	       0x4u
#define CR0_TS	       0x8u
#define CR0_NE	       0x20u
#define CR4_OSFXSR     0x600u /* and OSXMMEXCPT */
#define MSR_EFER       0xc0000080u
#define EFER_NXE       0x800u

static bool has_nx;

static uint32_t cpuid_edx(uint32_t leaf)
{
	uint32_t ebx, ecx, edx;

	__asm__ volatile("cpuid" : "+a"(leaf), "=b"(ebx), "=c"(ecx), "=d"(edx));
	return edx;
}

static uint32_t cpuid_max(uint32_t leaf)
{
	uint32_t ebx, ecx, edx;

	__asm__ volatile("cpuid" : "+a"(leaf), "=b"(ebx), "=c"(ecx), "=d"(edx));
	return leaf;
}

static void enable_nx(void)
{
	uint32_t low, high;

	if (!paging_is_pae || cpuid_max(CPUID_EXTENDED) <= CPUID_EXTENDED ||
	    !(cpuid_edx(CPUID_EXTENDED + 1) & CPUID_NX)) {
		return;
	}
	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(MSR_EFER));
	low |= EFER_NXE;
	__asm__ volatile("wrmsr" : : "a"(low), "d"(high), "c"(MSR_EFER));
	has_nx = true;
}

static void enable_fpu(void)
{
	uint32_t cr;

	__asm__ volatile("mov %%cr0, %0" : "=r"(cr));
	cr = (cr & ~(CR0_EM | CR0_TS)) | CR0_MP | CR0_NE;
	__asm__ volatile("mov %0, %%cr0" : : "r"(cr));
	if (cpuid_edx(1) & CPUID_FXSR) {
		__asm__ volatile("mov %%cr4, %0" : "=r"(cr));
		cr |= CR4_OSFXSR;
		__asm__ volatile("mov %0, %%cr4" : : "r"(cr));
	}
	__asm__ volatile("fninit");
}

static bool native_has_nx(void)
{
	return has_nx;
}

/* --- page tables ---------------------------------------------------------- */

static uint32_t read_cr3(void)
{
	uint32_t root;

	__asm__ volatile("mov %%cr3, %0" : "=r"(root));
	return root;
}

static void native_set_root(uint32_t root)
{
	__asm__ volatile("mov %0, %%cr3" : : "r"(root) : "memory");
}

static void flush(void)
{
	native_set_root(read_cr3());
}

static void native_pte_changed(uint32_t root, uint32_t va, uint64_t pte)
{
	(void)pte;
	if (va >= KERNEL_BASE || root == read_cr3()) {
		__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
	}
}

/* PAE root entries are cached with CR3: SDM 3A 4.4.1. */
static void native_pde_changed(uint32_t root, uint32_t dir, uint32_t index)
{
	(void)dir;
	(void)index;
	if (root == read_cr3()) {
		flush();
	}
}

static void native_mmu_sync(void)
{
}

/* --- interrupt controller ------------------------------------------------- */

#define PIC1		0x20
#define PIC2		0xa0
#define PIC_INIT	0x11 /* edge-triggered, cascaded, four words */
#define PIC_8086	0x01
#define PIC_EOI		0x20
#define PIC_READ_ISR	0x0b
#define PIC_LINES	16
#define PIC_CASCADE	2
#define PIC_SPURIOUS(n) (((n)&7) == 7)

static uint16_t pic_mask = 0xffff;

static void pic_set_mask(void)
{
	out8(PIC1 + 1, (uint8_t)pic_mask);
	out8(PIC2 + 1, (uint8_t)(pic_mask >> 8));
}

static void pic_init(void)
{
	out8(PIC1, PIC_INIT);
	out8(PIC2, PIC_INIT);
	out8(PIC1 + 1, IRQ_VECTOR);
	out8(PIC2 + 1, IRQ_VECTOR + 8);
	out8(PIC1 + 1, 1 << PIC_CASCADE);
	out8(PIC2 + 1, PIC_CASCADE);
	out8(PIC1 + 1, PIC_8086);
	out8(PIC2 + 1, PIC_8086);
	pic_mask = (uint16_t) ~(1u << PIC_CASCADE);
	pic_set_mask();
}

static void native_irq_unmask(uint32_t line)
{
	if (line < PIC_LINES) {
		pic_mask &= (uint16_t) ~(1u << line);
		pic_set_mask();
	}
}

/* The lowest line of each controller also stands for "it went away". */
static bool pic_is_spurious(uint32_t line)
{
	uint16_t port = line < 8 ? PIC1 : PIC2;

	if (!PIC_SPURIOUS(line)) {
		return false;
	}
	out8(port, PIC_READ_ISR);
	return !(in8(port) & 1u << (line & 7));
}

static bool native_irq_done(uint32_t line)
{
	bool is_real = line < PIC_LINES && !pic_is_spurious(line);

	if (is_real && line >= 8) {
		out8(PIC2, PIC_EOI);
	}
	if (is_real || (line >= 8 && line < PIC_LINES)) {
		out8(PIC1, PIC_EOI);
	}
	return is_real;
}

static void native_idle(void)
{
	__asm__ volatile("sti\n\t"
			 "hlt\n\t"
			 "cli"
			 :
			 :
			 : "memory");
}

static void native_serve_irqs(void)
{
	__asm__ volatile("sti\n\t"
			 "nop\n\t"
			 "cli"
			 :
			 :
			 : "memory");
}

/* --- time ----------------------------------------------------------------- */

#define PIT_HZ		1193182u
#define PIT_CHANNEL0	0x40
#define PIT_CHANNEL2	0x42
#define PIT_COMMAND	0x43
#define PIT_ONESHOT0	0x30 /* both bytes, mode 0 */
#define PIT_ONESHOT2	0xb0
#define PIT_MAX		0xffffu
#define GATE_PORT	0x61
#define GATE_OPEN	0x01
#define GATE_OUTPUT	0x20
#define CALIBRATE_TICKS 11932u /* 10 ms */
#define NS_PER_SEC	1000000000u
#define NS_PER_TICK	838u
#define CALIBRATE_TRIES 100000000u

static uint64_t wall_start;

static void pit_start(uint16_t channel, uint8_t command, uint32_t ticks)
{
	out8(PIT_COMMAND, command);
	out8(channel, (uint8_t)ticks);
	out8(channel, (uint8_t)(ticks >> 8));
}

/* Cycles per ms, by the speaker's timer, whose output can be read. */
static uint32_t calibrate(void)
{
	uint8_t gate = in8(GATE_PORT) & ~3u;
	uint32_t tries = CALIBRATE_TRIES;
	uint64_t start;

	out8(GATE_PORT, gate | GATE_OPEN);
	pit_start(PIT_CHANNEL2, PIT_ONESHOT2, CALIBRATE_TICKS);
	start = tsc_read();
	while (!(in8(GATE_PORT) & GATE_OUTPUT) && --tries) {
	}
	out8(GATE_PORT, gate);
	return (uint32_t)(tsc_read() - start) / 10;
}

/* The shortest and the longest the PIT can do; what is longer comes early. */
static void native_set_timer(uint64_t ns)
{
	uint64_t ticks = ns > NS_PER_TICK * PIT_MAX
				 ? PIT_MAX
				 : (uint32_t)ns / NS_PER_TICK;

	if (!ns) {
		/* Mode 0 waits for its count: without one, nothing comes. */
		out8(PIT_COMMAND, PIT_ONESHOT0);
		return;
	}
	pit_start(PIT_CHANNEL0, PIT_ONESHOT0,
		  (uint32_t)ticks + 1 > PIT_MAX ? PIT_MAX
						: (uint32_t)ticks + 1);
}

static uint64_t native_wall(void)
{
	return wall_start + tsc_ns();
}

/* --- COM1 ----------------------------------------------------------------- */

#define COM1	   0x3f8
#define UART_DATA  (COM1 + 0)
#define UART_IER   (COM1 + 1) /* with DLAB: divisor, high byte */
#define UART_FCR   (COM1 + 2)
#define UART_LCR   (COM1 + 3)
#define UART_MCR   (COM1 + 4)
#define UART_LSR   (COM1 + 5)
#define LCR_8N1	   0x03
#define LCR_DLAB   0x80
#define FCR_ENABLE 0x07
#define MCR_IRQ	   0x0b /* DTR, RTS, OUT2: interrupts pass */
#define IER_INPUT  0x01
#define LSR_INPUT  0x01
#define LSR_ROOM   0x20
#define PUTC_TRIES 100000u

static void uart_init(void)
{
	out8(UART_LCR, LCR_DLAB);
	out8(UART_DATA, 1); /* 115200 */
	out8(UART_IER, 0);
	out8(UART_LCR, LCR_8N1);
	out8(UART_FCR, FCR_ENABLE);
	out8(UART_MCR, MCR_IRQ);
	out8(UART_IER, IER_INPUT);
}

/* Bounded: a port that is not there never has room. */
static void native_putc(char c)
{
	uint32_t tries = PUTC_TRIES;

	while (!(in8(UART_LSR) & LSR_ROOM) && --tries) {
	}
	out8(UART_DATA, (uint8_t)c);
}

static int native_getc(void)
{
	uint8_t status = in8(UART_LSR);

	return (status & LSR_INPUT) && status != 0xff ? in8(UART_DATA) : -1;
}

/* --- the end -------------------------------------------------------------- */

#define ACPI_PM1_QEMU  0x604
#define ACPI_SLEEP_S5  0x2000
#define KEYBOARD       0x64
#define KEYBOARD_RESET 0xfe
#define EXIT_OFF       0x10
#define EXIT_CRASH     0x12
#define EXIT_RESTART   0x14

static uint16_t exit_port; /* QEMU's isa-debug-exit; 0: none */

static void say(const char *text)
{
	while (*text) {
		native_putc(*text++);
	}
}

static void leave(uint8_t how)
{
	if (exit_port) {
		out8(exit_port, how);
	}
}

static __attribute__((noreturn)) void stop(void)
{
	say("gnomon: halted\n");
	for (;;) {
		__asm__ volatile("cli\n\thlt");
	}
}

static __attribute__((noreturn)) void native_power_off(const char *text)
{
	(void)text;
	leave(EXIT_OFF);
	out16(ACPI_PM1_QEMU, ACPI_SLEEP_S5);
	stop();
}

static __attribute__((noreturn)) void native_restart(const char *text)
{
	(void)text;
	leave(EXIT_RESTART);
	out8(KEYBOARD, KEYBOARD_RESET);
	stop();
}

static __attribute__((noreturn)) void native_crash(const char *text)
{
	(void)text;
	leave(EXIT_CRASH);
	stop();
}

/* --- initialisation ------------------------------------------------------- */

static void native_init(const char *cmdline)
{
	const char *option = strstr(cmdline, "exit=0x");

	if (option) {
		exit_port = (uint16_t)strtoul(option + 5, NULL, 16);
	}
	uart_init();
	set_tables();
	enable_nx();
	enable_fpu();
	pic_init();
	native_set_timer(0);
	tsc_start(calibrate());
	wall_start = rtc_read();
}

static void native_init_late(void)
{
}

const struct platform platform_native = {
	.name = "native",
	.init = native_init,
	.init_late = native_init_late,
	.has_nx = native_has_nx,
	.set_kernel_stack = native_set_kernel_stack,
	.load_tls = native_load_tls,
	.fault_address = native_fault_address,
	.set_root = native_set_root,
	.pte_changed = native_pte_changed,
	.pde_changed = native_pde_changed,
	.flush_user = flush,
	.flush_kernel = flush,
	.mmu_sync = native_mmu_sync,
	.set_timer = native_set_timer,
	.now = tsc_ns,
	.wall = native_wall,
	.irq_unmask = native_irq_unmask,
	.irq_done = native_irq_done,
	.idle = native_idle,
	.serve_irqs = native_serve_irqs,
	.putc = native_putc,
	.getc = native_getc,
	.power_off = native_power_off,
	.restart = native_restart,
	.crash = native_crash,
};
