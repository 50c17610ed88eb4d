// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Between the terminal and what carries its bytes: the virtio console where
 * there is one, else whatever the platform has by itself.
 */
#include "guest/gnomon/dev/console.h"

#include "guest/gnomon/arch/irq.h"
#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/lib/log.h"
#include "guest/lib/newlib.h"
#include "guest/lib/virtio_console.h"

#define INPUT_MAX 64
#define UART_LINE 4

static bool has_virtio;
static const struct console_input *input;

/* Bytes stay where they are for as long as the terminal has no room. */
static uint32_t take(char bytes[INPUT_MAX])
{
	uint32_t room = input->room();

	room = room < INPUT_MAX ? room : INPUT_MAX;
	return has_virtio ? vconsole_read(bytes, room)
			  : platform->read(bytes, room);
}

void console_input_room(void)
{
	char bytes[INPUT_MAX];
	uint32_t n;

	while ((n = take(bytes))) {
		input->put(bytes, n);
	}
}

static void interrupt(void)
{
	if (!has_virtio || vconsole_interrupt()) {
		console_input_room();
	}
}

bool console_size(uint16_t *columns, uint16_t *rows)
{
	return has_virtio && vconsole_size(columns, rows);
}

void console_init(const struct console_input *to)
{
	int line = vconsole_open();

	input = to;
	has_virtio = line > 0;
	if (!has_virtio && !platform->read) {
		panic("no console");
	}
	irq_set_handler(has_virtio ? (uint32_t)line : UART_LINE, interrupt);
	log_set_console(console_write);
	/* What was typed before raises no interrupt. */
	console_input_room();
}

void console_write(const char *bytes, uint32_t n)
{
	if (has_virtio) {
		vconsole_write(bytes, n);
	} else {
		platform->write(bytes, n);
	}
}
