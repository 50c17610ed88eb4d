/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test/host/shadow_tests.h"

#include <stdlib.h>

#define WORLDS 10

static const struct world_config worlds[WORLDS] = {
	{ .is_pae = false, .has_nx = true, .kernel = 0xc0000000 },
	{ .is_pae = true, .has_nx = true, .kernel = 0xc0000000 },
	{ .is_pae = false, .has_nx = false, .kernel = 0xb0000000 },
	{ .is_pae = true, .has_nx = true, .kernel = 0xb0000000 },
	{ .is_pae = false, .has_nx = true, .kernel = 0xe0000000 },
	{ .is_pae = true, .has_nx = false, .kernel = 0xe0000000 },
	{ .is_pae = false, .has_nx = true, .kernel = 0x80000000 },
	{ .is_pae = true, .has_nx = true, .kernel = 0x80000000 },
	{ .is_pae = false, .has_nx = true, .kernel = 0x00400000 },
	{ .is_pae = true, .has_nx = true, .kernel = 0x00400000 },
};

u64 start(void **state)
{
	u64 root;

	assert_int_equal(sh_set_kernel(&w.shadow, mk_gva(w.config.kernel)), 0);
	root = world_new_root();
	world_switch(root);
	(void)state;
	return root;
}

void check(void)
{
	const char *why = shadow_check();

	if (!why) {
		why = sh_audit(&w.shadow);
	}
	if (why) {
		fail_msg("%s", why);
	}
}

void check_agrees(void)
{
	const char *why = shadow_check_agrees(true);

	if (why) {
		fail_msg("%s", why);
	}
	assert_int_equal(sh_audit_flushed(&w.shadow, true), 0);
	check();
}

u32 user_page(u64 root, u32 va)
{
	u32 gfn = world_new_frame();

	world_map(root, va, world_to(gfn, USER_FLAGS | PTE_A | PTE_D));
	return gfn;
}

void store_entry(struct place p, u64 value)
{
	assert_true(world_store_entry(p, value));
}

void must_reach(u32 va, u32 kind, u32 gfn)
{
	struct access a = world_access(va, kind);

	assert_int_equal(a.rc, ACCESS_OK);
	assert_int_equal(a.gfn, gfn);
	check();
}

void must_fault(u32 va, u32 kind, u32 error)
{
	struct access a = world_access(va, kind);

	assert_int_equal(a.rc, ACCESS_FAULT);
	assert_int_equal(a.error, error);
	check();
}

static int setup(void **state)
{
	struct world_config c = *(const struct world_config *)*state;

	c.ram = 512;
	c.page_limit = 300;
	world_init(&c);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_free();
	return 0;
}

static char *name_of(const struct shadow_test *t, const struct world_config *c)
{
	char *name = malloc(100);

	if (!name) {
		abort();
	}
	snprintf(name, 100, "%s, %s, kernel at %08x%s", t->name,
		 c->is_pae ? "PAE" : "2-level", c->kernel,
		 c->has_nx ? "" : ", no NX");
	return name;
}

int run_shadow_tests(const char *group, const struct shadow_test *test,
		     size_t count)
{
	size_t all = count * WORLDS;
	struct CMUnitTest *t = calloc(all, sizeof(*t));
	int failures;

	if (!t) {
		abort();
	}
	for (size_t i = 0; i < all; i++) {
		const struct world_config *c = &worlds[i % WORLDS];

		t[i] = (struct CMUnitTest){
			.name = name_of(&test[i / WORLDS], c),
			.test_func = test[i / WORLDS].run,
			.setup_func = setup,
			.teardown_func = teardown,
			.initial_state = (void *)(uintptr_t)c,
		};
	}
	failures = _cmocka_run_group_tests(group, t, all, NULL, NULL);
	for (size_t i = 0; i < all; i++) {
		free((void *)(uintptr_t)t[i].name);
	}
	free(t);
	return failures;
}
