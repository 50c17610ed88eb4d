// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Between the terminal and what carries its bytes: the virtio console where
 * there is one, else whatever the platform has by itself.
 */
#include <stdbool.h>
#include <stddef.h>

#include "guest/gnomon/log.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/trap.h"
#include "guest/gnomon/tty.h"
#include "guest/lib/virtio_console.h"

#define INPUT_MAX 64
#define UART_LINE 4

static bool has_virtio;

/* Bytes stay where they are for as long as the terminal has no room. */
static void pass_input(void)
{
	char bytes[INPUT_MAX];
	uint32_t room, n;
	int c = 0;

	while (c >= 0) {
		room = tty_room();
		room = room < INPUT_MAX ? room : INPUT_MAX;
		n = 0;
		if (has_virtio && room) {
			n = vconsole_read(bytes, room);
		}
		while (!has_virtio && n < room && (c = platform->getc()) >= 0) {
			bytes[n++] = (char)c;
		}
		if (!n) {
			return;
		}
		tty_input(bytes, n);
	}
}

static void interrupt(void *unused)
{
	(void)unused;
	if (!has_virtio || vconsole_interrupt()) {
		pass_input();
	}
}

void console_input_room(void)
{
	pass_input();
}

void console_init(void)
{
	int line = vconsole_open();

	has_virtio = line > 0;
	if (!has_virtio && platform->is_pv) {
		panic("no console");
	}
	irq_set_handler(has_virtio ? (uint32_t)line : UART_LINE, interrupt,
			NULL);
}

void console_write(const char *bytes, uint32_t n)
{
	if (has_virtio) {
		vconsole_write(bytes, n);
		return;
	}
	while (n--) {
		platform->putc(*bytes++);
	}
}
