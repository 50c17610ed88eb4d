// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Printing, and the verdict.
 *
 * Output goes through the console's PCI configuration window, which needs
 * neither a driver nor hypercall 1. The verdict is the power-off text; the
 * runner believes it only together with the exit status.
 */
#include <stdarg.h>

#include "test/lib/vm.h"

#define PCI_ADDRESS 0xcf8
#define PCI_DATA    0xcfc

#define CONSOLE_SLOT  1
#define WINDOW_BAR    0x88
#define WINDOW_OFFSET 0x8c
#define WINDOW_LENGTH 0x90
#define WINDOW_DATA   0x94
#define EMERG_WR      68

struct out {
	char *text;
	size_t size;
	size_t used;
};

static void pci_select(u32 slot, u32 reg)
{
	outl(PCI_ADDRESS, 0x80000000 | (slot << 11) | reg);
}

u32 vm_pci_read(u32 slot, u32 reg)
{
	pci_select(slot, reg);
	return inl(PCI_DATA);
}

void vm_pci_write(u32 slot, u32 reg, u32 value)
{
	pci_select(slot, reg);
	outl(PCI_DATA, value);
}

void vm_puts(const char *text)
{
	pci_select(CONSOLE_SLOT, WINDOW_BAR); /* one byte wide */
	outb(PCI_DATA, 0);
	vm_pci_write(CONSOLE_SLOT, WINDOW_OFFSET, EMERG_WR);
	vm_pci_write(CONSOLE_SLOT, WINDOW_LENGTH, 4);
	for (; *text; text++) {
		vm_pci_write(CONSOLE_SLOT, WINDOW_DATA, (u8)*text);
	}
}

static void out_char(struct out *out, char c)
{
	if (out->used + 1 < out->size) {
		out->text[out->used++] = c;
	}
}

static void out_text(struct out *out, const char *text)
{
	for (; *text; text++) {
		out_char(out, *text);
	}
}

static void out_number(struct out *out, u32 value, u32 base, u32 width,
		       char fill)
{
	char digits[10];
	u32 count = 0;

	do {
		digits[count++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	for (; width > count; width--) {
		out_char(out, fill);
	}
	while (count) {
		out_char(out, digits[--count]);
	}
}

static void out_signed(struct out *out, int value)
{
	if (value < 0) {
		out_char(out, '-');
	}
	out_number(out, value < 0 ? -(u32)value : (u32)value, 10, 0, ' ');
}

/* One conversion; @fmt points behind the percent sign. Returns its end. */
static const char *out_conversion(struct out *out, const char *fmt,
				  va_list *args)
{
	char fill = *fmt == '0' ? '0' : ' ';
	u32 width = 0;

	for (; *fmt >= '0' && *fmt <= '9'; fmt++) {
		width = width * 10 + (u32)(*fmt - '0');
	}
	switch (*fmt) {
	case 's':
		out_text(out, va_arg(*args, const char *));
		break;
	case 'c':
		out_char(out, (char)va_arg(*args, int));
		break;
	case 'd':
		out_signed(out, va_arg(*args, int));
		break;
	case 'u':
		out_number(out, va_arg(*args, u32), 10, width, fill);
		break;
	case 'x':
		out_number(out, va_arg(*args, u32), 16, width, fill);
		break;
	default:
		out_char(out, *fmt);
		break;
	}
	return *fmt ? fmt + 1 : fmt;
}

static size_t format(char *text, size_t size, const char *fmt, va_list *args)
{
	struct out out = { text, size, 0 };

	while (*fmt) {
		if (*fmt == '%') {
			fmt = out_conversion(&out, fmt + 1, args);
		} else {
			out_char(&out, *fmt++);
		}
	}
	text[out.used] = '\0';
	return out.used;
}

size_t vm_format(char *out, size_t size, const char *fmt, ...)
{
	va_list args;
	size_t used;

	va_start(args, fmt);
	used = format(out, size, fmt, &args);
	va_end(args);
	return used;
}

void vm_printf(const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	format(text, sizeof(text), fmt, &args);
	va_end(args);
	vm_puts(text);
}

/* Copied, so that SHUTDOWN_TEXT bytes exist behind any literal. */
void vm_shutdown(const char *text, u32 reason)
{
	static char message[SHUTDOWN_TEXT];

	vm_format(message, sizeof(message), "%s", text);
	for (;;) {
		hypercall(HC_SHUTDOWN, (u32)message, reason, 0, 0);
	}
}

void vm_pass(void)
{
	vm_shutdown("PASS", SHUTDOWN_POWEROFF);
}

static __noreturn void verdict(const char *prefix, const char *fmt,
			       va_list *args)
{
	char text[SHUTDOWN_TEXT];
	size_t used = vm_format(text, sizeof(text), "%s: ", prefix);

	format(text + used, sizeof(text) - used, fmt, args);
	vm_shutdown(text, SHUTDOWN_POWEROFF);
}

void vm_fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	verdict("FAIL", fmt, &args);
}

void vm_skip(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	verdict("SKIP", fmt, &args);
}
