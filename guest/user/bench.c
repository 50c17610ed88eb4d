// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What operations cost: "bench" does all, "bench NAME [COUNT]" one.
 *
 * Prints "bench NAME VALUE", time stamps per operation, and where there is a
 * hypervisor that counts its exits "bench NAME.exits VALUE", in hundredths of
 * an exit. Under an emulator that counts instructions a time stamp is one of
 * them. Each operation is done a few times before it is measured, so that
 * what it costs only once is not in the figure.
 */
#include "guest/user/lib/program.h"

#define DISK	   "/dev/vda"
#define DISK_BLOCK 4096u

/* Around the part that counts. */
static u32 exits_start, exits_used;
static u64 ticks_start, ticks_used;
static bool has_exits;

static void start(void)
{
	has_exits = kernel_counter("exits", &exits_start);
	ticks_start = rdtsc();
}

static void stop(void)
{
	u32 exits = exits_start;

	ticks_used = rdtsc() - ticks_start;
	kernel_counter("exits", &exits);
	exits_used = exits - exits_start;
}

static volatile u32 sink;

static bool do_compute(u32 n)
{
	u32 x = n;

	start();
	while (n--) {
		x = (x * 1664525 + 1013904223) ^ (x >> 7);
	}
	stop();
	sink = x;
	return true;
}

static bool do_null_call(u32 n)
{
	start();
	while (n--) {
		long result;

		__asm__ volatile("int $0x80"
				 : "=a"(result)
				 : "a"(SYS_GETPPID)
				 : "memory");
	}
	stop();
	return true;
}

static void handle_nothing(int number)
{
	(void)number;
}

static bool do_signal(u32 n)
{
	long self = sys(SYS_GETPID);

	signal_handle(SIGUSR1, handle_nothing, 0);
	start();
	while (n--) {
		sys(SYS_KILL, self, SIGUSR1);
	}
	stop();
	return true;
}

static void touch(volatile u8 *at, u32 pages)
{
	for (u32 i = 0; i < pages; i++) {
		at[i * PAGE_SIZE] = 1;
	}
}

static bool do_touch(u32 n)
{
	u8 *at = map_pages(n);

	start();
	touch(at, n);
	stop();
	unmap_pages(at, n);
	return true;
}

#define MMAP_PAGES 64u

static bool do_mmap(u32 n)
{
	start();
	while (n--) {
		u8 *at = map_pages(MMAP_PAGES);

		touch(at, MMAP_PAGES);
		unmap_pages(at, MMAP_PAGES);
	}
	stop();
	return true;
}

static void protect(void *page, u32 rights)
{
	CHECK_EQ(sys(SYS_MPROTECT, page, PAGE_SIZE, rights), 0);
}

static bool do_mprotect(u32 n)
{
	u8 *page = map_pages(1);

	touch(page, 1);
	start();
	while (n--) {
		protect(page, PROT_READ);
		protect(page, PROT_READ | PROT_WRITE);
		touch(page, 1);
	}
	stop();
	unmap_pages(page, 1);
	return true;
}

static void *fault_page;

static void handle_fault(int number)
{
	(void)number;
	protect(fault_page, PROT_READ | PROT_WRITE);
}

static bool do_fault(u32 n)
{
	fault_page = map_pages(1);
	touch(fault_page, 1);
	signal_handle(SIGSEGV, handle_fault, 0);
	start();
	while (n--) {
		protect(fault_page, PROT_READ);
		touch(fault_page, 1);
	}
	stop();
	signal_handle(SIGSEGV, SIG_DFL, 0);
	unmap_pages(fault_page, 1);
	return true;
}

static void send(int fd)
{
	CHECK_EQ(sys(SYS_WRITE, fd, "x", 1), 1);
}

static void receive(int fd)
{
	char c;

	CHECK_EQ(sys(SYS_READ, fd, &c, 1), 1);
}

static void make_pipe(int fd[2])
{
	CHECK_EQ(sys(SYS_PIPE, fd), 0);
}

static void close_pipe(const int fd[2])
{
	sys(SYS_CLOSE, fd[0]);
	sys(SYS_CLOSE, fd[1]);
}

static bool do_pipe(u32 n)
{
	int fd[2];

	make_pipe(fd);
	start();
	while (n--) {
		send(fd[1]);
		receive(fd[0]);
	}
	stop();
	close_pipe(fd);
	return true;
}

static bool do_round_trip(u32 n)
{
	int there[2], back[2];
	long pid;

	make_pipe(there);
	make_pipe(back);
	pid = sys(SYS_FORK);
	if (!pid) {
		while (n--) {
			receive(there[0]);
			send(back[1]);
		}
		_Exit(0);
	}
	start();
	while (n--) {
		send(there[1]);
		receive(back[0]);
	}
	stop();
	wait_success(pid);
	close_pipe(there);
	close_pipe(back);
	return true;
}

static bool do_fork(u32 n)
{
	start();
	while (n--) {
		long pid = sys(SYS_FORK);

		if (!pid) {
			sys(SYS_EXIT, 0);
		}
		wait_success(pid);
	}
	stop();
	return true;
}

static bool exec_times(u32 n, const char *path, char *const argv[])
{
	char *const envp[] = { "PATH=/bin", NULL };

	start();
	while (n--) {
		long pid = sys(SYS_FORK);

		if (!pid) {
			sys(SYS_EXECVE, path, argv, envp);
			_Exit(1);
		}
		wait_success(pid);
	}
	stop();
	return true;
}

static const char *own_path;

static bool do_exec(u32 n)
{
	return exec_times(n, own_path, (char *[]){ "bench", "exit", NULL });
}

static bool do_shell(u32 n)
{
	return exec_times(n, "/bin/sh", (char *[]){ "sh", "-c", "true", NULL });
}

/* Each block but once: the kernel keeps what it has read. */
static bool do_disk_read(u32 n)
{
	static u8 block[DISK_BLOCK];
	static u32 next;
	long fd = sys(SYS_OPEN, DISK, O_RDONLY);

	if (is_error(fd)) {
		return false;
	}
	start();
	while (n--) {
		sys(SYS_LSEEK, fd, next++ * DISK_BLOCK, 0);
		CHECK_EQ(sys(SYS_READ, fd, block, DISK_BLOCK), DISK_BLOCK);
	}
	stop();
	sys(SYS_CLOSE, fd);
	return true;
}

static void set_alarm(u32 usec)
{
	struct linux_itimerval timer = {
		.value = { .sec = (s32)(usec / 1000000),
			   .usec = (s32)(usec % 1000000) },
	};

	CHECK_EQ(sys(SYS_SETITIMER, 0, &timer, NULL), 0);
}

static u32 compute_with_alarm(u32 n, u32 usec)
{
	u64 from = rdtsc();

	while (n--) {
		set_alarm(usec);
		for (u32 i = 0; i < 50000; i++) {
			sink = i;
		}
	}
	return (u32)(rdtsc() - from);
}

/* An alarm that nobody hears, against one that never rings. */
static bool do_timer(u32 n)
{
	u32 without;

	signal_handle(SIGALRM, SIG_IGN, 0);
	without = compute_with_alarm(n, 100000000);
	start();
	compute_with_alarm(n, 50);
	stop();
	ticks_used -= without;
	set_alarm(0);
	return true;
}

static const struct row {
	const char *name;
	u32 count;
	bool (*run)(u32 n); /* false: it cannot be done here */
} rows[] = {
	{ "compute", 20000, do_compute },
	{ "null-call", 2000, do_null_call },
	{ "signal", 400, do_signal },
	{ "touch", 1024, do_touch },
	{ "mmap-touch-munmap", 20, do_mmap },
	{ "mprotect", 200, do_mprotect },
	{ "fault-handler", 200, do_fault },
	{ "pipe-self", 500, do_pipe },
	{ "pipe-round-trip", 400, do_round_trip },
	{ "fork", 60, do_fork },
	{ "exec", 40, do_exec },
	{ "shell", 20, do_shell },
	{ "timer", 40, do_timer },
	{ "disk-read", 64, do_disk_read },
};

/* From power on to here. */
static void report_boot(u64 ticks)
{
	printf("bench boot %u\n", ticks >> 32 ? ~0u : (u32)ticks);
	if (kernel_counter("exits", &exits_used)) {
		printf("bench boot.exits %u\n", exits_used * 100);
	}
}

static void measure(const struct row *row, u32 count)
{
	if (!row->run(count) || !row->run(count)) {
		return;
	}
	printf("bench %s %u\n", row->name, (u32)ticks_used / count);
	if (has_exits) {
		printf("bench %s.exits %u\n", row->name,
		       exits_used * 100 / count);
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	u64 ticks = rdtsc();

	own_path = strchr(argv[0], '/') ? argv[0] : "/bin/bench";
	if (argc > 1 && !strcmp(argv[1], "exit")) {
		return 0;
	}
	report_boot(ticks);
	for (u32 i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (argc < 2 || !strcmp(argv[1], rows[i].name)) {
			measure(&rows[i],
				argument(argc, argv, 2, rows[i].count));
		}
	}
	return 0;
}
