/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shadow under random guests (guest_random.h), in worlds that differ in
 * format, place of the kernel and memory. Everything that must hold is
 * checked again and again.
 *
 *	UMBRA_STEPS  operations over all worlds, instead of DEFAULT_STEPS
 *	UMBRA_SEED   another beginning
 *	UMBRA_WORLD  the number of the only world to run
 *	UMBRA_TRACE  the step from which on each operation is printed
 *	UMBRA_CHECK  operations between checks of everything; 1: after each
 *
 * The hypervisor's own audit runs after each operation, the independent check
 * of everything, which costs more, now and then. A failure prints what to set
 * to see it again, with UMBRA_CHECK=1 nearer to its cause.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "test/host/fake_panic.h"
#include "test/host/guest_random.h"
#include "test/host/shadow_check.h"

#define DEFAULT_STEPS 1000000
#define DEFAULT_CHECK 16
#define DEFAULT_SEED  0x0123456789abcdefull

static const struct world_config worlds[] = {
	{ false, true, 0xc0000000, 512, 400, 0, 1000 },
	{ true, true, 0xc0000000, 300, 400, 0, 0 },
	{ false, true, 0xb0000000, 300, 60, 0, 0 },
	{ true, true, 0xb0000000, 300, 60, 0, 0 },
	{ false, false, 0xe0000000, 300, 0, 0, 0 },
	{ true, false, 0xe0000000, 300, 0, 0, 0 },
	{ true, true, 0x80000000, 300, 30, 0, 0 },
	{ true, true, 0x50000000, 512, 400, 0, 1000 },
	{ false, true, 0x00400000, 300, 100, 0, 0 },
	{ true, true, 0x00400000, 300, 100, 0, 0 },
};

static u64 steps, check, seed, trace;
static u64 step;
static const struct world_config *config;

static u64 setting(const char *name, u64 otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

static void report(void)
{
	fprintf(stderr,
		"%s, kernel at %08x, %u pages; step %llu: %s\n"
		"again: UMBRA_STEPS=%llu UMBRA_SEED=0x%llx UMBRA_WORLD=%d "
		"UMBRA_CHECK=1\n",
		config->is_pae ? "PAE" : "2-level", config->kernel,
		config->page_limit, (long long)step, guest.last,
		(long long)steps, (long long)seed, (int)(config - worlds));
}

static void fail_if(const char *why)
{
	if (why) {
		fail_msg("%s", why);
	}
}

static int setup(void **state)
{
	config = *state;
	step = 0;
	world_init(config);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	if (step < steps / ARRAY_SIZE(worlds)) {
		report();
	}
	world_free();
	return 0;
}

static void test_random(void **state)
{
	u64 end = steps / ARRAY_SIZE(worlds);

	(void)state;
	guest_start(seed);
	for (step = 0; step < end; step++) {
		guest_step();
		if (step >= trace) {
			fprintf(stderr, "%llu: %s\n", (long long)step,
				guest.last);
		}
		fail_if(sh_audit(&w.shadow));
		/* Goes round the pages while they come and go. */
		if (step % 8 == 0) {
			fail_if(sh_audit_some(&w.shadow));
		}
		if (step % check == 0) {
			fail_if(shadow_check());
		}
	}
	fail_if(shadow_check());
}

int main(void)
{
	struct CMUnitTest test[ARRAY_SIZE(worlds)];
	char name[ARRAY_SIZE(worlds)][60];
	size_t first, count = ARRAY_SIZE(worlds);

	steps = setting("UMBRA_STEPS", DEFAULT_STEPS);
	check = setting("UMBRA_CHECK", DEFAULT_CHECK);
	trace = setting("UMBRA_TRACE", ~0ull);
	seed = setting("UMBRA_SEED", DEFAULT_SEED);
	first = setting("UMBRA_WORLD", count);
	if (first < count) {
		count = 1;
	} else {
		first = 0;
	}
	fake_panic_report = report;
	for (size_t i = 0; i < count; i++) {
		const struct world_config *c = &worlds[first + i];

		snprintf(name[i], sizeof(name[i]),
			 "test_random, %s, kernel at %08x",
			 c->is_pae ? "PAE" : "2-level", c->kernel);
		test[i] = (struct CMUnitTest){
			.name = name[i],
			.test_func = test_random,
			.setup_func = setup,
			.teardown_func = teardown,
			.initial_state = (void *)(uintptr_t)c,
		};
	}
	return _cmocka_run_group_tests("random guests", test, count, NULL,
				       NULL);
}
