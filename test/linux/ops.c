/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What operations cost a program on Linux, natively and on Umbra alike.
 *
 *	ops [NAME [COUNT]]	measure all, or one; prints "bench NAME VALUE"
 *	ops hog			touch memory until there is no more
 *	ops user PROGRAM ...	run a program as somebody whom limits bind
 *
 * Values are time stamps per operation: under instruction counting of the
 * emulator these are instructions, kernel and hypervisor included.
 *
 * No library: a static i386 program of raw system calls, so that it costs the
 * same whatever the build machine has. test/linux/README.md tells how to
 * build it.
 */
typedef unsigned int u32;
typedef unsigned long long u64;

enum {
	SYS_EXIT = 1,
	SYS_FORK = 2,
	SYS_READ = 3,
	SYS_WRITE = 4,
	SYS_WAITPID = 7,
	SYS_EXECVE = 11,
	SYS_GETPID = 20,
	SYS_KILL = 37,
	SYS_PIPE = 42,
	SYS_GETPPID = 64,
	SYS_SIGACTION = 67,
	SYS_MUNMAP = 91,
	SYS_MPROTECT = 125,
	SYS_MMAP2 = 192,
	SYS_SETUID32 = 213,
};

#define SIGUSR1	  10
#define SIGSEGV	  11
#define PAGE	  4096u
#define RO	  1u
#define RW	  3u
#define ANONYMOUS 0x22u /* and private */

#define SOMEBODY 1000u

#define LARGE (256u * 1024)

/* Three arguments serve all but mmap. */
static long call(long nr, u32 a, u32 b, u32 c)
{
	long result;

	asm volatile("int $0x80"
		     : "=a"(result)
		     : "0"(nr), "b"(a), "c"(b), "d"(c)
		     : "memory");
	return result;
}

#define ADDR(p) ((u32)(unsigned long)(p))

/* EBP is pushed by hand: compilers do not give it away. */
static void *map(u32 bytes)
{
	long result;

	asm volatile("push %%ebp\n\t"
		     "xor %%ebp, %%ebp\n\t"
		     "int $0x80\n\t"
		     "pop %%ebp"
		     : "=a"(result)
		     : "0"(SYS_MMAP2), "b"(0), "c"(bytes), "d"(RW),
		       "S"(ANONYMOUS), "D"(-1)
		     : "memory");
	return (void *)result;
}

static u64 now(void)
{
	u32 lo, hi;

	asm volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return (u64)hi << 32 | lo;
}

static void put(const char *s)
{
	u32 n = 0;

	while (s[n]) {
		n++;
	}
	call(SYS_WRITE, 1, ADDR(s), n);
}

static void put_number(u32 v)
{
	char text[12];
	u32 i = sizeof(text);

	text[--i] = '\0';
	do {
		text[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	put(text + i);
}

static void quit(const char *why)
{
	put(why);
	call(SYS_EXIT, 1, 0, 0);
	__builtin_unreachable();
}

static long must(long result, const char *what)
{
	if (result < 0) {
		put("ops: ");
		put(what);
		quit(" failed\n");
	}
	return result;
}

/* Without a library 64-bit division is not there; the differences fit. */
static u32 each(u64 from, u64 to, u32 count)
{
	u64 total = to - from;
	u32 quotient, rest;

	if (total >> 32 >= count) {
		return ~0u;
	}
	asm("divl %4"
	    : "=a"(quotient), "=d"(rest)
	    : "0"((u32)total), "1"((u32)(total >> 32)), "r"(count));
	return quotient;
}

/* --- operations: each does @count of its kind and returns the cost of one */

static u32 compute(u32 count)
{
	u64 t = now();
	u32 x = 1;

	for (u32 i = 0; i < count; i++) {
		asm volatile("imul $1664525, %0\n\tadd $1013904223, %0\n\t"
			     "mov %0, %%eax\n\tshr $16, %%eax\n\t"
			     "xor %%eax, %0\n\tnop"
			     : "+r"(x)::"eax");
	}
	return each(t, now(), count);
}

static u32 null_call(u32 count)
{
	u64 t = now();

	for (u32 i = 0; i < count; i++) {
		call(SYS_GETPPID, 0, 0, 0);
	}
	return each(t, now(), count);
}

struct old_sigaction {
	void (*handler)(int);
	u32 mask, flags;
	void *restorer;
};

static void on_signal(int n, void (*handler)(int))
{
	struct old_sigaction action = { .handler = handler };

	must(call(SYS_SIGACTION, (u32)n, ADDR(&action), 0), "sigaction");
}

static volatile u32 signals;

static void count_signal(int n)
{
	(void)n;
	signals++;
}

static u32 signal(u32 count)
{
	u32 me = (u32)call(SYS_GETPID, 0, 0, 0);
	u64 t;

	on_signal(SIGUSR1, count_signal);
	t = now();
	for (u32 i = 0; i < count; i++) {
		call(SYS_KILL, me, SIGUSR1, 0);
	}
	return each(t, now(), count);
}

static void touch(char *p, u32 bytes)
{
	for (u32 at = 0; at < bytes; at += PAGE) {
		*(volatile char *)(p + at) = 1;
	}
}

static u32 page_touch(u32 count)
{
	char *p = map(count * PAGE);
	u64 t = now();
	u32 cost;

	touch(p, count * PAGE);
	cost = each(t, now(), count);
	call(SYS_MUNMAP, ADDR(p), count * PAGE, 0);
	return cost;
}

static u32 map_untouched(u32 count)
{
	u64 t = now();

	for (u32 i = 0; i < count; i++) {
		call(SYS_MUNMAP, ADDR(map(PAGE)), PAGE, 0);
	}
	return each(t, now(), count);
}

static u32 map_large(u32 count)
{
	u64 t = now();

	for (u32 i = 0; i < count; i++) {
		char *p = map(LARGE);

		touch(p, LARGE);
		call(SYS_MUNMAP, ADDR(p), LARGE, 0);
	}
	return each(t, now(), count);
}

static u32 mprotect(u32 count)
{
	char *p = map(PAGE);
	u64 t = now();

	for (u32 i = 0; i < count; i++) {
		call(SYS_MPROTECT, ADDR(p), PAGE, RO);
		call(SYS_MPROTECT, ADDR(p), PAGE, RW);
		touch(p, PAGE);
	}
	return each(t, now(), count);
}

static char *guarded;

static void make_writable(int n)
{
	(void)n;
	call(SYS_MPROTECT, ADDR(guarded), PAGE, RW);
}

static u32 segv(u32 count)
{
	u64 t;

	guarded = map(PAGE);
	on_signal(SIGSEGV, make_writable);
	t = now();
	for (u32 i = 0; i < count; i++) {
		call(SYS_MPROTECT, ADDR(guarded), PAGE, RO);
		touch(guarded, PAGE);
	}
	return each(t, now(), count);
}

static void send(const int *pipe)
{
	char c = 'x';

	must(call(SYS_WRITE, (u32)pipe[1], ADDR(&c), 1), "write");
}

static long receive(const int *pipe)
{
	char c;

	return call(SYS_READ, (u32)pipe[0], ADDR(&c), 1);
}

static void new_pipe(int *pipe)
{
	must(call(SYS_PIPE, ADDR(pipe), 0, 0), "pipe");
}

static u32 pipe_self(u32 count)
{
	int pipe[2];
	u64 t;

	new_pipe(pipe);
	t = now();
	for (u32 i = 0; i < count; i++) {
		send(pipe);
		receive(pipe);
	}
	return each(t, now(), count);
}

static u32 fork(void)
{
	return (u32)must(call(SYS_FORK, 0, 0, 0), "fork");
}

static void wait_for(u32 pid)
{
	int status;

	must(call(SYS_WAITPID, pid, ADDR(&status), 0), "wait");
	if (status) {
		quit("ops: child failed\n");
	}
}

static u32 pipe_pair(u32 count)
{
	int there[2], back[2];
	u32 child, cost;
	u64 t;

	new_pipe(there);
	new_pipe(back);
	child = fork();
	if (!child) {
		for (u32 i = 0; i < count; i++) {
			receive(there);
			send(back);
		}
		call(SYS_EXIT, 0, 0, 0);
	}
	t = now();
	for (u32 i = 0; i < count; i++) {
		send(there);
		receive(back);
	}
	cost = each(t, now(), count);
	wait_for(child);
	return cost;
}

/* @argv NULL: the child only ends. */
static u32 spawn(u32 count, const char *const *argv)
{
	u64 t = now();

	for (u32 i = 0; i < count; i++) {
		u32 child = fork();

		if (!child) {
			if (argv) {
				call(SYS_EXECVE, ADDR(argv[0]), ADDR(argv), 0);
			}
			call(SYS_EXIT, argv ? 1 : 0, 0, 0);
		}
		wait_for(child);
	}
	return each(t, now(), count);
}

static u32 fork_exit(u32 count)
{
	return spawn(count, 0);
}

static u32 fork_exec(u32 count)
{
	static const char *const argv[] = { "/bin/true", 0 };

	return spawn(count, argv);
}

static u32 shell(u32 count)
{
	static const char *const argv[] = { "/bin/sh", "-c", "true", 0 };

	return spawn(count, argv);
}

static const struct op {
	const char *name;
	u32 (*run)(u32 count);
	u32 count;
} ops[] = {
	{ "compute", compute, 10000 },
	{ "null-call", null_call, 20000 },
	{ "signal", signal, 500 },
	{ "page-touch", page_touch, 1000 },
	{ "mmap-4k", map_untouched, 500 },
	{ "mmap-256k", map_large, 50 },
	{ "mprotect", mprotect, 500 },
	{ "segv", segv, 500 },
	{ "pipe-self", pipe_self, 500 },
	{ "pipe-pair", pipe_pair, 500 },
	{ "fork", fork_exit, 100 },
	{ "fork-exec", fork_exec, 50 },
	{ "shell", shell, 20 },
};

#define OPS (sizeof(ops) / sizeof(ops[0]))

/* --- */

static int is_equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static u32 number(const char *s)
{
	u32 v = 0;

	while (*s >= '0' && *s <= '9') {
		v = v * 10 + (u32)(*s++ - '0');
	}
	return v;
}

static void measure(const struct op *op, u32 count)
{
	/* What is done once, such as the first use of memory, is no cost. */
	op->run(count);
	put("bench ");
	put(op->name);
	put(" ");
	put_number(op->run(count));
	put("\n");
}

/* For the kernel to stop: it never returns. */
static void hog(void)
{
	u32 megabytes = 0;

	for (;;) {
		char *p = map(1u << 20);

		if (ADDR(p) >= -PAGE) {
			quit("ops: no more address space\n");
		}
		touch(p, 1u << 20);
		if (++megabytes % 16 == 0) {
			put_number(megabytes);
			put(" MiB\n");
		}
	}
}

__attribute__((used)) static void run(long argc, char **argv)
{
	if (argc > 1 && is_equal(argv[1], "hog")) {
		hog();
	}
	if (argc > 2 && is_equal(argv[1], "user")) {
		must(call(SYS_SETUID32, SOMEBODY, 0, 0), "setuid");
		call(SYS_EXECVE, ADDR(argv[2]), ADDR(argv + 2), 0);
		quit("ops: nothing to execute\n");
	}
	for (u32 i = 0; i < OPS; i++) {
		if (argc < 2 || is_equal(argv[1], ops[i].name)) {
			measure(&ops[i],
				argc > 2 ? number(argv[2]) : ops[i].count);
		}
	}
	call(SYS_EXIT, 0, 0, 0);
}

/* The kernel leaves argc and the vectors on the stack. */
asm(".globl _start\n"
    "_start:\n\t"
    "mov (%esp), %eax\n\t"
    "lea 4(%esp), %edx\n\t"
    "push %edx\n\t"
    "push %eax\n\t"
    "call run\n");
