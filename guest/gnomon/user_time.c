// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Times in and out. The clock of the wall can be set: what differs from the
 * platform's is kept here.
 */
#include "guest/gnomon/user_time.h"

#include "guest/gnomon/clock.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/time.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/uaccess.h"
#include "guest/lib/div.h"

#define NS_PER_US   1000u
#define US_PER_SEC  1000000u
#define SECONDS_MAX (USER_TIME_MAX / NS_PER_SEC)

static int64_t wall_offset;

static int from_parts(int64_t s, uint32_t part, uint32_t parts_per_sec,
		      uint64_t *ns)
{
	if (s < 0 || part >= parts_per_sec) {
		return -EINVAL;
	}
	*ns = (uint64_t)s >= SECONDS_MAX
		      ? USER_TIME_MAX
		      : (uint64_t)s * NS_PER_SEC +
				part * (NS_PER_SEC / parts_per_sec);
	return 0;
}

int user_time_get(uint32_t from, bool is_64, uint64_t *ns)
{
	struct linux_timespec64 t64;
	struct linux_timespec t;

	if (is_64) {
		return copy_from_user(&t64, from, sizeof(t64))
			       ? -EFAULT
			       : from_parts(t64.s, t64.ns, NS_PER_SEC, ns);
	}
	return copy_from_user(&t, from, sizeof(t))
		       ? -EFAULT
		       : from_parts(t.s, (uint32_t)t.ns, NS_PER_SEC, ns);
}

int user_time_put(uint32_t to, bool is_64, uint64_t ns)
{
	struct linux_timespec64 t64 = { 0 };
	struct linux_timespec t;

	t64.s = (int64_t)div64(ns, NS_PER_SEC, &t64.ns);
	if (is_64) {
		return copy_to_user(to, &t64, sizeof(t64));
	}
	t = (struct linux_timespec){ (int32_t)t64.s, (int32_t)t64.ns };
	return copy_to_user(to, &t, sizeof(t));
}

int user_timeval_get(uint32_t from, uint64_t *ns)
{
	struct linux_timeval t;

	return copy_from_user(&t, from, sizeof(t))
		       ? -EFAULT
		       : from_parts(t.s, (uint32_t)t.us, US_PER_SEC, ns);
}

int user_timeval_put(uint32_t to, uint64_t ns)
{
	uint32_t rest;
	uint64_t s = div64(ns, NS_PER_SEC, &rest);
	struct linux_timeval t = { (int32_t)s, (int32_t)(rest / NS_PER_US) };

	return copy_to_user(to, &t, sizeof(t));
}

int user_deadline_get(uint32_t from, bool is_64, uint64_t *deadline)
{
	uint64_t ns;
	int error;

	*deadline = 0;
	if (!from) {
		return 0;
	}
	error = user_time_get(from, is_64, &ns);
	if (!error) {
		*deadline = platform->now() + ns;
	}
	return error;
}

uint64_t user_time_wall(void)
{
	return platform->wall() + (uint64_t)wall_offset;
}

uint64_t user_time_of_wall(uint64_t wall_ns)
{
	uint64_t wall = user_time_wall();
	uint64_t now = platform->now();

	return wall_ns > wall ? now + (wall_ns - wall) : now;
}

static int set_wall(uint64_t ns)
{
	wall_offset = (int64_t)(ns - platform->wall());
	return 0;
}

long sys_stime(const struct syscall_args *a)
{
	uint32_t s;

	return read_user_u32(&s, a->arg[0])
		       ? -EFAULT
		       : set_wall((uint64_t)s * NS_PER_SEC);
}

long sys_settimeofday(const struct syscall_args *a)
{
	uint64_t ns;
	int error = a->arg[0] ? user_timeval_get(a->arg[0], &ns) : 0;

	return error || !a->arg[0] ? error : set_wall(ns);
}

static long set_clock(const struct syscall_args *a, bool is_64)
{
	uint64_t ns;
	int error = a->arg[0] == CLOCK_REALTIME
			    ? user_time_get(a->arg[1], is_64, &ns)
			    : -EINVAL;

	return error ? error : set_wall(ns);
}

long sys_clock_settime(const struct syscall_args *a)
{
	return set_clock(a, false);
}

long sys_clock_settime64(const struct syscall_args *a)
{
	return set_clock(a, true);
}
