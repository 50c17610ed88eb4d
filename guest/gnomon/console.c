// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Between the terminal and what carries its bytes: the virtio console where
 * there is one, else whatever the platform has by itself. The kernel's own
 * lines, and its last words.
 */
#include <stdarg.h>
#include <stdio.h>

#include "guest/gnomon/kernel.h"
#include "guest/gnomon/trap.h"
#include "guest/gnomon/tty.h"
#include "guest/lib/virtio_console.h"

#define INPUT_MAX 64
#define LINE_MAX  200
#define UART_LINE 4

static bool has_virtio;
static bool is_panicking; /* last words go where no driver is needed */

/* --- the terminal's bytes ------------------------------------------------- */

/* Bytes stay where they are for as long as the terminal has no room. */
static uint32_t take(char bytes[INPUT_MAX])
{
	uint32_t room = tty_room() < INPUT_MAX ? tty_room() : INPUT_MAX;

	return has_virtio ? vconsole_read(bytes, room)
			  : platform->read(bytes, room);
}

void console_input_room(void)
{
	char bytes[INPUT_MAX];
	uint32_t n;

	while ((n = take(bytes))) {
		tty_input(bytes, n);
	}
}

static void interrupt(void)
{
	if (!has_virtio || vconsole_interrupt()) {
		console_input_room();
	}
}

void console_init(void)
{
	int line = vconsole_open();

	has_virtio = line > 0;
	if (!has_virtio && !platform->read) {
		panic("no console");
	}
	irq_set_handler(has_virtio ? (uint32_t)line : UART_LINE, interrupt);
	/* What was typed before raises no interrupt. */
	console_input_room();
}

void console_write(const char *bytes, uint32_t n)
{
	if (has_virtio && !is_panicking) {
		vconsole_write(bytes, n);
	} else {
		platform->write(bytes, n);
	}
}

/* --- the kernel's lines --------------------------------------------------- */

static void put_line(const char *start, const char *fmt, va_list args)
{
	char line[LINE_MAX];
	uint32_t n = strlen(strcpy(line, start));

	vsnprintf(line + n, sizeof(line) - n - 2, fmt, args);
	strcat(line, "\r\n");
	console_write(line, strlen(line));
}

void log_info(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put_line("gnomon: ", fmt, args);
	va_end(args);
}

/* A panic on the way is the end without words. */
void panic(const char *fmt, ...)
{
	bool is_first = !is_panicking;
	va_list args;

	is_panicking = true;
	va_start(args, fmt);
	if (is_first) {
		put_line("gnomon: panic: ", fmt, args);
	}
	va_end(args);
	platform->crash();
}
