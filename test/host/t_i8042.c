// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * arch/x86/i8042.c against a simulated controller that works, is slow, is
 * full of old bytes, never takes a command, never answers, has a busy mouse,
 * disappears, or was never there.
 */
#include "test/host/fake_ports.h"

#include "arch/x86/i8042.c"

#define QUEUE_MAX 64

static struct {
	bool is_absent;	  /* the bus reads all ones */
	bool never_takes; /* its input buffer stays full */
	bool is_mute;	  /* it never answers */
	bool mouse_floods;
	u32 slow; /* status reads that each command takes */
	u32 busy_for;
	u8 config;
	bool is_keyboard_off, is_mouse_off;
	u8 command;	      /* waits for its data byte */
	u16 queue[QUEUE_MAX]; /* bytes for us; 0x100: from the mouse */
	u32 head, tail;
	u8 to_keyboard;
} dev;

static void queue(u16 byte)
{
	assert_true(dev.tail < QUEUE_MAX);
	dev.queue[dev.tail++] = byte;
}

static u8 status(void)
{
	u8 s = 0;

	if (dev.never_takes) {
		s |= 0x02;
	}
	if (dev.busy_for) {
		dev.busy_for--;
		return s | 0x02;
	}
	if (dev.mouse_floods && !dev.is_mouse_off) {
		return s | 0x21;
	}
	if (dev.head < dev.tail) {
		s |= dev.queue[dev.head] & 0x100 ? 0x21 : 0x01;
	}
	return s;
}

u8 fake_in(u16 port)
{
	if (dev.is_absent) {
		return 0xff;
	}
	if (port == 0x64) {
		return status();
	}
	assert_int_equal(port, 0x60);
	return dev.head < dev.tail ? (u8)dev.queue[dev.head++] : 0;
}

static void command(u8 value)
{
	switch (value) {
	case 0x20:
		if (!dev.is_mute) {
			queue(dev.config);
		}
		break;
	case 0x60:
		dev.command = value;
		break;
	case 0xa7:
		dev.is_mouse_off = true;
		break;
	case 0xad:
		dev.is_keyboard_off = true;
		break;
	case 0xae:
		dev.is_keyboard_off = false;
		break;
	default:
		fail_msg("command 0x%x", value);
	}
}

void fake_out(u16 port, u8 value)
{
	assert_false(dev.is_absent || dev.never_takes);
	assert_int_equal(dev.busy_for, 0);
	dev.busy_for = dev.slow;
	if (port == 0x64) {
		command(value);
	} else if (dev.command) {
		assert_int_equal(port, 0x60);
		dev.config = value;
		dev.command = 0;
	} else {
		dev.to_keyboard = value;
		queue(0xfa);
	}
}

static void fresh(void)
{
	memset(&dev, 0, sizeof(dev));
	dev.config = 0x32; /* mouse interrupt, both devices off */
	port_reads = 0;
}

static void assert_ready(void)
{
	u8 code;

	assert_true(i8042_init());
	/* Interrupt and translation on, keyboard on; the mouse stays off. */
	assert_int_equal(dev.config & 0x53, 0x41);
	assert_true(dev.is_mouse_off);
	assert_false(dev.is_keyboard_off);
	assert_int_equal(dev.to_keyboard, 0xf4);
	dev.busy_for = 0;
	assert_true(i8042_read(&code));
	assert_int_equal(code, 0xfa);
	assert_false(i8042_read(&code));
}

static void test_works(void **state)
{
	u8 code;

	(void)state;
	fresh();
	assert_ready();
	assert_true(port_reads < 100);
	queue(0x1e);
	queue(0x9e);
	assert_true(i8042_read(&code));
	assert_int_equal(code, 0x1e);
	assert_true(i8042_read(&code));
	assert_int_equal(code, 0x9e);
	assert_false(i8042_read(&code));
}

static void test_slow(void **state)
{
	(void)state;
	fresh();
	dev.slow = 10000;
	assert_ready();
}

/* What the firmware left unread is no answer to a command. */
static void test_leftovers(void **state)
{
	(void)state;
	fresh();
	for (u32 i = 0; i < 16; i++) {
		queue((u16)(0x41 + i));
	}
	assert_ready();
}

static void test_absent(void **state)
{
	u8 code;

	(void)state;
	fresh();
	dev.is_absent = true;
	assert_false(i8042_init());
	assert_int_equal(port_reads, 1);
	assert_false(i8042_read(&code));
}

/* One bounded wait, not one for each command. */
static void test_broken(void **state)
{
	(void)state;
	fresh();
	dev.never_takes = true;
	assert_false(i8042_init());
	assert_true(port_reads < 100000);
	fresh();
	dev.is_mute = true;
	assert_false(i8042_init());
	assert_true(port_reads < 100000);
}

static void test_mouse(void **state)
{
	u8 code;

	(void)state;
	fresh();
	dev.mouse_floods = true;
	assert_ready();
	/* Bytes of a mouse are skipped, endless ones given up. */
	queue(0x108);
	queue(0x101);
	queue(0x1e);
	assert_true(i8042_read(&code));
	assert_int_equal(code, 0x1e);
	dev.is_mouse_off = false;
	port_reads = 0;
	assert_false(i8042_read(&code));
	assert_true(port_reads < 200);
}

static void test_disappears(void **state)
{
	u8 code;

	(void)state;
	fresh();
	assert_ready();
	queue(0x1e);
	dev.is_absent = true;
	assert_false(i8042_read(&code));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_works),
		cmocka_unit_test(test_slow),
		cmocka_unit_test(test_leftovers),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_disappears),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
