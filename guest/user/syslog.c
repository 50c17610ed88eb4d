// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's log, as who reads all of it sees it, and who waits for more.
 */
#include "guest/user/lib/program.h"

#define READ	     2
#define READ_ALL     3
#define CLEAR	     5
#define CONSOLE_OFF  6
#define CONSOLE_ON   7
#define COUNT_UNREAD 9

#define BAD	 "/tmp/truncated"
#define BAD_LINE "<6>" BAD " is truncated\n"

static char text[200];

static long read_log(long n)
{
	return sys(SYS_SYSLOG, READ, text, n);
}

/* The kernel says of a program why it does not run. */
static void make_line(void)
{
	long fd = sys(SYS_OPEN, BAD, O_WRONLY | O_CREAT | O_TRUNC, 0700);

	CHECK_EQ(sys(SYS_WRITE, fd, "\177ELF", 4), 4);
	sys(SYS_CLOSE, fd);
	sys(SYS_SYSLOG, CONSOLE_OFF);
	CHECK(is_error(sys(SYS_EXECVE, BAD, NULL, NULL)));
	sys(SYS_SYSLOG, CONSOLE_ON);
	CHECK_EQ(sys(SYS_UNLINK, BAD), 0);
}

static void test_arguments(void)
{
	CHECK_EQ(read_log(0), 0);
	CHECK_EQ(read_log(-1), -EINVAL);
	CHECK_EQ(sys(SYS_SYSLOG, READ, NULL, 1), -EINVAL);
	CHECK_EQ(sys(SYS_SYSLOG, READ_ALL, NULL, 1), -EINVAL);
	CHECK_EQ(sys(SYS_SYSLOG, 11), -EINVAL);
}

static void handle_alarm(int number)
{
	(void)number;
}

/* Again and again: the first may come before the sleep. */
static void test_interrupted(void)
{
	struct linux_itimerval timer = { .interval = { .usec = 2000 },
					 .value = { .usec = 2000 } };

	while (sys(SYS_SYSLOG, COUNT_UNREAD) > 0) {
		CHECK(read_log(sizeof(text)) > 0);
	}
	signal_handle(SIGALRM, handle_alarm, 0);
	CHECK_EQ(sys(SYS_SETITIMER, 0, &timer, NULL), 0);
	CHECK_EQ(read_log(sizeof(text)), -EINTR);
	timer = (struct linux_itimerval){ 0 };
	CHECK_EQ(sys(SYS_SETITIMER, 0, &timer, NULL), 0);
}

/* A line wakes who waits for it; what is cleared has still not been read. */
static void test_wait(void)
{
	long pid = sys(SYS_FORK);

	if (!pid) {
		sleep_ms(10);
		make_line();
		sys(SYS_SYSLOG, CLEAR);
		CHECK_EQ(sys(SYS_SYSLOG, READ_ALL, text, sizeof(text)), 0);
		_Exit(0);
	}
	CHECK_EQ(read_log(3), 3);
	wait_success(pid);
	CHECK_EQ(sys(SYS_SYSLOG, COUNT_UNREAD), strlen(BAD_LINE) - 3);
	CHECK_EQ(sys(SYS_SYSLOG, READ, text + 3, sizeof(text) - 3),
		 strlen(BAD_LINE) - 3);
	CHECK(!memcmp(text, BAD_LINE, strlen(BAD_LINE)));
	CHECK_EQ(sys(SYS_SYSLOG, COUNT_UNREAD), 0);
}

int main(void)
{
	test_arguments();
	test_interrupted();
	test_wait();
	printf("syslog: PASS\n");
	return 0;
}
