/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shadow's memory: many roots, little memory, none at all, a restart,
 * guest memory that is reached through slots. What a guest sees must never
 * depend on any of it.
 */
#include <string.h>

#include "test/host/shadow_tests.h"

#define ROOTS 200
#define FEW   8

/* The same machine, but for these. */
static void change_world(u32 ram, u32 page_limit)
{
	struct world_config c = w.config;

	world_free();
	c.ram = ram;
	c.page_limit = page_limit;
	world_init(&c);
}

struct process {
	u64 root;
	u32 gfn; /* at USER_VA */
};

static struct process process[ROOTS];

static void make_processes(u32 count, void **state)
{
	process[0].root = start(state);
	for (u32 i = 0; i < count; i++) {
		if (i) {
			process[i].root = world_new_root();
		}
		process[i].gfn = user_page(process[i].root, USER_VA);
	}
}

/* Run each process in turn for a moment; how many faults it took. */
static struct access run_all(u32 count)
{
	struct access sum = { .rc = ACCESS_OK };

	for (u32 i = 0; i < count; i++) {
		struct access a;
		u32 far = i % 7;

		world_switch(process[i].root);
		a = world_access(USER_VA, WRITE | RING3);
		assert_int_equal(a.gfn, process[i].gfn);
		sum.fixes += a.fixes;
		sum.refills += a.refills;
		a = world_access(world_kva(far, 0), WRITE);
		assert_int_equal(a.gfn, far);
		sum.fixes += a.fixes;
		sum.refills += a.refills;
		if (i % 16 == 0) {
			check();
		}
	}
	check();
	return sum;
}

static void test_many_roots(void **state)
{
	struct access sum;

	change_world(1500, 2000);
	make_processes(ROOTS, state);
	sum = run_all(ROOTS);
	/* One fault each, and one for all of the kernel's. */
	assert_int_equal(sum.fixes, ROOTS + 1);
	assert_int_equal(sum.refills, 0);
	for (u32 n = 0; n < 3; n++) {
		sum = run_all(ROOTS);
		assert_int_equal(sum.fixes + sum.refills, 0);
	}
	assert_int_equal(w.shadow.stats.recycled, 0);
	sh_flush_all(&w.shadow);
	sum = run_all(ROOTS);
	assert_int_equal(sum.fixes + sum.refills, 0);
}

/* The oldest go first, the one in use never. */
static void test_recycling(void **state)
{
	change_world(1000, 60);
	make_processes(60, state);
	run_all(60);
	assert_in_range(w.shadow.stats.recycled, 1, 60);
	assert_in_range(sh_pages(&w.shadow), 1, 60);
	for (u32 n = 0; n < 50; n++) {
		world_switch(process[59].root);
		assert_int_equal(world_access(USER_VA, READ).fixes, 0);
		world_switch(process[n].root);
		must_reach(USER_VA, READ, process[n].gfn);
	}
	run_all(60);
}

static u32 shadow_frames(void)
{
	return pfa_count(&w.pfa, FRAME_SHADOW);
}

/* Roots that are never used for anything do not eat up memory. */
static void test_idle_roots(void **state)
{
	u64 root = start(state);
	u32 gfn = user_page(root, USER_VA), before = shadow_frames();

	for (u32 n = 0; n < 5000; n++) {
		world_switch(0x80000000 + (u64)n * PAGE_SIZE);
	}
	assert_in_range(shadow_frames(), before, before + 16);
	assert_in_range(w.shadow.stats.recycled, 4000, 5000);
	world_switch(root);
	must_reach(USER_VA, READ, gfn);
	check();
}

/* What a kernel does with the tables of a process that has ended. */
static void end_process(u64 root)
{
	struct place pde = world_pde(root, USER_VA);

	store_entry(pde, 0);
	if (w.config.is_pae) {
		u32 q = USER_VA >> 30;

		sh_set_pmd(&w.shadow, mk_gpa((u64)pde.gfn << 12), pde.i);
		store_entry(world_pdpte(root, q), 0);
		sh_set_pgd(&w.shadow, mk_gpa(root), q);
	} else {
		sh_set_pgd(&w.shadow, mk_gpa(root), pde.i);
	}
}

/* Nobody comes back to their address spaces, which look like all others. */
static void test_ended_processes(void **state)
{
	u32 before;

	change_world(1500, 2000);
	make_processes(ROOTS, state);
	run_all(FEW);
	before = sh_pages(&w.shadow);
	run_all(ROOTS);
	assert_true(sh_pages(&w.shadow) > before + ROOTS - FEW - 1);
	for (u32 i = FEW; i < ROOTS; i++) {
		end_process(process[i].root);
	}
	check();
	/* The kernel wrote to tables it had not touched before. */
	assert_in_range(sh_pages(&w.shadow), 1, before + 4);
	world_switch(process[0].root);
	must_reach(USER_VA, WRITE, process[0].gfn);
	world_switch(process[ROOTS - 1].root);
	must_fault(USER_VA, READ, 0);
}

/* Pages of four tables at once, as an instruction may need them. */
static void need_many(u64 root, const u32 *va, u32 count)
{
	world_switch(root);
	for (u32 n = 0; n < 4; n++) {
		u32 mapped = 0;

		for (u32 i = 0; i < count; i++) {
			assert_int_equal(world_access(va[i], READ).rc,
					 ACCESS_OK);
		}
		for (u32 i = 0; i < count; i++) {
			mapped += world_is_mapped(va[i]);
		}
		check();
		if (mapped == count) {
			return;
		}
	}
	fail_msg("pages keep pushing each other out");
}

/* Pages: the limit allows none, so there is only the reserve. */
static void little_memory(void **state)
{
	u32 far = w.config.kernel + 0x10000000;
	u32 va[5];

	make_processes(40, state);
	for (u32 i = 0; i < 40; i++) {
		user_page(process[i].root, USER_VA2);
	}
	world_map(process[0].root, far, world_to(3, KERN_FLAGS));
	va[0] = USER_VA;
	va[1] = USER_VA2;
	va[2] = world_kva(5, 0);
	va[3] = far;
	va[4] = USER_VA + 8;
	for (u32 n = 0; n < 3; n++) {
		run_all(40);
		need_many(process[0].root, va, ARRAY_SIZE(va));
		sh_flush_all(&w.shadow);
		check_agrees();
	}
	for (u32 n = 1; n < 40; n++) {
		need_many(process[n].root, va, 3);
	}
	assert_true(w.shadow.stats.recycled > 0);
}

static void test_only_reserve(void **state)
{
	change_world(1000, 0);
	little_memory(state);
}

/* One root that alone needs more than there is: of itself, of the kernel. */
static void test_single_root(void **state)
{
	u32 first[2], count[2] = { 1, 30 };
	u64 root;

	change_world(1000, 0);
	root = start(state);
	first[0] = USER_VA;
	first[1] = w.config.kernel + 0x02000000;
	if (w.config.kernel >= 1u << 30) {
		count[0] = 30;
	}
	for (u32 half = 0; half < 2; half++) {
		for (u32 i = 0; i < count[half]; i++) {
			user_page(root, first[half] + i * 0x400000);
		}
	}
	for (u32 n = 0; n < 200; n++) {
		u32 half = n / 50 % 2;
		u32 va = first[half] + n * 7 % count[half] * 0x400000;

		must_reach(va, WRITE,
			   (u32)(world_model(va, WRITE).gpa >> PAGE_SHIFT));
	}
	assert_int_equal(w.shadow.stats.recycled, 0);
	sh_flush_all(&w.shadow);
	check_agrees();
}

/* Nothing is left in the machine, from the moment the guest exists. */
static void test_exhausted(void **state)
{
	change_world(1000, 1000);
	while (!mfn_eq(pfa_alloc(&w.pfa, 0, PFA_ANY, FRAME_HV), INVALID_mfn)) {
	}
	little_memory(state);
	assert_int_equal(pfa_count(&w.pfa, FRAME_FREE), 0);
}

/* In linear mode too. */
static void test_exhausted_linear(void **state)
{
	(void)state;
	change_world(2000, 1000);
	while (!mfn_eq(pfa_alloc(&w.pfa, 0, PFA_ANY, FRAME_HV), INVALID_mfn)) {
	}
	for (u32 f = 0; f < 2000; f += 100) {
		must_reach(f << PAGE_SHIFT, WRITE, f);
	}
}

static void live(void **state)
{
	must_reach(0x5000, WRITE, 5);
	w.free = 1;
	w.kernel_root = 0;
	make_processes(60, state);
	run_all(60);
	sh_flush_all(&w.shadow);
	user_page(process[3].root, w.config.kernel + 0x10000000);
	world_switch(process[3].root);
	assert_int_equal(world_access(w.config.kernel + 0x10000000, READ).rc,
			 ACCESS_OK);
}

static void test_reset(void **state)
{
	u32 after_first = 0;

	change_world(1000, 500);
	for (u32 n = 0; n < 4; n++) {
		live(state);
		sh_reset(&w.shadow);
		p2m_clear(&w.p2m);
		check();
		assert_int_equal(w.mmu.mode, GWALK_LINEAR);
		assert_int_equal(sh_pages(&w.shadow), PAE_PDPTES);
		assert_null(w.shadow.used_pages);
		assert_null(w.shadow.newest);
		for (u32 f = 0; f < 1000; f++) {
			assert_int_equal(w.p2m.entry[f] & P2M_WATCHED, 0);
		}
		for (u32 o = 0; o < FRAME_OWNERS; o++) {
			if (o != FRAME_SHADOW && o != FRAME_FREE) {
				assert_int_equal(pfa_count(&w.pfa, o),
						 w.boot_frames[o]);
			}
		}
		if (n) {
			assert_int_equal(shadow_frames(), after_first);
		}
		after_first = shadow_frames();
	}
}

/* Twice in a row, and before anything happened. */
static void test_reset_early(void **state)
{
	sh_reset(&w.shadow);
	check();
	sh_reset(&w.shadow);
	must_reach(0x5000, WRITE, 5);
	assert_int_equal(sh_set_kernel(&w.shadow, mk_gva(w.config.kernel)), 0);
	sh_reset(&w.shadow);
	check();
	start(state);
	check();
}

static void test_no_room_at_all(void **state)
{
	struct shadow s;

	(void)state;
	while (!mfn_eq(pfa_alloc(&w.pfa, 0, PFA_ANY, FRAME_HV), INVALID_mfn)) {
	}
	assert_int_equal(sh_init(&s, &w.pfa, &w.mmu, &w.switcher, 100), -1);
}

/* Roots that are no memory: possible to switch to, of no use. */
static void test_odd_roots(void **state)
{
	u64 root = start(state);
	const u64 odd[] = { (u64)w.config.ram << 12, 0xffffffe0, 0xfffff000 };
	u32 gfn = user_page(root, USER_VA);

	for (u32 n = 0; n < ARRAY_SIZE(odd); n++) {
		world_switch(odd[n]);
		check();
		assert_int_equal(world_access(USER_VA, READ).rc, ACCESS_KILL);
		sh_flush_user(&w.shadow);
		sh_flush_all(&w.shadow);
		sh_set_pte(&w.shadow, mk_gpa(odd[n]), mk_gva(USER_VA));
		sh_set_pmd(&w.shadow, mk_gpa(odd[n]), 0);
		sh_set_pgd(&w.shadow, mk_gpa(odd[n]), 0);
		check();
	}
	world_switch(root);
	must_reach(USER_VA, READ, gfn);
}

/* Guest memory in high frames: pointers to it do not last. */
static void test_slots(void **state)
{
	const u32 flags = USER_FLAGS | PTE_A | PTE_D;
	struct world_config c = w.config;
	u32 first = ROUND_UP(USER_VA, 0x10000u);
	u64 root;

	world_free();
	c.direct = 1000;
	world_init(&c);
	for (u32 f = 0; f < c.ram; f++) {
		assert_in_range(w.p2m.entry[f] >> P2M_SHIFT, c.direct,
				w.machine);
	}
	root = start(state);
	for (u32 i = 0; i < 64; i++) {
		world_map(root, first + i * PAGE_SIZE,
			  world_to(300 + i, flags));
	}
	for (u32 i = 0; i < 64; i++) {
		must_reach(first + i * PAGE_SIZE, WRITE, 300 + i);
	}
	sh_flush_all(&w.shadow);
	for (u32 i = 0; i < 64; i++) {
		store_entry(world_pte(root, first + i * PAGE_SIZE),
			    world_to(400 + i, flags));
	}
	sh_flush_all(&w.shadow);
	for (u32 i = 0; i < 64; i++) {
		assert_int_equal(world_mapped_gfn(first + i * PAGE_SIZE),
				 400 + i);
	}
	check_agrees();
}

int main(void)
{
	const struct shadow_test tests[] = {
		SHADOW_TEST(test_many_roots),
		SHADOW_TEST(test_recycling),
		SHADOW_TEST(test_idle_roots),
		SHADOW_TEST(test_ended_processes),
		SHADOW_TEST(test_only_reserve),
		SHADOW_TEST(test_single_root),
		SHADOW_TEST(test_exhausted),
		SHADOW_TEST(test_exhausted_linear),
		SHADOW_TEST(test_reset),
		SHADOW_TEST(test_reset_early),
		SHADOW_TEST(test_no_room_at_all),
		SHADOW_TEST(test_odd_roots),
		SHADOW_TEST(test_slots),
	};

	return run_shadow_tests("shadow memory", tests, ARRAY_SIZE(tests));
}
