// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The clock event comes once, in time, whatever it replaced, while the guest
 * runs and while it sleeps; and clocks do not drift: neither the one that a
 * guest reads itself, nor the one it is shown, nor sums of events.
 */
#include "test/lib/clock.h"

#define IF	 0x200u
#define MS	 1000000u
#define NS_MAX	 0xffffffffu
#define SLACK_NS 5000u

/* Its 86400 s in sleeps of this many nanoseconds. */
#define DAY_NAP_NS 4000000000u
#define DAY_NAPS   21600u

static void spin(u32 ns)
{
	u64 start = rdtsc();

	while (rdtsc() - start < ns) {
	}
}

static void wait_for_tick(u32 before)
{
	u64 start = rdtsc();

	while (clock_ticks == before) {
		VM_CHECK(rdtsc() - start < NS_PER_S);
	}
}

static void check_passed(u64 start, u32 ns)
{
	u64 took = rdtsc() - start;

	if (took < ns || took - ns > SLACK_NS) {
		vm_fail("%u ns took %u", ns, (u32)took);
	}
}

/* Set the event and see it arrive while the guest runs. */
static void arm_and_wait(u32 ns)
{
	u32 before = clock_ticks;
	u64 start = rdtsc();

	clock_arm(ns);
	wait_for_tick(before);
	check_passed(start, ns);
}

/* The shortest, what Linux sets, and the longest: 4.29 s. */
static void check_delays(void)
{
	static const u32 delays[] = { 1,  100,	  1000,	   10000,
				      MS, 4 * MS, 10 * MS, NS_MAX };

	for (u32 i = 0; i < ARRAY_SIZE(delays); i++) {
		u64 start;

		if (delays[i] <= 10 * MS) {
			arm_and_wait(delays[i]);
		}
		start = rdtsc();
		clock_sleep(delays[i]);
		check_passed(start, delays[i]);
	}
}

/* One event for one call: nothing comes twice. */
static void check_once(void)
{
	u32 before = clock_ticks;

	clock_arm(MS);
	spin(10 * MS);
	VM_CHECK(clock_ticks == before + 1);
}

static void check_replaced(void)
{
	u32 before = clock_ticks;

	clock_arm(MS);
	arm_and_wait(5 * MS);
	clock_arm(50 * MS);
	arm_and_wait(MS);
	clock_arm(MS);
	clock_arm(0);
	spin(3 * MS);
	VM_CHECK(clock_ticks == before + 2);
	/*
	 * After a cancelled one the next comes; cancelling nothing is no event.
	 */
	arm_and_wait(MS);
	clock_arm(0);
	spin(MS);
	VM_CHECK(clock_ticks == before + 3);
}

/* Expired while interrupts were off, then set anew: both come. */
static void check_pending(void)
{
	u32 before = clock_ticks;
	u64 start;

	lg_write(LG_IRQ_ENABLED, 0);
	clock_arm(MS);
	spin(2 * MS);
	start = rdtsc();
	clock_arm(MS);
	lg_write(LG_IRQ_ENABLED, IF);
	hypercall(HC_SEND_INTERRUPTS, 0, 0, 0, 0);
	VM_CHECK(clock_ticks == before + 1);
	wait_for_tick(before + 1);
	check_passed(start, MS);
	/* What has expired is not taken back. */
	lg_write(LG_IRQ_ENABLED, 0);
	clock_arm(MS);
	spin(2 * MS);
	clock_arm(0);
	lg_write(LG_IRQ_ENABLED, IF);
	hypercall(HC_SEND_INTERRUPTS, 0, 0, 0, 0);
	VM_CHECK(clock_ticks == before + 3);
}

/*
 * Sleeps of a tickless kernel: each ends a fixed time after the last was
 * meant to end, so lateness must not add up. By the end all three clocks
 * have to show the same.
 */
static void check_drift(u32 naps)
{
	u64 wall, start, passed;
	u64 next;

	clock_sleep(MS);
	start = next = rdtsc();
	wall = clock_wall_ns();
	for (u32 i = 0; i < naps; i++) {
		next += DAY_NAP_NS;
		clock_sleep((u32)(next - rdtsc()));
	}
	passed = rdtsc() - start;
	wall = clock_wall_ns() - wall;
	vm_printf("bench clock.late-ns %u\n",
		  (u32)(passed - (u64)naps * DAY_NAP_NS));
	VM_CHECK(passed - (u64)naps * DAY_NAP_NS < SLACK_NS);
	VM_CHECK(passed + SLACK_NS > wall && wall + SLACK_NS > passed);
}

/*
 * For test_time.py, on a machine without a timer, and with a clock that was
 * set by the worst of devices: a sleep ends in time all the same. Short ones:
 * the hypervisor is awake meanwhile.
 */
static void check_asleep(void)
{
	for (u32 i = 0; i < 10; i++) {
		u64 start = rdtsc();
		u32 took;

		clock_sleep(10 * MS);
		took = (u32)(rdtsc() - start);
		VM_CHECK(took > 9900 * 1000u);
		VM_CHECK(took < 10100 * 1000u);
	}
}

/* What cannot be trusted is not told; the clock that is shown goes on. */
static void check_untold(void)
{
	u64 before;

	VM_CHECK(lg_read(LG_TSC_KHZ) == 0);
	clock_sleep(MS);
	before = clock_wall_ns();
	clock_sleep(MS);
	VM_CHECK(clock_wall_ns() - before >= MS);
}

void main(void)
{
	vm_init();
	vm_traps_init();
	clock_init();
	if (vm_is_case("asleep")) {
		check_asleep();
		vm_pass();
	}
	if (vm_is_case("untold")) {
		check_untold();
		vm_pass();
	}
	/* The time stamp counts nanoseconds, where instructions take one. */
	VM_CHECK(lg_read(LG_TSC_KHZ) == 1000000);
	if (vm_is_case("day")) {
		check_drift(DAY_NAPS);
		vm_pass();
	}
	check_delays();
	check_once();
	check_replaced();
	check_pending();
	check_drift(10);
	vm_pass();
}
