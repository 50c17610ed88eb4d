/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gnomon's terminal: editing and echo, raw reads by VMIN and VTIME, signals
 * from keys, flow control both ways, job control.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "guest/gnomon/dev/tty.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/signal.h"
#include "test/host/gnomon.h"

#define BUF (FAKE_USER + 0x1000u)

static struct file file;
static struct tty fresh;

static int setup(void **state)
{
	static bool was_here;

	if (!was_here) {
		fresh = tty;
		was_here = true;
	}
	tty = fresh;
	fake_console_clear();
	memset(&file, 0, sizeof(file));
	return fake_setup(state);
}

static uint32_t type(const char *text)
{
	return tty_input(text, (uint32_t)strlen(text));
}

static const char *last_read;

static long read_some(uint32_t n)
{
	uint64_t position = 0;
	char *to = (char *)fake.user + (BUF - FAKE_USER);
	long done;

	memset(to, 0, n + 1);
	done = tty_file_ops.read(&file, user_ptr(BUF), n, &position);
	last_read = to;
	return done;
}

static void assert_reads(const char *text)
{
	assert_int_equal(read_some(256), strlen(text));
	assert_string_equal(last_read, text);
}

static void assert_shows(const char *text)
{
	fake.console[fake.console_bytes] = '\0';
	assert_string_equal(fake.console, text);
	fake_console_clear();
}

static void set_mode(uint32_t off, uint32_t on)
{
	struct linux_termios mode = tty.mode;

	mode.lflag = (mode.lflag & ~off) | on;
	memcpy(fake.user, &mode, sizeof(mode));
	assert_int_equal(tty_ioctl(&file, TCSETS, FAKE_USER), 0);
}

static void raw(uint8_t min, uint8_t time)
{
	set_mode(ICANON | ECHO | ISIG, 0);
	tty.mode.cc[VMIN] = min;
	tty.mode.cc[VTIME] = time;
}

static void test_lines(void **state)
{
	(void)state;
	type("one\rtwo\nthr");
	assert_shows("one\r\ntwo\r\nthr");
	assert_reads("one\n");
	assert_int_equal(read_some(2), 2);
	assert_string_equal(last_read, "tw");
	assert_reads("o\n");
	assert_int_equal(read_some(10), -ERESTARTSYS);
	file.flags = O_NONBLOCK;
	assert_int_equal(read_some(10), -EAGAIN);
	type("ee\n");
	assert_reads("three\n");
}

static void test_end_of_file(void **state)
{
	(void)state;
	type("abc\4\4x\n");
	assert_int_equal(read_some(3), 3);
	assert_int_equal(read_some(10), 0);
	assert_reads("x\n");
	type("\4");
	assert_int_equal(read_some(10), 0);
}

static void test_editing(void **state)
{
	(void)state;
	type("ab\x7f");
	assert_shows("ab\b \b");
	type("\x7f\x7f");
	assert_shows("\b \b");
	type("\x01\x7f");
	assert_shows("^A\b \b\b \b");
	type("a\t\x7f");
	assert_shows("a\t\b \b\b \b\b \b\b \b\b \b\b \b\b \b");
	type("\x7f"
	     "foo bar \x17\x17");
	fake_console_clear();
	type("xyz\x15");
	assert_shows("xyz\b \b\b \b\b \b");
}

static void test_signals(void **state)
{
	(void)state;
	tty.group = 5;
	type("lost\3");
	assert_shows("lost^C");
	assert_int_equal(fake.signal, SIGINT);
	type("kept\n");
	assert_reads("kept\n");
	type("\x1c");
	assert_int_equal(fake.signal, SIGQUIT);
	type("\x1a");
	assert_int_equal(fake.signal, SIGTSTP);
	set_mode(ISIG, 0);
	fake_console_clear();
	fake.signals = 0;
	type("\3\n");
	assert_int_equal(fake.signals, 0);
	assert_reads("\3\n");
}

static void test_raw(void **state)
{
	(void)state;
	raw(1, 0);
	type("a\r\3");
	assert_shows("");
	assert_int_equal(read_some(10), 3);
	assert_string_equal(last_read, "a\n\3");
	raw(3, 0);
	type("xy");
	assert_int_equal(tty_file_ops.poll(&file), POLLOUT);
	assert_int_equal(read_some(2), 2);
	raw(0, 0);
	assert_int_equal(read_some(10), 0);
}

static int type_one(void)
{
	fake.now += 50000000;
	type("z");
	return 0;
}

static int pass_time(void)
{
	fake.now += 1000000000;
	return -ETIMEDOUT;
}

static int one_then_nothing(void)
{
	fake.wait = pass_time;
	return type_one();
}

static void test_raw_time(void **state)
{
	(void)state;
	raw(0, 2);
	assert_int_equal(read_some(10), 0);
	fake.wait = type_one;
	assert_int_equal(read_some(10), 1);
	raw(5, 2);
	assert_int_equal(read_some(10), 5);
	fake.wait = one_then_nothing;
	assert_int_equal(read_some(10), 1);
}

/* Turning to raw and back shows what was typed in between. */
static void test_mode_changes(void **state)
{
	(void)state;
	type("half");
	raw(1, 0);
	assert_reads("half");
	type("more");
	set_mode(0, ICANON);
	assert_reads("more");
	type("gone\n");
	memcpy(fake.user, &tty.mode, sizeof(tty.mode));
	assert_int_equal(tty_ioctl(&file, TCSETSF, FAKE_USER), 0);
	file.flags = O_NONBLOCK;
	assert_int_equal(read_some(10), -EAGAIN);
	assert_int_equal(tty_ioctl(&file, TCSETS, 0), -EFAULT);
}

/* Much more than fits: nothing is lost, for the rest waits outside. */
static void test_paste(void **state)
{
	static char text[65536];
	uint32_t in = 0, out = 0;

	(void)state;
	for (uint32_t k = 0; k < sizeof(text); k++) {
		text[k] = k % 61 == 60 ? '\n' : (char)('a' + k % 26);
	}
	text[sizeof(text) - 1] = '\n';
	while (out < sizeof(text)) {
		in += tty_input(text + in, sizeof(text) - in);
		fake_console_clear();
		long n = read_some(256);

		assert_true(n > 0);
		assert_memory_equal(last_read, text + out, (size_t)n);
		out += (uint32_t)n;
	}
	assert_int_equal(in, sizeof(text));
}

/* A line without end stays within bounds, can be ended and interrupted. */
static void test_endless_line(void **state)
{
	static char text[TTY_INPUT * 2];

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_int_equal(tty_input(text, sizeof(text)), sizeof(text));
	assert_true(tty_room() > 0);
	type("\n");
	assert_int_equal(read_some(8192), TTY_INPUT);
	assert_int_equal(last_read[TTY_INPUT - 1], '\n');
	raw(1, 0);
	assert_int_equal(tty_input(text, sizeof(text)), TTY_INPUT);
	assert_int_equal(tty_room(), 0);
}

static int resume(void)
{
	type("\x11");
	return 0;
}

static void test_output_flow(void **state)
{
	uint64_t position = 0;

	(void)state;
	type("\x13");
	memcpy(fake.user, "hi\n", 3);
	assert_int_equal(tty_file_ops.write(&file,
					    buffer_of_user(user_ptr(FAKE_USER)),
					    3, &position),
			 -ERESTARTSYS);
	assert_int_equal(tty_file_ops.poll(&file), 0);
	fake.wait = resume;
	assert_int_equal(tty_file_ops.write(&file,
					    buffer_of_user(user_ptr(FAKE_USER)),
					    3, &position),
			 3);
	assert_shows("hi\r\n");
	tty.mode.oflag = 0;
	tty_file_ops.write(&file, buffer_of_user(user_ptr(FAKE_USER)), 3,
			   &position);
	assert_shows("hi\n");
	assert_int_equal(tty_file_ops.write(&file, buffer_of_user(user_ptr(0)),
					    3, &position),
			 -EFAULT);
}

static void test_jobs(void **state)
{
	uint64_t position = 0;

	(void)state;
	assert_int_equal(tty_ioctl(&file, TIOCGPGRP, FAKE_USER), -ENOTTY);
	assert_int_equal(tty_ioctl(&file, TIOCSCTTY, 0), 0);
	assert_int_equal(tty.session, 1);
	assert_int_equal(tty.group, 1);
	current->process->pgrp = 2; /* in the background */
	assert_int_equal(read_some(10), -ERESTARTSYS);
	assert_int_equal(fake.signal, SIGTTIN);
	current->process->action[SIGTTIN].handler = SIG_IGN;
	assert_int_equal(read_some(10), -EIO);
	assert_int_equal(tty_file_ops.write(&file,
					    buffer_of_user(user_ptr(FAKE_USER)),
					    1, &position),
			 1);
	assert_int_equal(tty_ioctl(&file, TCSETS, FAKE_USER), -ERESTARTSYS);
	tty.mode.lflag |= TOSTOP;
	assert_int_equal(tty_file_ops.write(&file,
					    buffer_of_user(user_ptr(FAKE_USER)),
					    1, &position),
			 -ERESTARTSYS);
	assert_int_equal(fake.signal, SIGTTOU);
	current->blocked = 1ull << (SIGTTOU - 1);
	assert_int_equal(tty_file_ops.write(&file,
					    buffer_of_user(user_ptr(FAKE_USER)),
					    1, &position),
			 1);
	memcpy(fake.user, &(int32_t){ 99 }, 4);
	assert_int_equal(tty_ioctl(&file, TIOCSPGRP, FAKE_USER), -EPERM);
	memcpy(fake.user, &(int32_t){ 2 }, 4);
	assert_int_equal(tty_ioctl(&file, TIOCSPGRP, FAKE_USER), 0);
	assert_int_equal(tty.group, 2);
	memcpy(fake.user, &(struct linux_winsize){ .rows = 50 }, 8);
	assert_int_equal(tty_ioctl(&file, TIOCSWINSZ, FAKE_USER), 0);
	assert_int_equal(fake.signal, SIGWINCH);
	assert_int_equal(tty.size.rows, 50);
	tty_session_ended(1);
	assert_int_equal(fake.signal, SIGCONT);
	assert_int_equal(tty.session, 0);
}

/* Any keys in any mode: the counters keep their order. */
static void test_random(void **state)
{
	static const char keys[] = "ab \t\r\n\3\4\x7f\x15\x16\x17\x13\x11z";
	char text[40];

	(void)state;
	srand(5);
	tty.group = 1;
	for (int round = 0; round < 50000; round++) {
		uint32_t n = (uint32_t)rand() % sizeof(text);

		for (uint32_t k = 0; k < n; k++) {
			text[k] = keys[rand() % (int)(sizeof(keys) - 1)];
		}
		tty_input(text, n);
		fake_console_clear();
		file.flags = O_NONBLOCK;
		if (rand() % 3 == 0) {
			read_some((uint32_t)rand() % 200);
		}
		if (rand() % 20 == 0) {
			set_mode(ICANON, (uint32_t)rand() & ICANON);
		}
		assert_true(tty.line - tty.head <= tty.tail - tty.head);
		assert_true(tty.tail - tty.head <= TTY_INPUT);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lines),	 TEST(test_end_of_file),
		TEST(test_editing),	 TEST(test_signals),
		TEST(test_raw),		 TEST(test_raw_time),
		TEST(test_mode_changes), TEST(test_paste),
		TEST(test_endless_line), TEST(test_output_flow),
		TEST(test_jobs),	 TEST(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
