// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many things at once: "stress [ROUNDS [SEED]]".
 *
 * A few processes do pipelines, files, memory, signals, sleeps and
 * computations at the same time, and each checks its own results. Every
 * process computes on the FPU meanwhile, so that a register which is not
 * kept over a switch shows.
 */
#include "guest/user/lib/program.h"

#define WORKERS 8u

static u32 seed, worker;

/* Sum of an array in a way that depends on every byte's place. */
static u32 checksum(const u8 *bytes, u32 n)
{
	u32 sum = 1;

	while (n--) {
		sum = (sum << 5 | sum >> 27) + *bytes++;
	}
	return sum;
}

static void fill(u8 *bytes, u32 n, u32 from)
{
	while (n--) {
		*bytes++ = (u8)random_next(&from);
	}
}

static void read_all(int fd, void *to, u32 n)
{
	while (n) {
		long got = sys(SYS_READ, fd, to, n);

		CHECK(got > 0);
		to = (u8 *)to + got;
		n -= (u32)got;
	}
}

#define STREAM 40000u /* more than a pipe holds */
#define STAGES 3u

static void pump(int from, int to)
{
	u8 buffer[1000];
	long n;

	while ((n = sys(SYS_READ, from, buffer, sizeof(buffer))) > 0) {
		CHECK_EQ(sys(SYS_WRITE, to, buffer, n), n);
	}
	CHECK_EQ(n, 0);
	_Exit(0);
}

/* writer | pump | pump | here */
static void do_pipeline(void)
{
	u8 *data = malloc(STREAM), *back = malloc(STREAM);
	long pids[STAGES];
	int in = -1;

	CHECK(data && back);
	fill(data, STREAM, random_next(&seed));
	for (u32 i = 0; i < STAGES; i++) {
		int fd[2];

		CHECK_EQ(sys(SYS_PIPE, fd), 0);
		pids[i] = sys(SYS_FORK);
		if (!pids[i]) {
			sys(SYS_CLOSE, fd[0]);
			if (i) {
				pump(in, fd[1]);
			}
			CHECK_EQ(sys(SYS_WRITE, fd[1], data, STREAM), STREAM);
			_Exit(0);
		}
		sys(SYS_CLOSE, fd[1]);
		if (i) {
			sys(SYS_CLOSE, in);
		}
		in = fd[0];
	}
	read_all(in, back, STREAM);
	CHECK_EQ(sys(SYS_READ, in, back, 1), 0);
	sys(SYS_CLOSE, in);
	CHECK(checksum(data + 1, STREAM - 1) == checksum(back + 1, STREAM - 1));
	for (u32 i = 0; i < STAGES; i++) {
		wait_success(pids[i]);
	}
	free(data);
	free(back);
}

static void do_file(void)
{
	u32 size = 1 + random_below(&seed, 30000);
	u8 *data = malloc(size), *back = malloc(size);
	char name[40];
	int fd;

	CHECK(data && back);
	snprintf(name, sizeof(name), "/tmp/stress.%u", worker);
	fill(data, size, random_next(&seed));
	fd = (int)sys(SYS_OPEN, name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_WRITE, fd, data, size), size);
	CHECK_EQ(sys(SYS_LSEEK, fd, 0, 0), 0);
	read_all(fd, back, size);
	CHECK_EQ(checksum(back, size), checksum(data, size));
	CHECK_EQ(sys(SYS_FTRUNCATE, fd, size / 2), 0);
	CHECK_EQ(sys(SYS_LSEEK, fd, 0, 2), size / 2);
	sys(SYS_CLOSE, fd);
	CHECK_EQ(sys(SYS_UNLINK, name), 0);
	free(data);
	free(back);
}

static void do_memory(void)
{
	u32 pages = 1 + random_below(&seed, 60), from = random_next(&seed);
	u8 *at = map_pages(pages);
	long pid;

	fill(at, pages * PAGE_SIZE, from);
	pid = sys(SYS_FORK);
	if (!pid) {
		memset(at, 0, pages * PAGE_SIZE);
		_Exit(checksum(at, PAGE_SIZE) == 0 ? 1 : 0);
	}
	for (u32 i = 0; i < pages * PAGE_SIZE; i++) {
		CHECK_EQ(at[i], (u8)random_next(&from));
	}
	wait_success(pid);
	unmap_pages(at, pages);
}

static volatile u32 heard;

static void count_signal(int number)
{
	(void)number;
	heard++;
}

/* A child sends signals until it is told to stop by its end of a pipe. */
static void do_signals(void)
{
	long parent = sys(SYS_GETPID), pid;

	heard = 0;
	signal_handle(SIGUSR1, count_signal, SA_RESTART);
	pid = sys(SYS_FORK);
	if (!pid) {
		for (u32 i = 0; i < 20; i++) {
			sys(SYS_KILL, parent, SIGUSR1);
			sys(SYS_SCHED_YIELD);
		}
		_Exit(0);
	}
	wait_success(pid);
	CHECK(heard > 0 && heard <= 20);
}

static void do_sleep(void)
{
	struct linux_timespec before, after;
	u32 ms = 1 + random_below(&seed, 5);
	s32 elapsed;

	sys(SYS_CLOCK_GETTIME, 1, &before);
	sleep_ms(ms);
	sys(SYS_CLOCK_GETTIME, 1, &after);
	elapsed = (after.sec - before.sec) * 1000000 +
		  (after.nsec - before.nsec) / 1000;
	CHECK(elapsed >= (s32)ms * 1000);
}

/* Long enough for somebody else's turn. */
static void do_compute(void)
{
	u32 x = 1;

	for (volatile u32 i = 0; i < 200000; i++) {
		x = x * 1664525 + 1013904223;
	}
	CHECK_EQ(x, 0xe1888f41u);
}

static void fpu_push(int value)
{
	__asm__ volatile("fildl %0" : : "m"(value));
}

static int fpu_pop(void)
{
	int value;

	__asm__ volatile("fistpl %0" : "=m"(value));
	return value;
}

static void work(u32 rounds)
{
	static void (*const jobs[])(void) = {
		do_pipeline, do_file,	 do_memory,
		do_signals,  do_compute, do_sleep,
	};
	u32 count = sizeof(jobs) / sizeof(jobs[0]);
	int kept = (int)random_next(&seed);

	fpu_push(kept);
	while (rounds--) {
		jobs[random_below(&seed, count)]();
	}
	CHECK_EQ(fpu_pop(), kept);
	_Exit(0);
}

int main(int argc, char **argv)
{
	u32 rounds = argument(argc, argv, 1, 20);
	long pids[WORKERS];

	seed = argument(argc, argv, 2, 1);
	for (worker = 0; worker < WORKERS; worker++) {
		seed += 0x61c88647u;
		pids[worker] = sys(SYS_FORK);
		CHECK(!is_error(pids[worker]));
		if (!pids[worker]) {
			work(rounds);
		}
	}
	for (u32 i = 0; i < WORKERS; i++) {
		wait_success(pids[i]);
	}
	printf("stress: PASS\n");
	return 0;
}
