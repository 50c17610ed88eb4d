// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Times as programs write them.
 */
#include "guest/gnomon/task/user_time.h"

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/lib/div.h"

#define NS_PER_US   1000u
#define SECONDS_MAX (int64_t)(USER_TIME_MAX / NS_PER_SEC)

static uint32_t bytes_in(enum user_time form)
{
	return form == USER_TIMESPEC64 ? 16 : 8;
}

int user_time_get(struct user_ptr from, enum user_time form, uint64_t *ns)
{
	uint32_t unit = form == USER_TIMEVAL ? NS_PER_US : 1;
	uint32_t word[4], part;
	int64_t s;

	if (copy_from_user(word, from, bytes_in(form))) {
		return -EFAULT;
	}
	s = (int32_t)word[0];
	part = word[1];
	if (form == USER_TIMESPEC64) {
		s = (int64_t)((uint64_t)word[1] << 32 | word[0]);
		part = word[2];
	}
	if (s < 0 || part >= NS_PER_SEC / unit) {
		return -EINVAL;
	}
	*ns = s >= SECONDS_MAX ? USER_TIME_MAX
			       : (uint64_t)s * NS_PER_SEC + part * unit;
	return 0;
}

int user_time_put(struct user_ptr to, enum user_time form, uint64_t ns)
{
	uint32_t part;
	uint64_t s = div64(ns, NS_PER_SEC, &part);
	uint32_t wide[4] = { (uint32_t)s, (uint32_t)(s >> 32), part };
	uint32_t narrow[2] = { (uint32_t)s, part };

	if (form == USER_TIMEVAL) {
		narrow[1] /= NS_PER_US;
	}
	return copy_to_user(to, form == USER_TIMESPEC64 ? wide : narrow,
			    bytes_in(form));
}

uint32_t user_ticks(uint64_t ns)
{
	return (uint32_t)div64(ns, NS_PER_SEC / CLOCK_TICKS_PER_SEC, NULL);
}

int user_deadline_get(struct user_ptr from, enum user_time form,
		      enum user_since since, uint64_t *deadline)
{
	uint64_t ns = 0;
	int error = from.at ? user_time_get(from, form, &ns) : 0;

	if (since == USER_FROM_1970) {
		ns = ns > platform_wall() ? ns - platform_wall() : 0;
	}
	if (since != USER_FROM_BOOT) {
		ns += platform_now();
	}
	*deadline = !from.at ? 0 : ns ? ns : 1;
	return error;
}

int user_rusage_put(struct user_ptr to, uint64_t run_ns)
{
	struct user_ptr rest = user_rest(to, RUSAGE_USER_SIZE);
	int error = user_time_put(to, USER_TIMEVAL, run_ns);

	return error ? error : clear_user(rest, RUSAGE_SIZE - RUSAGE_USER_SIZE);
}
