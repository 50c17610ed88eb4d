/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arch/x86/timer.c over a simulated device: short and long times, devices
 * that reach less far, that run fast, slow or interrupt for no reason.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arch/x86/clock.h"
#include "arch/x86/timer.h"

#define NS_PER_S 1000000000u

static u64 now;
static u64 due;	   /* when the device interrupts, ~0: never */
static u32 percent = 100;
static u32 opened, closed, armed;

static u64 fired_at;
static u32 fired;

u64 clock_now_ns(void)
{
	return now;
}

static void device_open(void)
{
	opened++;
	due = ~0ull;
}

static void device_close(void)
{
	closed++;
	due = ~0ull;
}

static void device_stop(void)
{
	due = ~0ull;
}

static struct timer_device device = {
	.name = "simulated",
	.open = device_open,
	.stop = device_stop,
	.close = device_close,
};

static void device_arm(u32 ticks)
{
	unsigned __int128 ns = (unsigned __int128)ticks * NS_PER_S;

	assert_in_range(ticks, 1, device.max_ticks);
	armed++;
	/* Up to the next tick: never early. */
	due = now + (u64)((ns + device.hz - 1) / device.hz) * percent / 100;
}

static void handler(void *ctx)
{
	assert_ptr_equal(ctx, &fired);
	fired++;
	fired_at = now;
}

static void use(u32 hz, u32 max_ticks)
{
	device.arm = device_arm;
	device.hz = hz;
	device.max_ticks = max_ticks;
	percent = 100;
	now = 77;
	fired = opened = closed = armed = 0;
	timer_use(&device);
	assert_int_equal(opened, 1);
	timer_set_handler(handler, &fired);
}

/* Let time pass until the device is silent, or @end. */
static void run_until(u64 end)
{
	while (due <= end) {
		now = due;
		due = ~0ull;
		timer_interrupt();
	}
}

static void check_delta(u64 delta)
{
	u64 start = now, tick = NS_PER_S / device.hz + 2;
	u32 hops = (u32)(delta / (timer_device()->max_ticks * 1ull * NS_PER_S /
				  device.hz)) +
		   2;

	fired = armed = 0;
	timer_arm_ns(delta);
	run_until(~0ull - 1);
	assert_int_equal(fired, 1);
	assert_true(fired_at + TIMER_EARLY_NS >= start + delta);
	assert_true(fired_at <= start + delta + tick);
	assert_true(armed <= hops + delta / 4000000000u);
}

static const struct {
	u32 hz, max_ticks;
} devices[] = {
	{ 1193182, 0xffff },	    { 14318180, 0x7fffffff },
	{ 100000000, 0x7fffffff },  { 1000000000, 0xffffffff },
	{ 4200000000, 0xffffffff }, { 24000000, 0xffffffff },
};

static void test_deltas(void **state)
{
	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(devices); i++) {
		use(devices[i].hz, devices[i].max_ticks);
		for (u64 d = 1; d < 100ull * NS_PER_S; d = d * 7 / 3 + 1) {
			check_delta(d);
			check_delta(d - 1);
		}
	}
}

/* A day of ticks 1 ms apart by their own deadlines: no drift. */
static void test_drift(void **state)
{
	u64 start;

	(void)state;
	use(62500000, 0xffffffff);
	start = now;
	for (u64 i = 1; i <= 86400; i++) {
		timer_arm_ns(start + i * 1000000 - now);
		run_until(~0ull - 1);
	}
	assert_int_equal(fired, 86400);
	assert_true(now - start <= 86400ull * 1000000 + 100);
}

static void test_rates(void **state)
{
	(void)state;
	for (percent = 50; percent <= 200; percent += 10) {
		u32 p = percent;
		u64 start;

		use(1000000000, 0xffffffff);
		percent = p;
		start = now;
		timer_arm_ns(10000000);
		run_until(~0ull - 1);
		assert_int_equal(fired, 1);
		assert_true(fired_at - start >= 10000000 - TIMER_EARLY_NS);
		assert_true(p > 100 || fired_at - start < 10001000);
	}
}

static void test_stray(void **state)
{
	(void)state;
	use(1000000, 0xffff);
	timer_interrupt();
	timer_interrupt();
	assert_int_equal(fired, 0);
	assert_int_equal(timer_interrupt_count(), 2);
	/* One that was on its way when the timer was armed anew. */
	timer_arm_ns(1000);
	timer_arm_ns(1000000);
	timer_interrupt();
	assert_int_equal(fired, 0);
	run_until(~0ull - 1);
	assert_int_equal(fired, 1);
	assert_true(fired_at >= 1000077 - TIMER_EARLY_NS);
	timer_interrupt();
	assert_int_equal(fired, 1);
}

static void test_cancel(void **state)
{
	(void)state;
	use(1000000, 0xffff);
	timer_arm_ns(5000);
	timer_cancel();
	run_until(~0ull - 1);
	timer_interrupt();
	assert_int_equal(fired, 0);
	check_delta(5000);
}

static void test_forever(void **state)
{
	(void)state;
	use(1000000000, 0xffffffff);
	timer_arm_ns(~0ull);
	run_until(3600ull * NS_PER_S);
	assert_int_equal(fired, 0);
	assert_true(armed <= 900);
	assert_true(due != ~0ull);
}

static void test_change(void **state)
{
	static struct timer_device other;

	(void)state;
	use(1000000, 0xffff);
	timer_arm_ns(5000);
	other = device;
	closed = 0;
	timer_use(&other);
	assert_int_equal(closed, 1);
	assert_ptr_equal(timer_device(), &other);
	run_until(~0ull - 1);
	assert_int_equal(fired, 0);
	timer_arm_ns(5000);
	run_until(~0ull - 1);
	assert_int_equal(fired, 1);
	/* None any more: nothing happens. */
	timer_arm_ns(5000);
	timer_use(NULL);
	assert_int_equal(closed, 2);
	assert_null(timer_device());
	timer_arm_ns(5000);
	run_until(~0ull - 1);
	assert_int_equal(fired, 1);
}

static void test_none(void **state)
{
	(void)state;
	assert_null(timer_device());
	timer_set_handler(handler, &fired);
	timer_arm_ns(1);
	timer_cancel();
	now += 1000;
	timer_interrupt();
	assert_int_equal(fired, 0);
	/* Whoever looks at the clock finds it expired, once. */
	timer_arm_ns(5000);
	now += 4000;
	timer_interrupt();
	assert_int_equal(fired, 0);
	now += 1000;
	timer_interrupt();
	timer_interrupt();
	assert_int_equal(fired, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),	cmocka_unit_test(test_deltas),
		cmocka_unit_test(test_drift),	cmocka_unit_test(test_rates),
		cmocka_unit_test(test_stray),	cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_forever), cmocka_unit_test(test_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
