/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hv/vmm/vtime.c for two guests over one simulated timer: it is that of the
 * guest that was started last, and what the other is to be told waits for it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arch/x86/clock.h"
#include "arch/x86/timer.h"
#include "hv/vmm/vtime.h"

#define NEVER (~0ull)

static u64 now, due;
static void (*handler)(void *ctx);
static void *context;

static struct virq lines[2];
static struct vtime times[2];
static u32 called;

u64 clock_now_ns(void)
{
	return now;
}

void timer_set_handler(void (*fn)(void *ctx), void *ctx)
{
	handler = fn;
	context = ctx;
}

void *timer_context(void)
{
	return context;
}

void timer_arm_ns(u64 delta)
{
	due = now + delta;
}

void timer_cancel(void)
{
	due = NEVER;
}

static void pass(u64 ns)
{
	for (u64 end = now + ns; due <= end;) {
		now = due > now ? due : now;
		due = NEVER;
		handler(context);
	}
	now += ns;
}

static void call(void)
{
	called++;
}

static int set_up(void **state)
{
	(void)state;
	now = 1000000;
	due = NEVER;
	called = 0;
	handler = NULL;
	context = NULL;
	for (u32 i = 0; i < 2; i++) {
		lines[i].pending = 0;
		vtime_reset(&times[i], &lines[i]);
	}
	return 0;
}

static void test_own_event(void **state)
{
	(void)state;
	vtime_start(&times[0]);
	vtime_set(&times[0], 50000);
	pass(40000);
	assert_int_equal(lines[0].pending, 0);
	pass(20000);
	assert_int_equal(lines[0].pending, 1u << VIRQ_TIMER);
	assert_int_equal(due, NEVER);
}

/* What is asked of a guest that does not run leaves the timer alone. */
static void test_other_asked(void **state)
{
	(void)state;
	vtime_start(&times[0]);
	vtime_set(&times[0], 50000);
	vtime_call_at(&times[1], now + 90000, call);
	vtime_set(&times[1], 0);
	pass(60000);
	assert_int_equal(lines[0].pending, 1u << VIRQ_TIMER);
	pass(60000);
	assert_int_equal(called, 0);
	vtime_start(&times[1]);
	pass(1);
	assert_int_equal(called, 1);
}

/* An event that came while another guest ran is told at once; none is lost. */
static void test_turns(void **state)
{
	(void)state;
	vtime_start(&times[0]);
	vtime_set(&times[0], 50000);
	vtime_start(&times[1]);
	vtime_set(&times[1], 500000);
	pass(100000);
	assert_int_equal(lines[0].pending | lines[1].pending, 0);
	vtime_start(&times[0]);
	pass(1);
	assert_int_equal(lines[0].pending, 1u << VIRQ_TIMER);
	assert_int_equal(times[0].counts.late_ns / 1000, 50);
	vtime_start(&times[1]);
	pass(500000);
	assert_int_equal(lines[1].pending, 1u << VIRQ_TIMER);
}

/* A reset takes nothing from the guest that runs. */
static void test_reset(void **state)
{
	(void)state;
	vtime_start(&times[0]);
	vtime_set(&times[0], 50000);
	vtime_set(&times[1], 50000);
	vtime_reset(&times[1], &lines[1]);
	pass(60000);
	assert_int_equal(lines[0].pending, 1u << VIRQ_TIMER);
	vtime_start(&times[1]);
	pass(100000);
	assert_int_equal(lines[1].pending, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_own_event, set_up),
		cmocka_unit_test_setup(test_other_asked, set_up),
		cmocka_unit_test_setup(test_turns, set_up),
		cmocka_unit_test_setup(test_reset, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
