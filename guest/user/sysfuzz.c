// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls with arguments at every extreme: "sysfuzz [CHILDREN [SEED]]".
 *
 * Children make random calls with random arguments until they die of it or
 * have done enough. The parent and the kernel have to live: afterwards
 * processes, memory, files and pipes must still work.
 */
#include "guest/user/lib/program.h"

#define CALLS	    150u /* of one child */
#define NUMBERS_END 440u
#define LIFETIME    200000 /* microseconds, then SIGALRM */
#define PATIENCE    2000u  /* milliseconds, then SIGKILL */

static u32 seed;
static u8 *arena; /* READABLE, READ_ONLY, nothing */

/*
 * What would end the test instead of testing: power off, signals to others,
 * children beyond control, ends of its own, and whatever could keep SIGALRM
 * from the child. By number: most of them have no name here.
 */
static bool is_excluded(u32 number)
{
	static const u32 excluded[] = {
		SYS_REBOOT,
		283, /* kexec_load */
		SYS_KILL,
		SYS_TGKILL,
		238, /* tkill */
		178, /* rt_sigqueueinfo */
		335, /* rt_tgsigqueueinfo */
		424, /* pidfd_send_signal */
		26,  /* ptrace */
		111, /* vhangup: the end of the parent's terminal */
		SYS_FORK,
		SYS_VFORK,
		120, /* clone */
		435, /* clone3 */
		SYS_EXIT,
		SYS_EXIT_GROUP,
		SYS_ALARM,
		SYS_SETITIMER,
		48, /* signal */
		67, /* sigaction */
		SYS_RT_SIGACTION,
		69,  /* ssetmask */
		126, /* sigprocmask */
		SYS_RT_SIGPROCMASK,
		177, /* rt_sigtimedwait */
		72,  /* sigsuspend */
		SYS_RT_SIGSUSPEND,
		SYS_SIGRETURN, /* has children of its own */
		SYS_RT_SIGRETURN,
		308, /* pselect6 */
		309, /* ppoll */
		319, /* epoll_pwait */
	};

	for (u32 i = 0; i < sizeof(excluded) / sizeof(excluded[0]); i++) {
		if (number == excluded[i]) {
			return true;
		}
	}
	return false;
}

static void limit_life(void)
{
	struct linux_itimerval timer = { .value = { .usec = LIFETIME } };

	sys(SYS_SETITIMER, 0, &timer, NULL);
}

static u32 random_address(void)
{
	static const u32 edges[] = {
		0,	    1,		0xfff,	    0x1000,	0x10000,
		0x08048000, 0x7fffeffc, 0x7fffefff, 0x7ffff000, 0x7fffffff,
		0x80000000, 0x80100000, 0xbffffffc, 0xc0000000, 0xe0000000,
		0xf0000000, 0xffc00000, 0xfffff000, 0xfffffffc, 0xffffffff,
	};
	u32 n = sizeof(edges) / sizeof(edges[0]);

	switch (random_below(&seed, 4)) {
	case 0:
		return edges[random_below(&seed, n)];
	case 1: /* around the borders inside of the arena */
		return (u32)arena + PAGE_SIZE * random_below(&seed, 4) - 8 +
		       random_below(&seed, 16);
	default:
		return (u32)arena + random_below(&seed, 3 * PAGE_SIZE);
	}
}

static u32 random_number(void)
{
	static const u32 edges[] = {
		0,	    1,		2,	    3,		4,
		7,	    8,		64,	    511,	512,
		4095,	    4096,	4097,	    65536,	0x7ffffffe,
		0x7fffffff, 0x80000000, 0x80000001, 0xfffff000, 0xfffffffe,
		0xffffffff,
	};
	u32 n = sizeof(edges) / sizeof(edges[0]);

	return random_below(&seed, 3) ? edges[random_below(&seed, n)]
				      : random_next(&seed);
}

static u32 random_path(void)
{
	static char long_name[5000];
	static const char *const paths[] = {
		"",
		"/",
		".",
		"..",
		"/tmp",
		"/tmp/fuzz",
		"/dev/null",
		"/dev/zero",
		"/dev/random",
		"/proc",
		"/proc/self/stat",
		"/proc/self/fd/0",
		"/tmp/fuzz/a/b",
		"fuzz",
		"/dev/tty",
		"/../../tmp/x/../fuzz2",
		long_name,
	};

	memset(long_name, 'x', sizeof(long_name) - 1);
	return (u32)
		paths[random_below(&seed, sizeof(paths) / sizeof(paths[0]))];
}

static u32 random_argument(void)
{
	switch (random_below(&seed, 8)) {
	case 0:
	case 1:
	case 2:
		return random_address();
	case 3:
		return random_path();
	case 4: /* files, mostly */
		return random_below(&seed, 8);
	default:
		return random_number();
	}
}

static void fill_arena(void)
{
	for (u32 i = 0; i < 2 * PAGE_SIZE; i += 4) {
		*(u32 *)(arena + i) = random_below(&seed, 2) ? random_number()
							     : random_address();
	}
}

/* The last page of the arena is not there, the one before only for reading. */
static void make_arena(void)
{
	arena = map_pages(4);
	fill_arena();
	CHECK_EQ(sys(SYS_MPROTECT, arena + 2 * PAGE_SIZE, PAGE_SIZE, PROT_READ),
		 0);
	unmap_pages(arena + 3 * PAGE_SIZE, 1);
}

static void open_things(void)
{
	int fd[2];

	for (int i = 0; i < 3; i++) {
		sys(SYS_CLOSE, i);
	}
	sys(SYS_OPEN, "/dev/null", O_RDWR);
	sys(SYS_OPEN, "/tmp/fuzz", O_RDWR | O_CREAT, 0600);
	sys(SYS_OPEN, "/dev/zero", O_RDWR);
	sys(SYS_PIPE, fd);
	sys(SYS_OPEN, "/proc/self/stat", O_RDONLY);
	sys(SYS_OPEN, "/tmp", O_RDONLY);
	sys(SYS_OPEN, "/dev/tty", O_RDWR | O_NONBLOCK);
}

static void fuzz(void)
{
	sys(SYS_SETPGID, 0, 0);
	limit_life();
	make_arena();
	open_things();
	for (u32 i = 0; i < CALLS; i++) {
		u32 number = random_below(&seed, NUMBERS_END);
		u32 a[6];

		if (i % 16 == 0) {
			fill_arena();
		}
		for (u32 k = 0; k < 6; k++) {
			a[k] = random_argument();
		}
		if (!is_excluded(number)) {
			sys((long)number, a[0], a[1], a[2], a[3], a[4], a[5]);
		}
	}
	_Exit(0);
}

/* Random stacks and instruction pointers for the call that loads them. */
static void fuzz_sigreturn(void)
{
	u32 number = random_below(&seed, 2) ? SYS_SIGRETURN : SYS_RT_SIGRETURN;
	u32 frame[256];

	limit_life();
	make_arena();
	for (u32 i = 0; i < 256; i++) {
		frame[i] = random_below(&seed, 2) ? random_number()
						  : random_address();
	}
	__asm__ volatile("movl %0, %%esp\n\tint $0x80"
			 :
			 : "r"(frame + random_below(&seed, 64)), "a"(number));
	_Exit(0);
}

/* Calls that read and write memory say EFAULT for what is the kernel's. */
static void test_kernel_pointers(void)
{
	static const u32 wrong[] = { 0x80000000, 0x7ffff000, 0x7ffffffe,
				     0x80100000, 0xc0000000, 0xffc00000,
				     0xfffffffd, 0 };
	long null = sys(SYS_OPEN, "/dev/zero", O_RDWR);
	int fd[2];

	CHECK_EQ(sys(SYS_PIPE, fd), 0);
	CHECK_EQ(sys(SYS_WRITE, fd[1], "data", 4), 4);
	for (u32 i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		u32 at = wrong[i];

		CHECK_EQ(sys(SYS_READ, null, at, 4), -EFAULT);
		CHECK_EQ(sys(SYS_READ, fd[0], at, 4), -EFAULT);
		CHECK_EQ(sys(SYS_WRITE, fd[1], at, 4), -EFAULT);
		CHECK_EQ(sys(SYS_OPEN, at, O_RDONLY), -EFAULT);
		CHECK_EQ(sys(SYS_FSTAT64, 0, at), -EFAULT);
		CHECK_EQ(sys(SYS_CLOCK_GETTIME, 0, at), -EFAULT);
		CHECK_EQ(sys(SYS_PIPE, at), -EFAULT);
		CHECK_EQ(sys(SYS_EXECVE, at, NULL, NULL), -EFAULT);
		if (at) {
			CHECK_EQ(sys(SYS_RT_SIGACTION, SIGUSR1, at, NULL, 8),
				 -EFAULT);
			CHECK_EQ(sys(SYS_NANOSLEEP, at, NULL), -EFAULT);
		}
	}
	sys(SYS_CLOSE, fd[0]);
	sys(SYS_CLOSE, fd[1]);
	sys(SYS_CLOSE, null);
}

/* Wait for a child; one that sleeps without hearing its alarm is killed. */
static int wait_or_kill(long pid)
{
	int status = -1;

	for (u32 ms = 0; ms < PATIENCE; ms += 20) {
		if (sys(SYS_WAIT4, pid, &status, WNOHANG, NULL) == pid) {
			return status;
		}
		sleep_ms(20);
	}
	sys(SYS_KILL, pid, SIGKILL);
	return wait_status(pid);
}

/* The system is still one. */
static void test_alive(void)
{
	char *const argv[] = { "sh", "-c",
			       "echo alive | grep -q alive && "
			       "ls / >/dev/null && "
			       "test $(echo 1 2 3 | wc -w) = 3",
			       NULL };
	char *const envp[] = { "PATH=/bin", NULL };
	long pid = sys(SYS_FORK);

	if (!pid) {
		sys(SYS_EXECVE, "/bin/sh", argv, envp);
		_Exit(1);
	}
	wait_success(pid);
}

int main(int argc, char **argv)
{
	u32 children = argument(argc, argv, 1, 100);
	u32 first = argument(argc, argv, 2, 1), died = 0;

	test_kernel_pointers();
	/* A child may give up the terminal that the parent prints on. */
	signal_handle(SIGHUP, SIG_IGN, 0);
	for (u32 i = 0; i < children; i++) {
		long pid = sys(SYS_FORK);

		if (!pid) {
			seed = (first + i) * 0x9e3779b9u;
			if (i % 8 == 7) {
				fuzz_sigreturn();
			}
			fuzz();
		}
		died += wait_or_kill(pid) != 0;
	}
	test_alive();
	printf("sysfuzz: %u of %u children died\nsysfuzz: PASS\n", died,
	       children);
	return 0;
}
