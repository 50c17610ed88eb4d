// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /init: the first process.
 *
 * Without arguments it runs a shell on the console, with job control, and
 * powers off when that ends: by "exit", or at the end of what is typed. One
 * that a signal ended is replaced. With arguments, which the kernel takes from
 * its command line behind "--", it runs that program once and says how it
 * ended: "init: ended with N" or "init: ended by signal N". After 0 it powers
 * off; else it ends with N, or 128 + N, which the kernel says at the power off.
 *
 * It does what BusyBox's poweroff, halt and reboot ask for by signals, and
 * buries whoever has lost its parent.
 */
#include "guest/user/lib/program.h"

#define REBOOT_MAGIC1	 0xfee1deadu
#define REBOOT_MAGIC2	 672274793u
#define REBOOT_RESTART	 0x01234567u
#define REBOOT_POWER_OFF 0x4321fedcu
#define TIOCSCTTY	 0x540e

static char *const environment[] = {
	"HOME=/root", "PATH=/bin",     "TERM=vt100",
	"USER=root",  "SHELL=/bin/sh", NULL,
};

static void say(const char *text)
{
	sys(SYS_WRITE, 1, text, strlen(text));
}

/* Everybody else gets a chance to end by itself. */
static void end_others(void)
{
	signal_mask(SIG_BLOCK, ~0ull, NULL);
	sys(SYS_KILL, -1, SIGTERM);
	sys(SYS_KILL, -1, SIGCONT);
	sleep_ms(20);
	sys(SYS_KILL, -1, SIGKILL);
	sys(SYS_SYNC);
}

static void end(u32 command) __attribute__((noreturn));

static void end(u32 command)
{
	end_others();
	for (;;) {
		sys(SYS_REBOOT, REBOOT_MAGIC1, REBOOT_MAGIC2, command, NULL);
		sleep_ms(1000);
	}
}

/* BusyBox: halt is SIGUSR1, poweroff SIGUSR2, reboot SIGTERM. */
static void handle_end(int number)
{
	end(number == SIGTERM ? REBOOT_RESTART : REBOOT_POWER_OFF);
}

/* A session of its own, with the console as its terminal. */
static void open_console(void)
{
	long fd;

	sys(SYS_SETSID);
	fd = sys(SYS_OPEN, "/dev/console", O_RDWR);
	if (is_error(fd)) {
		return;
	}
	sys(SYS_IOCTL, fd, TIOCSCTTY, 1);
	for (int i = 0; i < 3; i++) {
		sys(SYS_DUP2, fd, i);
	}
	if (fd > 2) {
		sys(SYS_CLOSE, fd);
	}
}

/* Returns the number of a process that runs argv[0] on the console. */
static long start(const char *path, char *const argv[])
{
	long pid = sys(SYS_FORK);
	long error;

	if (pid) {
		return pid;
	}
	open_console();
	sys(SYS_CHDIR, "/root");
	error = sys(SYS_EXECVE, path, argv, environment);
	printf("init: cannot run %s: error %ld\n", path, -error);
	exit(127);
}

/* Wait for one process, and meanwhile for all orphans. */
static int wait_for(long pid)
{
	int status = 0;
	long ended;

	do {
		ended = sys(SYS_WAIT4, -1, &status, 0, NULL);
	} while (ended != pid && ended != -ECHILD);
	return status;
}

/* Returns the status the way of a shell: 128 and more for signals. */
static int run_once(char *const argv[])
{
	char path[128];
	int status, signal;

	snprintf(path, sizeof(path), "%s%s",
		 strchr(argv[0], '/') ? "" : "/bin/", argv[0]);
	status = wait_for(start(path, argv));
	signal = status & 0x7f;
	status = status >> 8 & 0xff;
	if (signal) {
		printf("init: ended by signal %d\n", signal);
	} else {
		printf("init: ended with %d\n", status);
	}
	fflush(stdout);
	return signal ? 128 + signal : status;
}

int main(int argc, char **argv)
{
	int status;

	signal_handle(SIGUSR1, handle_end, 0);
	signal_handle(SIGUSR2, handle_end, 0);
	signal_handle(SIGTERM, handle_end, 0);
	open_console();
	sys(SYS_MOUNT, "proc", "/proc", "proc", 0, NULL);
	if (argc > 1) {
		status = run_once(argv + 1);
		if (status) {
			end_others();
			exit(status);
		}
		end(REBOOT_POWER_OFF);
	}
	say("\nThis is Gnomon with BusyBox. \"poweroff\" ends it.\n\n");
	while (wait_for(start("/bin/sh", (char *[]){ "-sh", NULL })) & 0x7f) {
		say("\ninit: the shell was killed; here is another\n");
	}
	end(REBOOT_POWER_OFF);
}
