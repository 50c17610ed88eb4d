// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Signals: what a handler sees, what the interrupted program keeps, who is
 * woken and who is not.
 */
#include "guest/user/lib/program.h"

static volatile u32 calls, nested, most_nested;

static long own_pid(void)
{
	return sys(SYS_GETPID);
}

static void raise_signal(int number)
{
	CHECK_EQ(sys(SYS_KILL, own_pid(), number), 0);
}

static void count_call(int number)
{
	(void)number;
	calls++;
}

/* --- registers --- */

struct registers {
	u32 ebx, ecx, edx, esi, edi, ebp, eflags;
};

/* All registers full, then kill(); what they are afterwards. */
static void kill_with_registers(struct registers *r)
{
	__asm__ volatile("pushl %%ebp\n\t"
			 "pushl %%eax\n\t"
			 "movl $0x11111111, %%edx\n\t"
			 "movl $0x22222222, %%esi\n\t"
			 "movl $0x33333333, %%edi\n\t"
			 "movl $0x44444444, %%ebp\n\t"
			 "std\n\t"
			 "stc\n\t"
			 "movl $37, %%eax\n\t"
			 "int $0x80\n\t"
			 "pushfl\n\t"
			 "cld\n\t"
			 "pushl %%ebp\n\t"
			 "movl 8(%%esp), %%ebp\n\t"
			 "movl %%ebx, 0(%%ebp)\n\t"
			 "movl %%ecx, 4(%%ebp)\n\t"
			 "movl %%edx, 8(%%ebp)\n\t"
			 "movl %%esi, 12(%%ebp)\n\t"
			 "movl %%edi, 16(%%ebp)\n\t"
			 "popl 20(%%ebp)\n\t"
			 "popl 24(%%ebp)\n\t"
			 "popl %%eax\n\t"
			 "popl %%ebp\n\t"
			 :
			 : "a"(r), "b"(own_pid()), "c"(SIGUSR1)
			 : "edx", "esi", "edi", "memory", "cc");
}

#define EFLAGS_CF 0x001u
#define EFLAGS_DF 0x400u

static volatile u32 handler_flags;

static void spoil_registers(int number)
{
	u32 flags;

	(void)number;
	__asm__ volatile("pushfl\n\tpopl %0" : "=r"(flags));
	handler_flags = flags;
	__asm__ volatile("fninit\n\tfld1\n\tfld1\n\tclc"
			 :
			 :
			 : "eax", "ebx", "ecx", "edx", "esi", "edi", "cc");
	calls++;
}

static void test_registers(void)
{
	struct registers r;
	int value = 12345, after = 0;

	calls = 0;
	signal_handle(SIGUSR1, spoil_registers, 0);
	__asm__ volatile("fildl %0" : : "m"(value));
	kill_with_registers(&r);
	__asm__ volatile("fistpl %0" : "=m"(after));
	CHECK_EQ(calls, 1);
	CHECK_EQ(r.ebx, own_pid());
	CHECK_EQ(r.ecx, SIGUSR1);
	CHECK_EQ(r.edx, 0x11111111);
	CHECK_EQ(r.esi, 0x22222222);
	CHECK_EQ(r.edi, 0x33333333);
	CHECK_EQ(r.ebp, 0x44444444);
	CHECK_EQ(r.eflags & (EFLAGS_CF | EFLAGS_DF), EFLAGS_CF | EFLAGS_DF);
	CHECK_EQ(handler_flags & EFLAGS_DF, 0);
	CHECK_EQ(after, value);
}

/* --- masks --- */

static void test_blocked(void)
{
	u64 old, pending = 0;

	calls = 0;
	signal_handle(SIGUSR1, count_call, 0);
	CHECK_EQ(signal_mask(SIG_BLOCK, signal_bit(SIGUSR1), &old), 0);
	raise_signal(SIGUSR1);
	raise_signal(SIGUSR1);
	CHECK_EQ(calls, 0);
	CHECK_EQ(sys(SYS_RT_SIGPENDING, &pending, 8), 0);
	CHECK_EQ(pending, signal_bit(SIGUSR1));
	old = 0;
	CHECK_EQ(sys(SYS_RT_SIGSUSPEND, &old, 8), -EINTR);
	CHECK_EQ(calls, 1);
	/* The mask from before is back, and two of a kind were one. */
	raise_signal(SIGUSR1);
	CHECK_EQ(calls, 1);
	CHECK_EQ(signal_mask(SIG_UNBLOCK, signal_bit(SIGUSR1), NULL), 0);
	CHECK_EQ(calls, 2);
}

static void nest(int number)
{
	nested++;
	most_nested = nested > most_nested ? nested : most_nested;
	if (++calls < 4) {
		raise_signal(number);
	}
	nested--;
}

static void test_nesting(void)
{
	calls = most_nested = 0;
	signal_handle(SIGUSR1, nest, 0);
	raise_signal(SIGUSR1);
	CHECK_EQ(calls, 4);
	CHECK_EQ(most_nested, 1);

	calls = most_nested = 0;
	signal_handle(SIGUSR1, nest, SA_NODEFER);
	raise_signal(SIGUSR1);
	CHECK_EQ(calls, 4);
	CHECK_EQ(most_nested, 4);
}

/* What is ignored is not pending, unless it was blocked when it came. */
static void test_ignored(void)
{
	u64 pending = 0;

	signal_handle(SIGUSR1, count_call, 0);
	CHECK_EQ(signal_mask(SIG_BLOCK, signal_bit(SIGUSR1), NULL), 0);
	raise_signal(SIGUSR1);
	signal_handle(SIGUSR1, SIG_IGN, 0);
	CHECK_EQ(sys(SYS_RT_SIGPENDING, &pending, 8), 0);
	CHECK_EQ(pending, 0);
	raise_signal(SIGUSR1);
	CHECK_EQ(sys(SYS_RT_SIGPENDING, &pending, 8), 0);
	CHECK_EQ(pending, signal_bit(SIGUSR1));
	CHECK_EQ(signal_mask(SIG_UNBLOCK, signal_bit(SIGUSR1), NULL), 0);
	CHECK_EQ(sys(SYS_RT_SIGPENDING, &pending, 8), 0);
	CHECK_EQ(pending, 0);
}

static long timed_wait(u64 set, struct linux_siginfo *info, s32 ns)
{
	struct linux_timespec timeout = { .nsec = ns };

	return sys(SYS_RT_SIGTIMEDWAIT, &set, info, &timeout, 8);
}

/* Waiting takes signals without handlers, one at a time, the lowest first. */
static void test_timed_wait(void)
{
	u64 set = signal_bit(SIGUSR2) | signal_bit(SIGCHLD);
	struct linux_siginfo info;

	CHECK_EQ(signal_mask(SIG_BLOCK, set, NULL), 0);
	raise_signal(SIGCHLD);
	raise_signal(SIGUSR2);
	CHECK_EQ(timed_wait(set, &info, 1000), SIGUSR2);
	CHECK_EQ(timed_wait(set, &info, 1000), SIGCHLD);
	CHECK_EQ(info.signo, SIGCHLD);
	CHECK_EQ(info.code, 0);
	CHECK_EQ(info.child.pid, own_pid());
	CHECK_EQ(timed_wait(set, &info, 1000), -EAGAIN);
	CHECK_EQ(timed_wait(set, &info, -1), -EINVAL);
	CHECK_EQ(timed_wait(set, (void *)1, 0), -EAGAIN);
	CHECK_EQ(signal_mask(SIG_UNBLOCK, set, NULL), 0);
}

/* One that is ignored by default wakes who waits for it. */
static void test_wait_for_child(void)
{
	u64 set = signal_bit(SIGCHLD);
	long pid;

	CHECK_EQ(signal_mask(SIG_BLOCK, set, NULL), 0);
	pid = sys(SYS_FORK);
	if (!pid) {
		sleep_ms(10);
		_Exit(0);
	}
	CHECK_EQ(sys(SYS_RT_SIGTIMEDWAIT, &set, NULL, NULL, 8), SIGCHLD);
	wait_success(pid);
	CHECK_EQ(signal_mask(SIG_UNBLOCK, set, NULL), 0);
}

/* What a child inherits is its own from then on, whatever it waits for. */
static void test_inherited_mask(void)
{
	u64 set = signal_bit(SIGUSR1) | signal_bit(SIGUSR2), now = 0;
	long pid;

	CHECK_EQ(signal_mask(SIG_BLOCK, set, NULL), 0);
	pid = sys(SYS_FORK);
	if (!pid) {
		CHECK_EQ(timed_wait(signal_bit(SIGUSR1), NULL, 0), -EAGAIN);
		CHECK_EQ(signal_mask(SIG_BLOCK, 0, &now), 0);
		CHECK_EQ(now, set);
		_Exit(0);
	}
	wait_success(pid);
	CHECK_EQ(signal_mask(SIG_UNBLOCK, set, NULL), 0);
}

/* --- an own stack --- */

static u8 *handler_stack;
#define HANDLER_STACK_PAGES 2u

static volatile bool is_on_stack;

static void note_stack(int number)
{
	u8 here;

	(void)number;
	is_on_stack = (u32)&here - (u32)handler_stack <
		      HANDLER_STACK_PAGES * PAGE_SIZE;
}

static void test_stack(void)
{
	struct linux_stack stack = { 0 };

	handler_stack = map_pages(HANDLER_STACK_PAGES);
	stack.base = handler_stack;
	stack.size = HANDLER_STACK_PAGES * PAGE_SIZE;
	CHECK_EQ(sys(SYS_SIGALTSTACK, &stack, NULL), 0);
	signal_handle(SIGUSR1, note_stack, SA_ONSTACK);
	raise_signal(SIGUSR1);
	CHECK(is_on_stack);
	signal_handle(SIGUSR1, note_stack, 0);
	raise_signal(SIGUSR1);
	CHECK(!is_on_stack);
}

/* --- what ends a process --- */

static volatile u32 overflows;
static volatile bool is_bounded; /* false, but the compiler cannot know */

static u32 recurse(volatile u32 *below)
{
	volatile u32 here[64];

	here[0] = below ? below[0] : 0;
	here[1] = is_bounded ? 0 : recurse(here);
	return here[1];
}

static void handle_overflow(int number)
{
	(void)number;
	_Exit(9);
}

/* The end of the stack is a fault like any other, if there is another. */
static void test_stack_overflow(void)
{
	long pid = sys(SYS_FORK);

	if (!pid) {
		signal_handle(SIGSEGV, handle_overflow, SA_ONSTACK);
		overflows = recurse(NULL);
		_Exit(0);
	}
	CHECK_EQ(wait_status(pid), 9 << 8);

	pid = sys(SYS_FORK);
	if (!pid) {
		/* Nowhere to put the frame. */
		signal_handle(SIGSEGV, handle_overflow, 0);
		overflows = recurse(NULL);
		_Exit(0);
	}
	CHECK_EQ(wait_status(pid) & 0x7f, SIGSEGV);
}

static volatile int zero;
static volatile int *volatile nowhere = (int *)0x80000000;

static void misbehave(int how)
{
	switch (how) {
	case SIGFPE:
		zero = 100 / zero;
		break;
	case SIGILL:
		__asm__ volatile("ud2");
		break;
	case SIGTRAP:
		__asm__ volatile("int3");
		break;
	case SIGSEGV:
		*nowhere = 1;
		break;
	default:
		raise_signal(how);
	}
}

static void test_endings(void)
{
	static const int ends[] = { SIGFPE,  SIGILL,  SIGTRAP, SIGSEGV,
				    SIGKILL, SIGTERM, SIGHUP,  SIGALRM };

	for (u32 i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		long pid = sys(SYS_FORK);

		if (!pid) {
			misbehave(ends[i]);
			_Exit(0);
		}
		CHECK_EQ(wait_status(pid) & 0x7f, ends[i]);
	}
}

/* Instructions that are the kernel's are faults. */
static void test_privileged(void)
{
	for (u32 i = 0; i < 6; i++) {
		long pid = sys(SYS_FORK);

		if (!pid) {
			switch (i) {
			case 0:
				__asm__ volatile("cli");
				break;
			case 1:
				__asm__ volatile("hlt");
				break;
			case 2:
				__asm__ volatile("outb %%al, $0x80" : :);
				break;
			case 3:
				__asm__ volatile("movl %%cr0, %%eax"
						 :
						 :
						 : "eax");
				break;
			case 4:
				__asm__ volatile("int $0x1f" : : "a"(2));
				break;
			case 5:
				__asm__ volatile("movw %w0, %%fs" : : "r"(8));
				break;
			}
			_Exit(0);
		}
		CHECK_EQ(wait_status(pid) & 0x7f, SIGSEGV);
	}
}

/* --- the interrupted program, as its handler sees and changes it --- */

static void step_over(int number, struct linux_siginfo *info,
		      struct linux_ucontext *context)
{
	u32 where = (u32)nowhere;

	calls++;
	CHECK_EQ(number, SIGSEGV);
	CHECK_EQ((u32)info->address, where);
	CHECK_EQ(context->cr2, where);
	CHECK_EQ(context->trap, 14);
	CHECK_EQ(context->ecx, where);
	CHECK_EQ(context->mask, 0);
	context->eip = context->edx;
	context->eax = 77;
	context->mask = signal_bit(SIGUSR2) | signal_bit(SIGKILL);
	/* Segments of the kernel are not to be had this way. */
	context->es = 0x68;
	context->cs = 0;
}

static void test_context(void)
{
	u64 old;
	u32 value = 0, es, at = (u32)nowhere;

	calls = 0;
	signal_handle_info(SIGSEGV, step_over, 0);
	__asm__ volatile("movl $1f, %%edx\n\t"
			 "movl $0, (%%ecx)\n"
			 "1:\tmovl %%es, %%edx\n\t"
			 "movl %%ds, %%ecx\n\t"
			 "movl %%ecx, %%es"
			 : "+a"(value), "=d"(es), "+c"(at)
			 :
			 : "memory");
	CHECK_EQ(calls, 1);
	CHECK_EQ(value, 77);
	CHECK_EQ(es, 0);
	CHECK_EQ(signal_mask(SIG_SETMASK, 0, &old), 0);
	CHECK_EQ(old, signal_bit(SIGUSR2));
	signal_handle(SIGSEGV, SIG_DFL, 0);
}

/* --- calls that sleep --- */

/*
 * Again and again: on a slow machine the first comes before the sleep that it
 * is to interrupt. 0: no more.
 */
static void set_alarms(u32 usec)
{
	struct linux_itimerval timer = { .interval = { .usec = (s32)usec },
					 .value = { .usec = (s32)usec } };

	CHECK_EQ(sys(SYS_SETITIMER, 0, &timer, NULL), 0);
}

static int pipe_fd[2];

static void feed_pipe(int number)
{
	(void)number;
	calls++;
	CHECK_EQ(sys(SYS_WRITE, pipe_fd[1], "x", 1), 1);
}

static void test_restart(void)
{
	char c = 0;

	CHECK_EQ(sys(SYS_PIPE, pipe_fd), 0);
	calls = 0;
	signal_handle(SIGALRM, count_call, 0);
	set_alarms(2000);
	CHECK_EQ(sys(SYS_READ, pipe_fd[0], &c, 1), -EINTR);
	CHECK(calls >= 1);
	calls = 0;
	signal_handle(SIGALRM, feed_pipe, SA_RESTART);
	CHECK_EQ(sys(SYS_READ, pipe_fd[0], &c, 1), 1);
	CHECK(calls >= 1);
	CHECK_EQ(c, 'x');
	set_alarms(0);
}

static void test_pipe(void)
{
	signal_handle(SIGPIPE, count_call, 0);
	calls = 0;
	sys(SYS_CLOSE, pipe_fd[0]);
	CHECK_EQ(sys(SYS_WRITE, pipe_fd[1], "x", 1), -32);
	CHECK_EQ(calls, 1);
	sys(SYS_CLOSE, pipe_fd[1]);
}

/* --- faults and children tell about themselves --- */

static struct linux_siginfo seen;

static void keep_info(int number, struct linux_siginfo *info,
		      struct linux_ucontext *context)
{
	(void)context;
	calls++;
	seen = *info;
	CHECK_EQ(info->signo, number);
}

#define CLD_EXITED 1
#define CLD_KILLED 2

static void test_child(void)
{
	long pid;

	calls = 0;
	signal_handle_info(SIGCHLD, keep_info, SA_RESTART);
	pid = sys(SYS_FORK);
	if (!pid) {
		_Exit(7);
	}
	CHECK_EQ(wait_status(pid), 7 << 8);
	CHECK_EQ(calls, 1);
	CHECK_EQ(seen.code, CLD_EXITED);
	CHECK_EQ(seen.child.pid, pid);
	CHECK_EQ(seen.child.status, 7);
	signal_handle(SIGCHLD, SIG_DFL, 0);
	CHECK_EQ(sys(SYS_WAIT4, -1, NULL, 0, NULL), -ECHILD);
}

/* Stopped, seen by its parent, and continued. */
static void test_stop(void)
{
	int status = 0;
	long pid = sys(SYS_FORK);

	if (!pid) {
		raise_signal(SIGSTOP);
		_Exit(5);
	}
	CHECK_EQ(sys(SYS_WAIT4, pid, &status, WUNTRACED, NULL), pid);
	CHECK_EQ(status, SIGSTOP << 8 | 0x7f);
	CHECK_EQ(sys(SYS_WAIT4, pid, &status, WNOHANG, NULL), 0);
	CHECK_EQ(sys(SYS_KILL, pid, SIGCONT), 0);
	CHECK_EQ(wait_status(pid), 5 << 8);
}

/* Continued before it could stop: the sleep goes on as if nothing had been. */
static void test_short_stop(void)
{
	struct linux_timespec half = { .nsec = 500000000 };
	long pid = sys(SYS_FORK);

	if (!pid) {
		CHECK_EQ(sys(SYS_NANOSLEEP, &half, NULL), 0);
		_Exit(0);
	}
	sleep_ms(100);
	CHECK_EQ(sys(SYS_KILL, pid, SIGSTOP), 0);
	CHECK_EQ(sys(SYS_KILL, pid, SIGCONT), 0);
	wait_success(pid);
}

static void test_unblockable(void)
{
	CHECK_EQ(signal_handle(SIGKILL, count_call, 0), -EINVAL);
	CHECK_EQ(signal_handle(SIGSTOP, SIG_IGN, 0), -EINVAL);
	CHECK_EQ(signal_handle(0, SIG_IGN, 0), -EINVAL);
	CHECK_EQ(signal_handle(65, SIG_IGN, 0), -EINVAL);
	CHECK_EQ(sys(SYS_KILL, own_pid(), 65), -EINVAL);
}

static void reset_by_itself(int number)
{
	(void)number;
	calls++;
}

static void test_reset(void)
{
	long pid = sys(SYS_FORK);

	if (!pid) {
		signal_handle(SIGUSR1, reset_by_itself, SA_RESETHAND);
		raise_signal(SIGUSR1);
		raise_signal(SIGUSR1);
		_Exit(0);
	}
	CHECK_EQ(wait_status(pid) & 0x7f, SIGUSR1);
}

int main(void)
{
	test_registers();
	test_blocked();
	test_nesting();
	test_ignored();
	test_timed_wait();
	test_wait_for_child();
	test_inherited_mask();
	test_stack();
	test_stack_overflow();
	test_endings();
	test_privileged();
	test_context();
	test_restart();
	test_pipe();
	test_child();
	test_stop();
	test_short_stop();
	test_unblockable();
	test_reset();
	printf("signals: PASS\n");
	return 0;
}
