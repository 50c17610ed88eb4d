// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads, their storage and futexes: "tls [ROUNDS]".
 *
 * Threads of one process count under a lock built on futexes, hand the
 * processor around and send each other signals. All the while each checks
 * that %gs is its own, in handlers too, and that its floating-point registers
 * hold what it left there. Signals alone are the subject of "signals".
 */
#include "guest/user/lib/program.h"

#define THREADS	    6u
#define STACK_PAGES 4u

/* %gs:0 of each thread holds the address of this. */
struct thread {
	struct thread *self;
	u32 number;
	int tid;  /* written by clone(), cleared and woken at the end */
	u32 done; /* rounds */
	volatile u32 heard; /* signals */
	volatile bool is_wrong;
	u8 *stack;
};

static struct thread threads[THREADS];
static u32 rounds;

static struct thread *self(void)
{
	struct thread *t;

	__asm__ volatile("movl %%gs:0, %0" : "=r"(t));
	return t;
}

/* --- a lock: 0 free, 1 taken, 2 taken and somebody sleeps --- */

static volatile int lock_word;
static volatile u32 counter; /* protected by it */

static int exchange(volatile int *at, int value)
{
	return __atomic_exchange_n(at, value, __ATOMIC_SEQ_CST);
}

static void lock(void)
{
	int expected = 0;

	if (__atomic_compare_exchange_n(&lock_word, &expected, 1, false,
					__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
		return;
	}
	while (exchange(&lock_word, 2)) {
		sys(SYS_FUTEX, &lock_word, FUTEX_WAIT, 2, NULL);
	}
}

static void unlock(void)
{
	if (exchange(&lock_word, 0) == 2) {
		sys(SYS_FUTEX, &lock_word, FUTEX_WAKE, 1);
	}
}

/* --- what each thread does --- */

static void handle_usr1(int number)
{
	struct thread *t = self();

	if (number != SIGUSR1 || t->self != t) {
		_Exit(3);
	}
	t->heard++;
}

/* One register of the FPU, without the compiler's help: it has none in use. */
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

static void add_under_lock(void)
{
	u32 seen;

	lock();
	seen = counter;
	/* Whoever gets in here now takes what is read for nothing. */
	sys(SYS_SCHED_YIELD);
	counter = seen + 1;
	unlock();
}

static void run_thread(void *arg)
{
	struct thread *t = arg;
	int value = (int)t->number * 100000;

	fpu_push(value);
	for (; t->done < rounds; t->done++) {
		struct thread *other =
			&threads[(t->number + t->done) % THREADS];

		add_under_lock();
		if (other->tid) {
			sys(SYS_TGKILL, sys(SYS_GETPID), other->tid, SIGUSR1);
		}
		if (self() != t || fpu_pop() != value) {
			t->is_wrong = true;
		}
		fpu_push(++value);
	}
	fpu_pop();
}

static void start_thread(u32 number, void (*run)(void *))
{
	struct thread *t = &threads[number];
	struct linux_user_desc desc = { .entry = -1,
					.base = (u32)t,
					.limit = 0xfffff,
					.flags = USER_DESC_DATA };
	long tid;

	/* The entry of the GDT that all of them use, each with its base. */
	__asm__("movw %%gs, %w0" : "=r"(desc.entry));
	desc.entry = (desc.entry & 0xffff) >> 3;
	*t = (struct thread){ .self = t, .number = number };
	t->stack = map_pages(STACK_PAGES);
	tid = thread_clone(CLONE_THREAD_ALL, t->stack + STACK_PAGES * PAGE_SIZE,
			   &t->tid, &desc, &t->tid, run, t);
	CHECK(tid > 0);
}

/* The kernel clears the number when the thread has left its stack. */
static void join(u32 number)
{
	struct thread *t = &threads[number];
	int tid;

	while ((tid = *(volatile int *)&t->tid)) {
		sys(SYS_FUTEX, &t->tid, FUTEX_WAIT, tid, NULL);
	}
	unmap_pages(t->stack, STACK_PAGES);
}

static struct thread main_thread = { .self = &main_thread };

/* The first thread's own storage, as a C library sets it up. */
static void set_main_tls(void)
{
	struct linux_user_desc desc = { .entry = -1,
					.base = (u32)&main_thread,
					.limit = 0xfffff,
					.flags = USER_DESC_DATA };

	CHECK_EQ(sys(SYS_SET_THREAD_AREA, &desc), 0);
	CHECK(desc.entry >= 6 && desc.entry <= 8);
	__asm__ volatile("movw %w0, %%gs" : : "r"(desc.entry << 3 | 3));
	CHECK_EQ(self(), &main_thread);
}

/* No program writes a descriptor that is not its own. */
static void test_wrong_areas(void)
{
	static const s32 wrong[] = { 0, 5, 9, 12, 15, 31, 0x7fffffff, -2 };
	static const u32 kinds[] = { 0x55, 0x57, 0x50, 0x71 };
	struct linux_user_desc desc;

	for (u32 i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		desc = (struct linux_user_desc){ .entry = wrong[i],
						 .limit = 0xfffff,
						 .flags = USER_DESC_DATA };
		CHECK_EQ(sys(SYS_SET_THREAD_AREA, &desc), -EINVAL);
	}
	/* Nor one of code, of 16 bits, or that is not there. */
	for (u32 i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		desc = (struct linux_user_desc){ .entry = -1,
						 .limit = 0xfffff,
						 .flags = kinds[i] };
		CHECK_EQ(sys(SYS_SET_THREAD_AREA, &desc), -EINVAL);
	}
	CHECK_EQ(sys(SYS_SET_THREAD_AREA, 0xfffff000), -EFAULT);
	CHECK_EQ(self(), &main_thread);
}

static void test_threads(void)
{
	u32 heard = 0;

	counter = 0;
	CHECK_EQ(signal_handle(SIGUSR1, handle_usr1, SA_RESTART), 0);
	for (u32 i = 0; i < THREADS; i++) {
		start_thread(i, run_thread);
	}
	for (u32 i = 0; i < THREADS; i++) {
		join(i);
	}
	CHECK_EQ(counter, THREADS * rounds);
	for (u32 i = 0; i < THREADS; i++) {
		CHECK_EQ(threads[i].done, rounds);
		CHECK(!threads[i].is_wrong);
		heard += threads[i].heard;
	}
	CHECK(heard > 0);
	CHECK_EQ(self(), &main_thread);
}

/* A child has the storage of the thread that forked it. */
static void test_fork(void)
{
	long pid = sys(SYS_FORK);

	if (!pid) {
		main_thread.number = 77;
		_Exit(self() == &main_thread && self()->number == 77 ? 0 : 1);
	}
	wait_success(pid);
	CHECK_EQ(main_thread.number, 0);
}

static void end_process(void *arg)
{
	(void)arg;
	sys(SYS_EXIT_GROUP, 42);
}

static void sleep_forever(void *arg)
{
	int never = 1;

	(void)arg;
	sys(SYS_FUTEX, &never, FUTEX_WAIT, 1, NULL);
}

/* One thread ends all of them, wherever they sleep. */
static void test_exit_group(void)
{
	long pid = sys(SYS_FORK);

	if (!pid) {
		start_thread(0, sleep_forever);
		start_thread(1, sleep_forever);
		start_thread(2, end_process);
		sleep_forever(NULL);
		_Exit(1);
	}
	CHECK_EQ(wait_status(pid), 42 << 8);
}

static volatile int *volatile nowhere;

static void fault(void *arg)
{
	(void)arg;
	*nowhere = 0;
}

/* A fault in one of them is the end of the process. */
static void test_fault(void)
{
	long pid = sys(SYS_FORK);

	if (!pid) {
		start_thread(0, sleep_forever);
		start_thread(1, fault);
		sleep_forever(NULL);
		_Exit(1);
	}
	CHECK_EQ(wait_status(pid) & 0x7f, SIGSEGV);
}

static void test_futex(void)
{
	struct linux_timespec time = { .nsec = 2000000 };
	int word = 5;

	CHECK_EQ(sys(SYS_FUTEX, &word, FUTEX_WAIT, 4, NULL), -EAGAIN);
	CHECK_EQ(sys(SYS_FUTEX, &word, FUTEX_WAIT, 5, &time), -ETIMEDOUT);
	CHECK_EQ(sys(SYS_FUTEX, &word, FUTEX_WAKE, 1), 0);
	CHECK_EQ(sys(SYS_FUTEX, 0xc0000000, FUTEX_WAIT, 0, NULL), -EFAULT);
	CHECK_EQ(sys(SYS_FUTEX, (u32)&word + 1, FUTEX_WAIT, 0, NULL), -EINVAL);
}

int main(int argc, char **argv)
{
	rounds = argument(argc, argv, 1, 200);
	set_main_tls();
	test_wrong_areas();
	test_futex();
	test_threads();
	test_fork();
	test_exit_group();
	test_fault();
	printf("tls: PASS\n");
	return 0;
}
