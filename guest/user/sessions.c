// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Process groups and sessions: who may be in which, whom a number means, who
 * is stopped, and who must not stay so.
 */
#include "guest/user/lib/program.h"

#define SYS_GETPGID 132
#define SYS_GETSID  147

static void stay(void)
{
	for (;;) {
		sys(SYS_PAUSE);
	}
}

/* A child in a group of its own, which is named by the child's number. */
static long start_job(void)
{
	long pid = sys(SYS_FORK);

	if (!pid) {
		stay();
	}
	CHECK_EQ(sys(SYS_SETPGID, pid, 0), 0);
	CHECK_EQ(sys(SYS_GETPGID, pid), pid);
	return pid;
}

static void test_groups(void)
{
	long self = sys(SYS_GETPID), pid = start_job(), other = sys(SYS_FORK);
	int status;

	if (!other) {
		/* Into the group of the first, by itself. */
		CHECK_EQ(sys(SYS_SETPGID, 0, pid), 0);
		CHECK_EQ(sys(SYS_KILL, 0, SIGTERM), 0);
		stay();
	}
	/* One of them sends, both hear it, nobody else does. */
	CHECK_EQ(sys(SYS_WAIT4, -pid, &status, 0, NULL) > 0, true);
	CHECK_EQ(status, SIGTERM);
	CHECK_EQ(sys(SYS_WAIT4, -1, &status, 0, NULL) > 0, true);
	CHECK_EQ(status, SIGTERM);
	CHECK_EQ(sys(SYS_KILL, -pid, 0), -ESRCH);

	CHECK_EQ(sys(SYS_SETPGID, 0, pid), -EPERM);
	CHECK_EQ(sys(SYS_SETPGID, 0, -1), -EINVAL);
	CHECK_EQ(sys(SYS_SETPGID, 1, 0), -ESRCH);
	CHECK_EQ(sys(SYS_SETPGID, 0, 0), 0);
	CHECK_EQ(sys(SYS_GETPGID, 0), self);
	CHECK_EQ(sys(SYS_SETSID), -EPERM); /* it leads a group */
}

static void test_job(void)
{
	long pid = start_job();
	int status;

	CHECK_EQ(sys(SYS_KILL, -pid, SIGTSTP), 0);
	CHECK_EQ(sys(SYS_WAIT4, -pid, &status, WUNTRACED, NULL), pid);
	CHECK_EQ(status, SIGTSTP << 8 | 0x7f);
	CHECK_EQ(sys(SYS_KILL, -pid, SIGCONT), 0);
	CHECK_EQ(sys(SYS_KILL, -pid, SIGINT), 0);
	CHECK_EQ(wait_status(pid), SIGINT);
}

/* A session with one job, which is stopped when the leader ends. */
static void lead_session(void)
{
	long self = sys(SYS_GETPID), pid;
	int status;

	CHECK_EQ(sys(SYS_SETSID), self);
	CHECK_EQ(sys(SYS_GETSID, 0), self);
	CHECK_EQ(sys(SYS_GETPGID, 0), self);
	CHECK_EQ(sys(SYS_SETPGID, 0, 0), -EPERM);
	/* With nobody to continue it, it is not stopped from a terminal. */
	CHECK_EQ(sys(SYS_KILL, self, SIGTSTP), 0);

	pid = start_job();
	CHECK_EQ(sys(SYS_KILL, pid, SIGTSTP), 0);
	CHECK_EQ(sys(SYS_WAIT4, pid, &status, WUNTRACED, NULL), pid);
	_Exit(0);
}

/* The stopped job is told and continued: it ends, and its files close. */
static void test_orphans(void)
{
	int ends[2];
	char byte;
	long pid;

	CHECK_EQ(sys(SYS_PIPE, ends), 0);
	pid = sys(SYS_FORK);
	if (!pid) {
		lead_session();
	}
	sys(SYS_CLOSE, ends[1]);
	CHECK_EQ(wait_status(pid), 0);
	CHECK_EQ(sys(SYS_READ, ends[0], &byte, 1), 0);
	sys(SYS_CLOSE, ends[0]);
}

/* In a child: the program itself may be the leader of a session. */
int main(void)
{
	long pid = sys(SYS_FORK);

	if (!pid) {
		test_groups();
		test_job();
		test_orphans();
		_Exit(0);
	}
	CHECK_EQ(wait_status(pid), 0);
	printf("sessions: PASS\n");
	return 0;
}
