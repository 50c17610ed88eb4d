/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first check: is this processor able to run Umbra at all?
 *
 * Compiled for the i386, like all that it calls (boot/boot.c). Its message goes
 * to the consoles that the command line names, without probing them: by default
 * to COM1 and the screen, a framebuffer if a Multiboot 2 loader set one up.
 *
 * It distrusts the loader's description of the screen.
 * Next: hv/main.c.
 */
#include "boot/early.h"

#include "arch/x86/cpu.h"
#include "arch/x86/font.h"
#include "arch/x86/regs.h"
#include "arch/x86/reset.h"
#include "arch/x86/uart_line.h"
#include "hv/ui/end_action.h"

#define EDX_FPU	 (1u << 0)
#define EDX_TSC	 (1u << 4)
#define EDX_MSR	 (1u << 5)
#define EDX_PAE	 (1u << 6)
#define EDX_CX8	 (1u << 8)
#define EDX_CMOV (1u << 15)
#define EDX_FXSR (1u << 24)

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

static const struct console_option defaults[] = {
	{ CONSOLE_UART, UART_COM1, DEFAULT_BAUD },
	{ .kind = CONSOLE_VGA },
};

static const struct console_option *console;
static u32 console_count;
static u32 column;
static struct {
	volatile u8 *base;
	u32 pitch, bytes; /* of a line, of a pixel */
	u32 columns;	  /* 0: it cannot be drawn to */
} fb;

static void find_framebuffer(const struct boot_framebuffer *s)
{
	if (s->kind != BOOT_SCREEN_PIXELS || HI32(hpa_raw(s->base)) != 0 ||
	    s->height < FONT_HEIGHT || s->bpp == 0 || s->bpp > 32) {
		return;
	}
	fb.base = (volatile u8 *)(uintptr_t)LO32(hpa_raw(s->base));
	fb.pitch = s->pitch;
	fb.bytes = (s->bpp + 7) / 8;
	fb.columns = min_u32(s->width, s->pitch / fb.bytes) / FONT_WIDTH;
}

static void start_consoles(const struct options *o,
			   const struct boot_framebuffer *screen)
{
	console = o->consoles_given ? o->console : defaults;
	console_count =
		o->consoles_given ? o->console_count : ARRAY_SIZE(defaults);
	find_framebuffer(screen);
	for (u32 i = 0; i < console_count; i++) {
		if (console[i].kind == CONSOLE_UART) {
			uart_set_line(console[i].port, console[i].baud);
		}
	}
}

/* A pixel with all bits set is white, whatever the layout of its colours. */
static void draw(u8 c)
{
	volatile u8 *line = fb.base + column * FONT_WIDTH * fb.bytes;

	for (u32 y = 0; y < FONT_HEIGHT; y++) {
		volatile u8 *at = line;

		for (u32 x = 0; x < FONT_WIDTH; x++) {
			u8 value = font_glyphs[c][y] << x & 0x80 ? 0xff : 0;

			for (u32 i = 0; i < fb.bytes; i++) {
				*at++ = value;
			}
		}
		line += fb.pitch;
	}
}

/* Only one of the framebuffer and the text screen is visible: write to one. */
static void show(char c)
{
	if (c < ' ') {
		return;
	}
	if (column < fb.columns) {
		draw((u8)c);
	} else if (!fb.columns && column < VGA_COLUMNS) {
		VGA_TEXT[column] = VGA_ATTRIBUTE | (u8)c;
	}
	column++;
}

static void put(char c)
{
	bool has_screen = false;

	for (u32 i = 0; i < console_count; i++) {
		if (console[i].kind == CONSOLE_UART) {
			uart_wait_ready(console[i].port, UART_THRE_POLLS);
			outb(console[i].port + UART_DATA, (u8)c);
		} else {
			has_screen = true;
		}
	}
	if (has_screen) {
		show(c);
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

static u32 read_features(void)
{
	u32 a, b, c, features;

	if (!has_cpuid()) {
		return 0;
	}
	cpuid(0, &a, &b, &c, &features);
	if (a < 1) {
		return 0;
	}
	cpuid(1, &a, &b, &c, &features);
	return features;
}

/* Like lifecycle_cannot_start() and end_act(), but built for the i386. */
static void __noreturn end(const struct options *o)
{
	if (o->on_crash == END_REBOOT) {
		reset_machine();
	}
	if (o->on_crash == END_EXIT && o->has_exit_port) {
		outb(o->exit_port, VERDICT_NO_START);
	}
	cpu_halt_forever();
}

void early_check(const struct options *o, const struct boot_framebuffer *screen)
{
	u32 features = read_features();
	bool is_able = true;

	for (u32 i = 0; i < ARRAY_SIZE(required); i++) {
		if (features & required[i].bit) {
			continue;
		}
		if (is_able) {
			start_consoles(o, screen);
			print("umbra: cannot start guest: this processor "
			      "lacks");
		}
		print(" ");
		print(required[i].name);
		is_able = false;
	}
	if (!is_able) {
		print("\r\n");
		end(o);
	}
}
