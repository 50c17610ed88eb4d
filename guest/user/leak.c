// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Nothing is left of processes that have ended: "leak [FORKS]".
 *
 * Compares what /proc/gnomon counts before and after many processes of all
 * kinds. The first ones are not counted: they fill caches and pools.
 */
#include "guest/user/lib/program.h"

#define WARM_UP 1000u
#define CROWD	100u

static u32 seed = 1;

static void end_at_once(void)
{
}

static void touch_memory(void)
{
	u32 pages = 1 + random_below(&seed, 40);
	u8 *at = map_pages(pages);

	for (u32 i = 0; i < pages; i++) {
		at[i * PAGE_SIZE] = 1;
	}
}

/* Its children lose their parent, and init must take care of them. */
static void leave_orphan(void)
{
	if (!sys(SYS_FORK)) {
		sys(SYS_SCHED_YIELD);
		_Exit(0);
	}
}

static void die_by_signal(void)
{
	sys(SYS_KILL, sys(SYS_GETPID), SIGKILL);
}

static void run_program(void)
{
	char *const argv[] = { "true", NULL };

	sys(SYS_EXECVE, "/bin/true", argv, NULL);
	_Exit(1);
}

static void leave_files_open(void)
{
	int fd[2];

	sys(SYS_PIPE, fd);
	sys(SYS_WRITE, fd[1], "left behind", 11);
	sys(SYS_OPEN, "/tmp/leak", O_RDWR | O_CREAT | O_TRUNC, 0600);
	sys(SYS_UNLINK, "/tmp/leak");
}

static void thread_sleeps(void *arg)
{
	(void)arg;
	sys(SYS_PAUSE);
}

static void leave_thread(void)
{
	static u8 stack[2048];
	static struct linux_user_desc desc = { .entry = 6,
					       .limit = 0xfffff,
					       .flags = USER_DESC_DATA };
	static int tid;

	desc.base = (u32)stack;
	thread_clone(CLONE_THREAD_ALL, stack + sizeof(stack), &tid, &desc, &tid,
		     thread_sleeps, NULL);
}

/* How often each is done, in hundredths: programs are slow. */
static const struct kind {
	u32 share;
	bool is_killed;
	void (*run)(void);
} kinds[] = {
	{ 60, false, end_at_once },	{ 22, false, touch_memory },
	{ 5, false, leave_orphan },	{ 5, true, die_by_signal },
	{ 4, false, leave_files_open }, { 3, false, leave_thread },
	{ 1, false, run_program },
};

static const struct kind *choose(void)
{
	const struct kind *kind = kinds;
	u32 n = random_below(&seed, 100);

	while (n >= kind->share) {
		n -= kind++->share;
	}
	return kind;
}

/* Returns how many processes that were. */
static u32 make_one(void)
{
	const struct kind *kind = choose();
	long pid = sys(SYS_FORK);

	CHECK(!is_error(pid));
	if (!pid) {
		kind->run();
		_Exit(0);
	}
	CHECK_EQ(wait_status(pid), kind->is_killed ? SIGKILL : 0);
	return kind->run == leave_orphan ? 2 : 1;
}

static void make(u32 count)
{
	u32 n = 0;

	while (n < count) {
		n += make_one();
	}
}

/* More at once than will ever be later: what is kept for reuse is kept now. */
static void make_crowd(void)
{
	long pid[CROWD];
	int fd[2];
	char c;

	CHECK_EQ(sys(SYS_PIPE, fd), 0);
	for (u32 i = 0; i < CROWD; i++) {
		pid[i] = sys(SYS_FORK);
		CHECK(!is_error(pid[i]));
		if (!pid[i]) {
			sys(SYS_CLOSE, fd[1]);
			sys(SYS_READ, fd[0], &c, 1);
			_Exit(0);
		}
	}
	sys(SYS_CLOSE, fd[1]);
	for (u32 i = 0; i < CROWD; i++) {
		wait_success(pid[i]);
	}
	sys(SYS_CLOSE, fd[0]);
}

/*
 * What the kernel counts; a line of /proc/gnomon each. The heap keeps the
 * frames it once needed: they are neither free nor lost.
 */
enum {
	FREE,
	HEAP
};
static const char *const counters[] = {
	[FREE] = "frames.free",
	[HEAP] = "frames.heap",
	"heap.used",
	"processes",
	"tasks",
	"files",
	"inodes",
};
#define COUNTERS (sizeof(counters) / sizeof(counters[0]))

static bool count_all(u32 values[COUNTERS])
{
	for (u32 i = 0; i < COUNTERS; i++) {
		if (!kernel_counter(counters[i], &values[i])) {
			return false;
		}
	}
	return true;
}

/* The last orphans have to be buried, which is init's work. */
static void settle(void)
{
	sleep_ms(100);
}

int main(int argc, char **argv)
{
	u32 count = argument(argc, argv, 1, 2000);
	u32 before[COUNTERS], after[COUNTERS];

	make_crowd();
	make(WARM_UP);
	settle();
	if (!count_all(before)) {
		printf("leak: no /proc/gnomon\n");
		return 1;
	}
	make(count);
	settle();
	CHECK(count_all(after));
	for (u32 i = 0; i < COUNTERS; i++) {
		printf("leak: %s %u before, %u after\n", counters[i], before[i],
		       after[i]);
	}
	CHECK_EQ(after[FREE] + after[HEAP], before[FREE] + before[HEAP]);
	for (u32 i = HEAP + 1; i < COUNTERS; i++) {
		CHECK_EQ(after[i], before[i]);
	}
	printf("leak: PASS\n");
	return 0;
}
