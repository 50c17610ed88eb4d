// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * On the bare machine, in ring 0: the hypercalls the kernel makes, done by
 * itself, with the tables and the devices a hypervisor would have: two 8259A
 * interrupt controllers, the 8254 timer, the MC146818 clock, and a 16550 UART
 * if there is one.
 *
 * LIMIT: a double fault has no stack of its own, so that a kernel stack that
 * overflows resets the machine.
 *
 * Manual: Intel SDM 3A 3.4.5 "Segment Descriptors", 7.2.1 "Task-State Segment".
 */
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/arch/layout.h"
#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/lib/log.h"
#include "guest/gnomon/linux/elf.h"
#include "guest/gnomon/linux/ioctl.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/linux/stat.h"
#include "guest/gnomon/linux/system.h"
#include "guest/lib/irq.h"
#include "guest/lib/port.h"
#include "guest/lib/trap.h"
#include "guest/lib/tsc.h"
#include "hv/abi/umbra.h"

/* --- interrupt controllers and COM1 --------------------------------------- */

#define PIC1	  0x20
#define PIC2	  0xa0
#define PIC_LINES 16

#define UART_DATA  0x3f8
#define UART_IER   0x3f9
#define UART_FCR   0x3fa
#define UART_LCR   0x3fb
#define UART_MCR   0x3fc
#define UART_LSR   0x3fd
#define FCR_QUEUES 0x01
#define LSR_INPUT  0x01
#define LSR_BAD    0x1c /* the byte that waits is noise */
#define LSR_ROOM   0x20
#define LSR_ABSENT 0xff
#define ROOM_TRIES 100000u
#define KEPT_MAX   128u
#define QUIET	   200u /* looks without input: none is on its way */

/* Ports, and what is written to them, in order. */
static const uint16_t setup[][2] = {
	/*
	 * Edge-triggered; vectors; cascaded by line 2; an interrupt that is
	 * delivered is ended; all masked but the cascade.
	 */
	{ PIC1, 0x11 },
	{ PIC1 + 1, IRQ_VECTOR },
	{ PIC1 + 1, 1 << 2 },
	{ PIC1 + 1, 0x03 },
	{ PIC1 + 1, 0xfb },
	{ PIC2, 0x11 },
	{ PIC2 + 1, IRQ_VECTOR + 8 },
	{ PIC2 + 1, 2 },
	{ PIC2 + 1, 0x03 },
	{ PIC2 + 1, 0xff },
	/* 115200 8N1, interrupts for input. */
	{ UART_LCR, 0x80 },
	{ UART_DATA, 1 },
	{ UART_IER, 0 },
	{ UART_LCR, 0x03 },
	{ UART_MCR, 0x0b },
	{ UART_IER, 0x01 }
};

static void pic_unmask(uint32_t line)
{
	uint16_t port = (line < 8 ? PIC1 : PIC2) + 1;

	if (line < PIC_LINES) {
		out8(port, in8(port) & (uint8_t) ~(1u << line % 8));
	}
}

/* Bounded: a port that is not there never has room. */
static void uart_write(const char *bytes, uint32_t n)
{
	for (; n; n--) {
		uint32_t tries = ROOM_TRIES;

		while (!(in8(UART_LSR) & LSR_ROOM) && --tries) {
		}
		out8(UART_DATA, (uint8_t)*bytes++);
	}
}

/* Typed before anybody read; no interrupt tells of it. */
static char kept[KEPT_MAX];
static uint32_t kept_count, kept_taken;

/*
 * Switching the queues on throws away what waits, and what arrives at that
 * moment: it is kept, and they are left as they are where somebody sends.
 */
static void uart_begin(void)
{
	uint32_t quiet = 0;

	for (uint32_t left = KEPT_MAX; quiet < QUIET; quiet++) {
		uint8_t status = in8(UART_LSR);

		if (!(status & LSR_INPUT)) {
			continue;
		}
		if (!left--) {
			return;
		}
		kept[kept_count] = (char)in8(UART_DATA);
		kept_count += !(status & LSR_BAD);
		quiet = 0;
	}
	if (!kept_count) {
		out8(UART_FCR, FCR_QUEUES);
	}
}

static uint32_t uart_read(char *to, uint32_t n)
{
	uint32_t got = 0;
	uint8_t status;

	while (got < n && kept_taken < kept_count) {
		to[got++] = kept[kept_taken++];
	}
	while (got < n && ((status = in8(UART_LSR)) & LSR_INPUT) &&
	       status != LSR_ABSENT) {
		to[got++] = (char)in8(UART_DATA);
	}
	return got;
}

/* --- timer ---------------------------------------------------------------- */

#define PIT_CHANNEL0	0x40
#define PIT_CHANNEL2	0x42
#define PIT_COMMAND	0x43
#define PIT_ONESHOT0	0x30 /* both bytes, mode 0 */
#define PIT_ONESHOT2	0xb0
#define PIT_MAX		0xffffu
#define NS_PER_TICK	838u
#define GATE_PORT	0x61
#define GATE_OPEN	0x01
#define GATE_OUTPUT	0x20
#define CALIBRATE_TICKS 11932u /* 10 ms */
#define CALIBRATE_TRIES 100000000u

static void pit_count(uint16_t channel, uint32_t ticks)
{
	out8(channel, (uint8_t)ticks);
	out8(channel, (uint8_t)(ticks >> 8));
}

/* Cycles per ms, by the speaker's timer, whose output can be read. */
static uint32_t pit_calibrate(void)
{
	uint8_t gate = in8(GATE_PORT) & (uint8_t)~3u;
	uint32_t tries = CALIBRATE_TRIES;
	uint64_t start;

	out8(GATE_PORT, gate | GATE_OPEN);
	out8(PIT_COMMAND, PIT_ONESHOT2);
	pit_count(PIT_CHANNEL2, CALIBRATE_TICKS);
	start = tsc_read();
	while (!(in8(GATE_PORT) & GATE_OUTPUT) && --tries) {
	}
	out8(GATE_PORT, gate);
	return (uint32_t)(tsc_read() - start) / 10;
}

/*
 * What is too long for it comes early. Mode 0 waits for its count: without
 * one, nothing comes.
 */
static void pit_set(uint32_t ns)
{
	uint32_t ticks = ns / NS_PER_TICK + 1;

	out8(PIT_COMMAND, PIT_ONESHOT0);
	if (ns) {
		pit_count(PIT_CHANNEL0, ticks < PIT_MAX ? ticks : PIT_MAX);
	}
}

/* --- clock ---------------------------------------------------------------- */

#define RTC_INDEX	0x70
#define RTC_DATA	0x71
#define SECONDS_PER_DAY 86400u

/* Firmware has it count in BCD, and 24 hours. */
static uint32_t rtc(uint8_t n)
{
	uint8_t v;

	out8(RTC_INDEX, n);
	v = in8(RTC_DATA);
	return (v >> 4) * 10u + (v & 0xf);
}

/* Days from 1970-01-01; years count from March, so that February is last. */
static uint32_t days_since_1970(uint32_t year, uint32_t month, uint32_t day)
{
	uint32_t y = month > 2 ? year : year - 1;
	uint32_t m = (month + 9) % 12;

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day -
	       1 - 719468;
}

/* Seconds since 1970, read while it did not tick. Taken for UTC. */
static uint32_t rtc_read(void)
{
	uint32_t second, days, minutes;

	do {
		second = rtc(0);
		minutes = rtc(4) * 60 + rtc(2);
		days = days_since_1970(2000 + rtc(9), rtc(8), rtc(7));
	} while (rtc(0) != second);
	return days * SECONDS_PER_DAY + minutes * 60 + second;
}

/* --- descriptors ---------------------------------------------------------- */

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
			 "lidt %1\n\t"
			 "ltr %w4"
			 :
			 : "m"(gdtr), "m"(idtr), "i"(SEL_KERNEL_CODE),
			   "r"(KERNEL_DS), "r"(GDT_TSS * 8)
			 : "memory");
}

/* --- the hypervisor's part ------------------------------------------------ */

static void native_call(uint32_t number, uint32_t arg1, uint32_t arg2,
			uint32_t arg3, uint32_t arg4)
{
	static uint32_t root;

	(void)arg4;
	switch (number) {
	case HC_LOAD_IDT_ENTRY:
		idt[arg1] = (uint64_t)arg3 << 32 | arg2;
		break;
	case HC_LOAD_GDT_ENTRY:
		gdt[arg1] = (uint64_t)arg3 << 32 | arg2;
		break;
	case HC_LOAD_TLS:
		memcpy(&gdt[GDT_TLS], (void *)(arg1 + KERNEL_BASE),
		       GDT_TLS_COUNT * 8);
		break;
	case HC_SET_STACK:
		tss.esp0 = arg2;
		break;
	case HC_SET_PTE:
		if (arg2 >= KERNEL_BASE || arg1 == root) {
			__asm__ volatile("invlpg (%0)"
					 :
					 : "r"(arg2)
					 : "memory");
		}
		break;
	case HC_NEW_PGTABLE:
		root = arg1;
		__attribute__((fallthrough));
	case HC_FLUSH_TLB:
	case HC_SET_PMD:
	case HC_SET_PGD: /* a PAE root is cached with CR3: SDM 3A 4.4.1 */
		__asm__ volatile("mov %0, %%cr3" : : "r"(root) : "memory");
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
#define EXIT_POLLS     20000000

static uint16_t exit_port; /* QEMU's isa-debug-exit; 0: none */

static void native_init(const char *cmdline)
{
	const char *option = strstr(cmdline, "exit=0x");
	uint32_t i;

	if (option) {
		exit_port = (uint16_t)strtoul(option + 5, NULL, 16);
	}
	load_tables();
	for (i = 0; i < sizeof(setup) / sizeof(setup[0]); i++) {
		out8(setup[i][0], (uint8_t)setup[i][1]);
	}
	uart_begin();
	pit_set(0);
	lguest_data.tsc_khz = pit_calibrate();
	lguest_data.time_sec = rtc_read();
}

/* Whichever of the ways out there is. */
static __attribute__((noreturn)) void stop(uint8_t exit_code)
{
	static const char text[] = "gnomon: halted\n";
	uint32_t i;

	if (exit_port) {
		out8(exit_port, exit_code);
		/*
		 * QEMU 10 ends a while after it was told to. Its device reads
		 * as 0, a port without one as 0xff.
		 */
		for (i = 0; i < EXIT_POLLS && in8(exit_port) != 0xff; i++) {
		}
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
	log_info("%s", text);
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
	.write = uart_write,
	.read = uart_read,
	.shutdown = native_shutdown,
	.crash = native_crash,
};
