// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the programs have in common.
 */
#include "guest/user/lib/program.h"

void check_failed(const char *file, int line, const char *what)
{
	printf("%s:%d: FAIL: %s\n", file, line, what);
	fflush(stdout);
	_Exit(1);
}

void check_equal(const char *file, int line, const char *what, long value,
		 long expected)
{
	if (value != expected) {
		printf("%s:%d: FAIL: %s is %ld, not %ld\n", file, line, what,
		       value, expected);
		fflush(stdout);
		_Exit(1);
	}
}

/* Marsaglia's xorshift; the state must not be 0. */
u32 random_next(u32 *state)
{
	u32 x = *state ? *state : 0x9e3779b9u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return *state = x;
}

u32 random_below(u32 *state, u32 limit)
{
	return random_next(state) % limit;
}

u32 argument(int argc, char **argv, int index, u32 otherwise)
{
	return index < argc ? strtoul(argv[index], NULL, 0) : otherwise;
}

static long handle(int number, struct linux_sigaction *action)
{
	action->flags |= SA_RESTORER;
	action->restorer = action->flags & SA_SIGINFO ? signal_restorer_rt
						      : signal_restorer;
	return sys(SYS_RT_SIGACTION, number, action, NULL, 8);
}

long signal_handle(int number, void (*handler)(int), u32 flags)
{
	struct linux_sigaction action = { .handler = handler, .flags = flags };

	return handle(number, &action);
}

long signal_handle_info(int number,
			void (*handler)(int, struct linux_siginfo *,
					struct linux_ucontext *),
			u32 flags)
{
	struct linux_sigaction action = { .handler = handler,
					  .flags = flags | SA_SIGINFO };

	return handle(number, &action);
}

long signal_mask(int how, u64 set, u64 *old)
{
	return sys(SYS_RT_SIGPROCMASK, how, &set, old, 8);
}

int wait_status(long pid)
{
	int status = -1;

	CHECK(pid > 0);
	CHECK_EQ(sys(SYS_WAIT4, pid, &status, 0, NULL), pid);
	return status;
}

void wait_success(long pid)
{
	CHECK_EQ(wait_status(pid), 0);
}

void sleep_ms(u32 ms)
{
	struct linux_timespec time = { .sec = (s32)(ms / 1000),
				       .nsec = (s32)(ms % 1000 * 1000000) };

	sys(SYS_NANOSLEEP, &time, NULL);
}

void *map_pages(u32 pages)
{
	long at =
		sys(SYS_MMAP2, NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(!is_error(at));
	return (void *)at;
}

void unmap_pages(void *at, u32 pages)
{
	CHECK_EQ(sys(SYS_MUNMAP, at, pages * PAGE_SIZE), 0);
}

volatile u32 probe_address;

extern const char probe_start[], probe_end[], probe_failed[];

/* Only the two instructions that probe may fault, and only on memory. */
static void probe_fault(int number, struct linux_siginfo *info,
			struct linux_ucontext *context)
{
	CHECK_EQ(number, SIGSEGV);
	CHECK(context->eip >= (u32)probe_start &&
	      context->eip < (u32)probe_end);
	CHECK_EQ(info->address, context->cr2);
	probe_address = (u32)info->address;
	context->eip = (u32)probe_failed;
}

void probe_init(void)
{
	CHECK_EQ(signal_handle_info(SIGSEGV, probe_fault, 0), 0);
}

/* Without stdio, whose buffers would be part of what is counted. */
bool kernel_counter(const char *name, u32 *value)
{
	char text[2048];
	long fd = sys(SYS_OPEN, "/proc/gnomon", O_RDONLY), n;
	u32 length = strlen(name);

	if (is_error(fd)) {
		return false;
	}
	n = sys(SYS_READ, fd, text, sizeof(text) - 1);
	sys(SYS_CLOSE, fd);
	text[n > 0 ? n : 0] = '\0';
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, name, length) && line[length] == ' ') {
			*value = strtoul(line + length, NULL, 10);
			return true;
		}
	}
	return false;
}
