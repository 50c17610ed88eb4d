/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gnomon's times: the forms in which programs write them, and sleeps that end
 * early.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/task/user_time.h"
#include "test/host/gnomon.h"


#define PLACE	  (FAKE_USER + 0x1000u)
#define REALTIME  0
#define MONOTONIC 1
#define ABSOLUTE  1
#define SECOND	  1000000000ull

static void put_words(uint32_t a, uint32_t b, uint32_t c)
{
	uint32_t words[4] = { a, b, c };

	memcpy(fake.user + (PLACE - FAKE_USER), words, sizeof(words));
}

static int get(enum user_time form, uint64_t *ns)
{
	return user_time_get(user_ptr(PLACE), form, ns);
}

static void test_forms(void **state)
{
	static const uint64_t times[] = { 0, 1000, 999999000, SECOND,
					  0x7fffffffull * SECOND + 5000 };
	uint64_t ns;

	(void)state;
	for (uint32_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		for (uint32_t form = 0; form <= USER_TIMEVAL; form++) {
			assert_int_equal(
				user_time_put(user_ptr(PLACE), form, times[i]),
				0);
			assert_int_equal(get(form, &ns), 0);
			assert_true(ns == times[i]);
		}
	}
	put_words(3, 4, 5);
	assert_int_equal(get(USER_TIMESPEC, &ns), 0);
	assert_true(ns == 3 * SECOND + 4);
	assert_int_equal(get(USER_TIMEVAL, &ns), 0);
	assert_true(ns == 3 * SECOND + 4000);
	/* Years without end are the longest there is. */
	assert_int_equal(get(USER_TIMESPEC64, &ns), 0);
	assert_true(ns == USER_TIME_MAX);
}

/* Files are of the time that programs see. */
static void test_set_clock(void **state)
{
	struct inode *i;

	(void)state;
	put_words(1000000, 5, 0);
	assert_int_equal(CALL(clock_settime, REALTIME, PLACE), 0);
	fake.now += SECOND;
	assert_int_equal(CALL(time, 0), 1000001);
	assert_int_equal(CALL(mkdir, fake_text(0, "/d"), 0755), 0);
	assert_int_equal(path_lookup(NULL, "/d", 0, &i), 0);
	assert_true(i->mtime == 1000001 * SECOND + 5);
	inode_put(i);
	put_words(0, 0, 0);
	assert_int_equal(CALL(clock_gettime, MONOTONIC, PLACE), 0);
	assert_int_equal(CALL(rmdir, fake_text(0, "/d")), 0);
}

static void test_wrong_forms(void **state)
{
	uint64_t ns;

	(void)state;
	put_words(0, 1000000, 0);
	assert_int_equal(get(USER_TIMEVAL, &ns), -EINVAL);
	assert_int_equal(get(USER_TIMESPEC, &ns), 0);
	put_words(0, 1000000000, 0);
	assert_int_equal(get(USER_TIMESPEC, &ns), -EINVAL);
	put_words(0, 0, 1000000000);
	assert_int_equal(get(USER_TIMESPEC64, &ns), -EINVAL);
	put_words(0xffffffff, 0xffffffff, 0);
	assert_int_equal(get(USER_TIMESPEC64, &ns), -EINVAL);
	put_words(0xffffffff, 0, 0);
	assert_int_equal(get(USER_TIMESPEC, &ns), -EINVAL);
	assert_int_equal(user_time_get(user_ptr(4), USER_TIMESPEC, &ns),
			 -EFAULT);
}

static int interrupt(void)
{
	return -ERESTARTSYS;
}

/* What was left of a sleep that a stop ended does not shorten the next. */
static void test_interrupted_sleep(void **state)
{
	uint64_t start = fake.now, end = start / SECOND + 5;

	(void)state;
	fake.wait = interrupt;
	put_words((uint32_t)end, 0, 0);
	assert_int_equal(CALL(clock_nanosleep, MONOTONIC, ABSOLUTE, PLACE),
			 -ERESTART_SLEEP);
	fake.wait = NULL;
	assert_int_equal(CALL(clock_nanosleep, MONOTONIC, ABSOLUTE, PLACE), 0);
	assert_true(fake.now == end * SECOND);
	put_words(7, 0, 0);
	assert_int_equal(CALL(nanosleep, PLACE, 0), 0);
	assert_true(fake.now == (end + 7) * SECOND);
}

static void test_rest_of_sleep(void **state)
{
	(void)state;
	fake.wait = interrupt;
	put_words(7, 0, 0);
	assert_int_equal(CALL(nanosleep, PLACE, PLACE), -ERESTART_SLEEP);
	fake.wait = NULL;
	/* Called again, it sleeps until then; whatever it is given now. */
	fake.now += 3 * SECOND;
	assert_int_equal(CALL(nanosleep, PLACE, PLACE), 0);
	assert_true(fake.now == 1000000007 + 7 * SECOND);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_forms),	  TEST(test_set_clock),
		TEST(test_wrong_forms),	  TEST(test_interrupted_sleep),
		TEST(test_rest_of_sleep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
