/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Consoles by option, and their input.
 *
 * LIMIT: input from a UART other than COM1 and COM2 is not read, because its
 * interrupt line is not known.
 *
 * Next: arch/x86/uart.c, hv/pc/screen.c, arch/x86/i8042.c,
 * hv/lib/console.c.
 */
#include "hv/pc/consoles.h"

#include "arch/x86/i8042.h"
#include "arch/x86/irq.h"
#include "arch/x86/keymap.h"
#include "arch/x86/uart.h"
#include "hv/lib/console.h"
#include "hv/lib/log.h"
#include "hv/pc/screen.h"

/* Source of what is typed at the keyboard; a serial port's is its index. */
#define KEYBOARD CONSOLES_MAX

#define COM1_LINE 4
#define COM2_LINE 3

/* More than a FIFO holds: a device that always has input is not trusted. */
#define RX_BURST_MAX 64

struct serial {
	struct uart uart;
	bool is_heard; /* its interrupts arrive */
};

static struct serial serials[CONSOLES_MAX];
static u32 serial_count;
static bool is_waiting; /* a UART has more than there was room for */
static struct keymap keymap = { .num_lock = true };
static bool has_keyboard;
static consoles_typed_fn typed;
static void *typed_ctx;

/* Why the first console that was asked for is not there. */
static const char *missing;

static const struct console_sink uart_sink = { .write = uart_write };

static const char *add_uart(const struct console_option *c, bool is_wanted)
{
	struct uart *u = &serials[serial_count].uart;

	if (!uart_init(u, c->port, c->baud, is_wanted)) {
		return "a serial port does not answer";
	}
	if (!console_add(&uart_sink, u)) {
		return "too many consoles";
	}
	serial_count++;
	return NULL;
}

static const char *add(const struct console_option *c,
		       const struct boot_framebuffer *s)
{
	switch (c->kind) {
	case CONSOLE_VGA:
		return screen_use_vga(s);
	case CONSOLE_FB:
		return screen_use_fb(s);
	default:
		return add_uart(c, true);
	}
}

/* Those of the default consoles that exist; a missing one is not reported. */
static void add_default(const struct boot_framebuffer *s)
{
	const struct console_option com1 = {
		.kind = CONSOLE_UART,
		.port = UART_COM1,
		.baud = DEFAULT_BAUD,
	};

	add_uart(&com1, false);
	if (s->kind == BOOT_SCREEN_PIXELS) {
		missing = screen_use_fb(s);
	} else {
		screen_use_vga(s);
	}
}

void consoles_init(const struct options *o, const struct boot_framebuffer *s)
{
	if (!o->consoles_given) {
		add_default(s);
	}
	for (u32 i = 0; i < o->console_count; i++) {
		const char *error = add(&o->console[i], s);

		missing = missing ? missing : error;
	}
}

void consoles_log(void)
{
	if (missing) {
		log_warn("console: %s", missing);
	}
	for (u32 i = 0; i < serial_count; i++) {
		log_debug("serial port at 0x%x", serials[i].uart.port);
	}
	screen_log();
}

/*
 * Bytes for which there is no room stay in the FIFO, and the sender is told to
 * pause. They raise no further interrupt, so pull() reads them later.
 */
static void serial_interrupt(void *ctx)
{
	struct serial *s = ctx;
	u32 left = RX_BURST_MAX;
	u8 byte;

	while (left > 0 && console_has_room() && uart_read(&s->uart, &byte)) {
		typed(typed_ctx, (u32)(s - serials), &byte, 1);
		left--;
	}
	if (left == 0 || !console_has_room()) {
		is_waiting = true;
		uart_set_ready(&s->uart, false);
	}
}

static void pull(void)
{
	if (!is_waiting) {
		return;
	}
	is_waiting = false;
	for (u32 i = 0; i < serial_count; i++) {
		if (serials[i].is_heard) {
			uart_set_ready(&serials[i].uart, true);
			serial_interrupt(&serials[i]);
		}
	}
}

bool consoles_resume(void)
{
	pull();
	return !is_waiting;
}

static void keyboard_interrupt(void *ctx)
{
	u8 bytes[KEYMAP_OUT_MAX];
	u8 code;

	(void)ctx;
	for (u32 i = 0; i < RX_BURST_MAX && i8042_read(&code); i++) {
		u32 len = keymap_feed(&keymap, code, bytes);

		if (len > 0) {
			typed(typed_ctx, KEYBOARD, bytes, len);
		}
	}
}

/*
 * Read all input that is pending: its interrupt has not been served yet, or
 * came while interrupts were off.
 */
void consoles_look(void)
{
	for (u32 i = 0; i < serial_count; i++) {
		if (serials[i].is_heard) {
			serial_interrupt(&serials[i]);
		}
	}
	if (has_keyboard) {
		keyboard_interrupt(NULL);
	}
}

static void listen(struct serial *s)
{
	u16 port = s->uart.port;

	if (port == UART_COM1 || port == UART_COM2) {
		irq_register(port == UART_COM1 ? COM1_LINE : COM2_LINE,
			     serial_interrupt, s);
		uart_enable_rx_irq(&s->uart);
		s->is_heard = true;
	}
}

bool consoles_have_input(void)
{
	bool have = has_keyboard;

	for (u32 i = 0; i < serial_count; i++) {
		have |= serials[i].is_heard;
	}
	return have;
}

void consoles_enable_input(consoles_typed_fn fn, void *ctx)
{
	typed = fn;
	typed_ctx = ctx;
	console_set_pull(pull);
	console_set_look(consoles_look);
	for (u32 i = 0; i < serial_count; i++) {
		listen(&serials[i]);
	}
	has_keyboard = i8042_init();
	if (has_keyboard) {
		irq_register(I8042_LINE, keyboard_interrupt, NULL);
	} else {
		log_debug("no keyboard controller");
	}
}
