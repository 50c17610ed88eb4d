// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * On the bare machine, in ring 0: the hypercalls the kernel makes, done by
 * itself, and the tables a hypervisor would keep. Devices are in pc.c; the
 * clock is the TSC.
 *
 * LIMIT: a double fault has no stack of its own, so that a kernel stack that
 * overflows resets the machine.
 *
 * Manual: Intel SDM 3A 3.4.5 "Segment Descriptors", 7.2.1 "Task-State Segment".
 */
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/frame.h"
#include "guest/gnomon/pc.h"
#include "guest/gnomon/platform.h"
#include "guest/lib/hcall.h"
#include "guest/lib/port.h"
#include "guest/lib/trap.h"

#define FLAT(high)    ((uint64_t)(high) << 32 | 0xffff)
#define TSS_AVAILABLE 0x89ull

/* Gates that are 0 make #GP of whatever a program tries. */
static uint64_t idt[VECTOR_SYSCALL + 1] __attribute__((aligned(8)));

static uint64_t gdt[GDT_TSS + 1] __attribute__((aligned(8))) = {
	[GDT_KERNEL_CODE] = FLAT(0x00cf9b00),
	[GDT_KERNEL_DATA] = FLAT(0x00cf9300),
};

static struct {
	uint32_t link, esp0, ss0, unused[22];
	uint16_t trap, io_map;
} tss = {
	.ss0 = KERNEL_DS,
	.io_map = sizeof(tss), /* none: no port is the program's */
};
_Static_assert(sizeof(tss) == 104, "SDM 3A 7.2.1");

static void load_tables(void)
{
	const struct {
		uint16_t limit;
		const void *base;
	} __attribute__((packed)) gdtr = { sizeof(gdt) - 1, gdt },
				  idtr = { sizeof(idt) - 1, idt };
	uint64_t at = (uint32_t)&tss;

	gdt[GDT_TSS] = (at & 0xff000000) << 32 | TSS_AVAILABLE << 40 |
		       (at & 0xffffff) << 16 | (sizeof(tss) - 1);
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
			 : "m"(gdtr), "m"(idtr), "i"(SEL_KERNEL_CODE),
			   "r"(KERNEL_DS), "r"(0), "r"(GDT_TSS * 8)
			 : "memory");
}

/* --- the hypervisor's part ------------------------------------------------ */

static uint32_t read_cr3(void)
{
	uint32_t root;

	__asm__ volatile("mov %%cr3, %0" : "=r"(root));
	return root;
}

static void write_cr3(uint32_t root)
{
	__asm__ volatile("mov %0, %%cr3" : : "r"(root) : "memory");
}

static void invlpg(uint32_t va)
{
	__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
}

static void native_call(uint32_t number, uint32_t arg1, uint32_t arg2,
			uint32_t arg3, uint32_t arg4)
{
	(void)arg4;
	switch (number) {
	case HC_LOAD_IDT_ENTRY:
		idt[arg1] = (uint64_t)arg3 << 32 | arg2;
		break;
	case HC_LOAD_GDT_ENTRY:
		gdt[arg1] = (uint64_t)arg3 << 32 | arg2;
		break;
	case HC_LOAD_TLS:
		memcpy(&gdt[GDT_TLS], frame_at(arg1), GDT_TLS_COUNT * 8);
		break;
	case HC_SET_STACK:
		tss.esp0 = arg2;
		break;
	case HC_SET_PTE:
		if (arg2 >= KERNEL_BASE || arg1 == read_cr3()) {
			invlpg(arg2);
		}
		break;
	case HC_NEW_PGTABLE:
		write_cr3(arg1);
		break;
	case HC_FLUSH_TLB:
	case HC_SET_PMD:
	case HC_SET_PGD: /* a PAE root is cached with CR3: SDM 3A 4.4.1 */
		write_cr3(read_cr3());
		break;
	case HC_SET_CLOCKEVENT:
		pit_set(arg1);
		break;
	case HC_HALT:
		__asm__ volatile("sti\n\thlt\n\tcli" : : : "memory");
		break;
	}
}

static uint32_t native_fault_address(void)
{
	uint32_t address;

	__asm__ volatile("mov %%cr2, %0" : "=r"(address));
	return address;
}

/* --- the beginning and the end -------------------------------------------- */

#define ACPI_PM1_QEMU  0x604
#define ACPI_SLEEP_S5  0x2000
#define KEYBOARD       0x64
#define KEYBOARD_RESET 0xfe
#define EXIT_OFF       0x10
#define EXIT_CRASH     0x12
#define EXIT_RESTART   0x14

static uint16_t exit_port; /* QEMU's isa-debug-exit; 0: none */

static void native_init(const char *cmdline)
{
	const char *option = strstr(cmdline, "exit=0x");

	if (option) {
		exit_port = (uint16_t)strtoul(option + 5, NULL, 16);
	}
	load_tables();
	uart_init();
	pic_init();
	pit_set(0);
	lguest_data.tsc_khz = pit_calibrate();
	lguest_data.time_sec = rtc_read();
}

/* Whichever of the ways out there is. */
static __attribute__((noreturn)) void stop(uint8_t exit_code)
{
	static const char text[] = "gnomon: halted\n";

	if (exit_port) {
		out8(exit_port, exit_code);
	}
	if (exit_code == EXIT_OFF) {
		out16(ACPI_PM1_QEMU, ACPI_SLEEP_S5);
	} else if (exit_code == EXIT_RESTART) {
		out8(KEYBOARD, KEYBOARD_RESET);
	}
	uart_write(text, sizeof(text) - 1);
	for (;;) {
		__asm__ volatile("cli\n\thlt");
	}
}

static __attribute__((noreturn)) void native_shutdown(const char *text,
						      uint32_t reason)
{
	(void)text;
	stop(reason == SHUTDOWN_RESTART ? EXIT_RESTART : EXIT_OFF);
}

static __attribute__((noreturn)) void native_crash(void)
{
	stop(EXIT_CRASH);
}

const struct platform platform_native = {
	.name = "native",
	.init = native_init,
	.call = native_call,
	.fault_address = native_fault_address,
	.irq_unmask = pic_unmask,
	.now = platform_now,
	.wall = platform_wall,
	.write = uart_write,
	.read = uart_read,
	.shutdown = native_shutdown,
	.crash = native_crash,
};
