// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Between the terminal and what carries its bytes: the virtio console where
 * there is one, else whatever the platform has by itself.
 */
#include "guest/gnomon/log.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/trap.h"
#include "guest/gnomon/tty.h"
#include "guest/lib/virtio_console.h"

#define INPUT_MAX 64
#define UART_LINE 4

static bool has_virtio;

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
}

void console_write(const char *bytes, uint32_t n)
{
	if (has_virtio) {
		vconsole_write(bytes, n);
	} else {
		platform->write(bytes, n);
	}
}
