// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * arch/x86/uart.c against a simulated UART that works, never gets ready,
 * always has input, disappears, or was never there.
 */
#include "test/host/fake_ports.h"

#include "arch/x86/uart.c"

#define PORT 0x3e8

static struct {
	bool is_absent; /* the bus reads all ones */
	bool is_dead;	/* registers read zero */
	bool is_stuck;	/* the transmitter never gets ready */
	bool floods;	/* there always is input */
	bool is_plain;	/* there is no loopback mode */
	u32 busy_for;	/* this many reads of the line status */
	u8 lcr, mcr, ier;
	u16 divisor;
	char sent[256];
	u32 sent_len;
	const char *input;
	u32 lag;     /* so many looks until the next byte has arrived */
	u32 to_wait; /* of these, still to come */
	u8 errors;   /* what the line status says of each byte */
	bool has_fifo;
	u32 written; /* registers, by anybody */
} dev;

static u8 modem_status(void)
{
	u8 s = 0xb0; /* as a cable has it */

	if ((dev.mcr & 0x10) && !dev.is_plain) {
		s = 0;
		s |= dev.mcr & 0x02 ? 0x10 : 0;
		s |= dev.mcr & 0x01 ? 0x20 : 0;
		s |= dev.mcr & 0x04 ? 0x40 : 0;
		s |= dev.mcr & 0x08 ? 0x80 : 0;
	}
	return s;
}

static bool has_arrived(void)
{
	return dev.input && *dev.input && !dev.to_wait;
}

static u8 line_status(void)
{
	u8 s = dev.floods || has_arrived() ? 0x01 | dev.errors : 0;

	dev.to_wait -= dev.to_wait > 0;
	if (dev.busy_for) {
		dev.busy_for--;
		return s;
	}
	return dev.is_stuck ? s : s | 0x60;
}

u8 fake_in(u16 port)
{
	assert_in_range(port, PORT, PORT + 7);
	if (dev.is_absent) {
		return 0xff;
	}
	if (dev.is_dead) {
		return 0;
	}
	switch (port - PORT) {
	case 0:
		if (has_arrived()) {
			dev.to_wait = dev.lag;
			return (u8)*dev.input++;
		}
		return 'z';
	case 3:
		return dev.lcr;
	case 5:
		return line_status();
	case 6:
		return modem_status();
	default:
		return 0;
	}
}

void fake_out(u16 port, u8 value)
{
	assert_in_range(port, PORT, PORT + 7);
	dev.written++;
	switch (port - PORT) {
	case 0:
		if (dev.lcr & 0x80) {
			dev.divisor = (u16)((dev.divisor & 0xff00) | value);
		} else if (!(dev.mcr & 0x10)) {
			assert_true(dev.sent_len < sizeof(dev.sent) - 1);
			dev.sent[dev.sent_len++] = (char)value;
		}
		break;
	case 1:
		if (dev.lcr & 0x80) {
			dev.divisor = (u16)((dev.divisor & 0xff) | value << 8);
		} else {
			dev.ier = value;
		}
		break;
	case 2:
		/* Data sheet 8.4: a switch of mode clears the FIFOs. */
		if (dev.has_fifo != (value & 1) && has_arrived()) {
			dev.input++;
		}
		dev.has_fifo = value & 1;
		break;
	case 3:
		dev.lcr = value;
		break;
	case 4:
		dev.mcr = value;
		break;
	default:
		break;
	}
}

static struct uart uart;

static void fresh(void)
{
	memset(&dev, 0, sizeof(dev));
	dev.ier = 0xf;
	port_reads = 0;
}

static void write_text(const char *text)
{
	port_reads = 0;
	uart_write(&uart, text, strlen(text));
}

static void test_works(void **state)
{
	u8 byte;

	(void)state;
	fresh();
	assert_true(uart_init(&uart, PORT, 9600, false));
	assert_int_equal(dev.divisor, 12);
	assert_int_equal(dev.lcr, 0x03);
	assert_int_equal(dev.ier, 0);
	assert_int_equal(dev.mcr & 0x13, 0x03);
	dev.busy_for = 1000;
	write_text("hello\r\n");
	assert_string_equal(dev.sent, "hello\r\n");
	assert_false(uart_read(&uart, &byte));
	dev.input = "ab";
	assert_true(uart_read(&uart, &byte));
	assert_int_equal(byte, 'a');
	assert_true(uart_read(&uart, &byte));
	assert_int_equal(byte, 'b');
	assert_false(uart_read(&uart, &byte));
	uart_enable_rx_irq(&uart);
	assert_int_equal(dev.ier, 0x01);
	assert_int_equal(dev.mcr, 0x0b);
}

static void test_absent(void **state)
{
	u8 byte;

	(void)state;
	fresh();
	dev.is_absent = true;
	assert_false(uart_init(&uart, PORT, 115200, false));
	assert_int_equal(port_reads, 1);
	assert_int_equal(dev.written, 0);
	assert_false(uart_read(&uart, &byte));
	/* Something that answers, but is no UART. */
	fresh();
	dev.is_dead = true;
	assert_false(uart_init(&uart, PORT, 115200, false));
	assert_false(uart_read(&uart, &byte));
	assert_true(port_reads < 10);
}

/* Without a loopback mode it is believed in only by who names it. */
static void test_no_loopback(void **state)
{
	u8 byte;

	(void)state;
	fresh();
	dev.is_plain = true;
	assert_false(uart_init(&uart, PORT, 115200, false));
	assert_false(uart_read(&uart, &byte));
	assert_true(uart_init(&uart, PORT, 9600, true));
	assert_int_equal(dev.divisor, 12);
	assert_int_equal(dev.mcr, 0x03);
	write_text("hello");
	assert_string_equal(dev.sent, "hello");
	dev.input = "a";
	assert_true(uart_read(&uart, &byte));
	assert_int_equal(byte, 'a');
	/* What does not even keep its settings is not there for anybody. */
	fresh();
	dev.is_absent = true;
	assert_false(uart_init(&uart, PORT, 115200, true));
	fresh();
	dev.is_dead = true;
	assert_false(uart_init(&uart, PORT, 115200, true));
}

/* Typing during the probe is neither lost nor mistaken. */
static void test_flooded_probe(void **state)
{
	u8 byte;

	(void)state;
	fresh();
	dev.input = "typed ahead";
	assert_true(uart_init(&uart, PORT, 115200, false));
	assert_true(uart_read(&uart, &byte));
	assert_int_equal(byte, 't');
	fresh();
	dev.floods = true;
	assert_true(uart_init(&uart, PORT, 115200, false));
}

static void expect_input(const char *text)
{
	u8 byte;

	for (; *text; text++) {
		assert_true(uart_read(&uart, &byte));
		assert_int_equal(byte, *text);
		dev.to_wait = 0;
	}
}

/* What was typed before is kept, whichever way the FIFOs were. */
static void test_typed_before(void **state)
{
	static char many[1000];
	u8 byte;

	(void)state;
	for (u32 was_on = 0; was_on < 2; was_on++) {
		fresh();
		dev.has_fifo = was_on;
		dev.input = "echo hi\n";
		dev.lag = 20;
		assert_true(uart_init(&uart, PORT, 115200, false));
		/* More may arrive at the very moment of a switch. */
		assert_int_equal(dev.has_fifo, was_on);
		expect_input("echo hi\n");
		assert_false(uart_read(&uart, &byte));
		dev.input = "later";
		expect_input("later");
	}
	/* Nobody typed: there is nothing to lose. */
	fresh();
	assert_true(uart_init(&uart, PORT, 115200, false));
	assert_true(dev.has_fifo);
	/* A sender that never pauses: nothing is lost, and it ends. */
	memset(many, 'm', sizeof(many) - 1);
	fresh();
	dev.input = many;
	dev.lag = 3;
	assert_true(uart_init(&uart, PORT, 115200, false));
	assert_true(port_reads < 1000);
	expect_input(many);
	assert_false(uart_read(&uart, &byte));
	/* What a wrong speed or a pulled cable makes was not typed. */
	fresh();
	dev.input = "noise";
	dev.errors = 0x08;
	assert_true(uart_init(&uart, PORT, 115200, false));
	assert_false(uart_read(&uart, &byte));
}

/* It costs one long wait, then hardly anything, until it is ready again. */
static void test_stuck(void **state)
{
	char many[4097];

	(void)state;
	fresh();
	assert_true(uart_init(&uart, PORT, 115200, false));
	dev.is_stuck = true;
	write_text("x");
	assert_int_equal(dev.sent_len, 0);
	assert_in_range(port_reads, 1000, 500000);
	memset(many, 'x', sizeof(many) - 1);
	many[sizeof(many) - 1] = '\0';
	write_text(many);
	assert_true(port_reads <= 4096 * 32);
	assert_int_equal(dev.sent_len, 0);
	dev.is_stuck = false;
	write_text("back");
	assert_string_equal(dev.sent, "back");
	dev.busy_for = 1000;
	write_text("slow");
	assert_string_equal(dev.sent, "backslow");
}

/* Unplugged: reads say ready and full of input; nothing hangs. */
static void test_disappears(void **state)
{
	u8 byte;

	(void)state;
	fresh();
	assert_true(uart_init(&uart, PORT, 115200, false));
	dev.is_absent = true;
	assert_false(uart_read(&uart, &byte));
	write_text("into the void");
	assert_true(port_reads < 100);
	dev.is_absent = false;
	dev.is_dead = true;
	write_text("and again");
	assert_false(uart_read(&uart, &byte));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_works),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_no_loopback),
		cmocka_unit_test(test_flooded_probe),
		cmocka_unit_test(test_typed_before),
		cmocka_unit_test(test_stuck),
		cmocka_unit_test(test_disappears),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
