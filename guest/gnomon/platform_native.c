// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * On the bare machine, in ring 0. Segments and gates are in segments.c, the
 * devices in pc.c, the clock is the TSC.
 */
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/mmu.h"
#include "guest/gnomon/pc.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/segments.h"
#include "guest/gnomon/trap.h"
#include "guest/lib/port.h"
#include "guest/lib/tsc.h"

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

/* --- interrupts and time ---------------------------------------------------
 */

static uint64_t wall_start; /* ns since 1970 when tsc_ns() was 0 */

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

static uint64_t native_wall(void)
{
	return wall_start + tsc_ns();
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
		uart_putc(*text++);
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
	segments_init();
	enable_nx();
	enable_fpu();
	pic_init();
	pit_set(0);
	tsc_start(pit_calibrate());
	wall_start = rtc_read();
}

const struct platform platform_native = {
	.name = "native",
	.init = native_init,
	.has_nx = native_has_nx,
	.set_kernel_stack = segments_set_stack,
	.load_tls = segments_load_tls,
	.fault_address = native_fault_address,
	.set_root = native_set_root,
	.pte_changed = native_pte_changed,
	.pde_changed = native_pde_changed,
	.flush_user = flush,
	.flush_kernel = flush,
	.mmu_sync = native_mmu_sync,
	.set_timer = pit_set,
	.now = tsc_ns,
	.wall = native_wall,
	.irq_unmask = pic_unmask,
	.irq_done = pic_done,
	.idle = native_idle,
	.serve_irqs = native_serve_irqs,
	.putc = uart_putc,
	.getc = uart_getc,
	.power_off = native_power_off,
	.restart = native_restart,
	.crash = native_crash,
};
