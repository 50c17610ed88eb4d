/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shadow, one operation at a time: faults, announced changes, the kernel
 * half, memory. Flushes are in t_shadow_flush.c, random guests in
 * t_shadow_random.c.
 */
#include "mm/hvmap.h"
#include "test/host/shadow_tests.h"

/* --- faults ------------------------------------------------------------- */

static void test_linear(void **state)
{
	(void)state;
	must_reach(5 * PAGE_SIZE, READ, 5);
	must_reach(5 * PAGE_SIZE + 8, WRITE, 5);
	must_reach(7 * PAGE_SIZE, FETCH, 7);
	must_fault(5 * PAGE_SIZE, READ | RING3, PFEC_P | PFEC_U);
	must_fault(w.config.ram * PAGE_SIZE, WRITE, PFEC_W);
	assert_int_equal(world_access(0x80000000, READ).rc, ACCESS_FAULT);
	start(state);
	assert_false(world_is_mapped(5 * PAGE_SIZE));
	assert_int_equal(sh_pages(&w.shadow),
			 PAE_PDPTES + (4 - w.config.kernel / 0x40000000));
	check();
}

/* What may be done with the Switcher's pages. */
static void check_window(void)
{
	struct access a = world_access(SWITCH_CODE, READ);

	assert_int_equal(a.rc, ACCESS_OK);
	assert_int_equal(a.gfn, NO_GFN);
	assert_int_equal(world_access(SWITCH_CODE, FETCH).rc, ACCESS_OK);
	assert_int_equal(world_access(SWITCH_CODE, WRITE).rc, ACCESS_FAULT);
	assert_int_equal(world_access(SWITCH_STATE, READ).rc, ACCESS_OK);
	assert_int_equal(world_access(SWITCH_STATE, WRITE).rc, ACCESS_FAULT);
	assert_int_equal(world_access(SWITCH_REGS, WRITE).rc, ACCESS_OK);
	assert_int_equal(world_access(SWITCH_BASE + 0x1000, READ).rc,
			 ACCESS_FAULT);
	assert_int_equal(world_access(SWITCH_BASE + 0x200000, READ).rc,
			 ACCESS_FAULT);
	assert_int_equal(world_access(SWITCH_REGS, READ | RING3).rc,
			 ACCESS_FAULT);
	if (w.config.has_nx) {
		assert_int_equal(world_access(SWITCH_REGS, FETCH).rc,
				 ACCESS_FAULT);
	}
	check();
}

static void test_switcher(void **state)
{
	u64 root;

	check_window();
	root = start(state);
	check_window();
	/* Whatever the guest's tables say there. */
	world_map(root, SWITCH_REGS, world_to(1, KERN_FLAGS | PTE_US));
	sh_set_pte(&w.shadow, mk_gpa(root), mk_gva(SWITCH_REGS));
	sh_flush_all(&w.shadow);
	check_window();
}

/* What was added for one life of the guest does not outlive it. */
static void test_window_reset(void **state)
{
	start(state);
	sh_map_switcher(&w.shadow, SWITCH_TRAMP, w.switcher.code, 0);
	sh_map_switcher(&w.shadow, SWITCH_LG, w.switcher.regs, PTE_RW);
	assert_int_equal(world_access(SWITCH_TRAMP, FETCH).rc, ACCESS_OK);
	assert_int_equal(world_access(SWITCH_LG, WRITE).rc, ACCESS_OK);
	sh_reset(&w.shadow);
	assert_int_equal(world_access(SWITCH_TRAMP, READ).rc, ACCESS_FAULT);
	assert_int_equal(world_access(SWITCH_LG, READ).rc, ACCESS_FAULT);
	check_window();
}

static void test_fill(void **state)
{
	u64 root = start(state);
	u32 gfn = world_new_frame();
	struct access a;

	world_map(root, USER_VA, world_to(gfn, USER_FLAGS));
	a = world_access(USER_VA + 4, READ | RING3);
	assert_int_equal(a.fixes, 1);
	assert_int_equal(a.gfn, gfn);
	assert_int_equal(world_get(world_pte(root, USER_VA)),
			 world_to(gfn, USER_FLAGS | PTE_A));
	assert_int_equal(world_access(USER_VA, READ).fixes, 0);
	assert_false(world_is_writable(USER_VA));

	/* The first write is seen, so that D can be set. */
	a = world_access(USER_VA, WRITE | RING3);
	assert_int_equal(a.rc, ACCESS_OK);
	assert_int_equal(a.fixes, 1);
	assert_int_equal(world_get(world_pte(root, USER_VA)),
			 world_to(gfn, USER_FLAGS | PTE_A | PTE_D));
	assert_int_equal(world_access(USER_VA, WRITE).fixes, 0);
	check();
}

static void test_refused(void **state)
{
	u64 root = start(state);
	u32 gfn = world_new_frame();
	u64 before = world_to(gfn, PTE_P | PTE_US);

	world_map(root, USER_VA, before);
	must_fault(USER_VA, WRITE, PFEC_P | PFEC_W);
	must_fault(USER_VA, WRITE | RING3, PFEC_P | PFEC_W | PFEC_U);
	assert_int_equal(world_get(world_pte(root, USER_VA)), before);
	must_reach(USER_VA, READ | RING3, gfn);
	must_fault(USER_VA, WRITE, PFEC_P | PFEC_W);
	must_fault(USER_VA + PAGE_SIZE, READ, 0);

	world_map(root, USER_VA2, world_to(gfn, KERN_FLAGS));
	must_fault(USER_VA2, READ | RING3, PFEC_P | PFEC_U);
	must_reach(USER_VA2, WRITE, gfn);
	must_fault(USER_VA2, READ | RING3, PFEC_P | PFEC_U);
	must_fault(world_kva(gfn, 0), WRITE | RING3, PFEC_P | PFEC_W | PFEC_U);
}

static void test_directory_rights(void **state)
{
	u64 root = start(state);
	u32 gfn = user_page(root, USER_VA);
	struct place pde = world_pde(root, USER_VA);
	u64 table = world_get(pde) & PTE_FRAME;

	world_set(pde, table | PTE_P | PTE_US);
	must_fault(USER_VA, WRITE | RING3, PFEC_P | PFEC_W | PFEC_U);
	must_reach(USER_VA, READ | RING3, gfn);
	must_fault(USER_VA, WRITE, PFEC_P | PFEC_W);
	store_entry(pde, table | PTE_P | PTE_RW);
	sh_flush_user(&w.shadow);
	must_fault(USER_VA, READ | RING3, PFEC_P | PFEC_U);
	must_reach(USER_VA, WRITE, gfn);
	check_agrees();
}

static void test_no_execute(void **state)
{
	u64 root;
	u32 gfn;

	if (!w.config.is_pae) {
		return;
	}
	root = start(state);
	gfn = user_page(root, USER_VA);
	world_set(world_pte(root, USER_VA),
		  world_to(gfn, USER_FLAGS | PTE_A | PTE_NX));
	if (!w.config.has_nx) {
		assert_int_equal(world_access(USER_VA, READ).rc, ACCESS_KILL);
		return;
	}
	must_fault(USER_VA, FETCH, PFEC_P | PFEC_I);
	must_reach(USER_VA, READ, gfn);
	must_fault(USER_VA, FETCH | RING3, PFEC_P | PFEC_I | PFEC_U);
	/* The same from the directory. */
	world_set(world_pte(root, USER_VA), world_to(gfn, USER_FLAGS | PTE_A));
	world_set(world_pde(root, USER_VA),
		  world_get(world_pde(root, USER_VA)) | PTE_NX);
	sh_flush_user(&w.shadow);
	must_fault(USER_VA, FETCH, PFEC_P | PFEC_I);
	must_reach(USER_VA, READ, gfn);
}

/* Flags that the processor must not see are not repeated. */
static void test_flags(void **state)
{
	u64 root = start(state);
	u32 gfn = world_new_frame();

	world_map(root, USER_VA,
		  world_to(gfn, USER_FLAGS | PTE_A | PTE_G | PTE_PWT | PTE_PCD |
					0xe00));
	must_reach(USER_VA, READ | RING3, gfn);
	must_reach(USER_VA, WRITE | RING3, gfn);
	check_agrees();
}

static void test_illegal(void **state)
{
	u64 root = start(state);
	u32 gfn = user_page(root, USER_VA);
	struct place pte = world_pte(root, USER_VA);
	struct place pde = world_pde(root, USER_VA);
	u64 table = world_get(pde);

	world_set(pte, world_to(gfn, USER_FLAGS | PTE_PS));
	assert_int_equal(world_access(USER_VA, READ).rc, ACCESS_KILL);
	world_set(pte, world_to(gfn, USER_FLAGS));
	world_set(pde, table | PTE_PS);
	assert_int_equal(world_access(USER_VA, READ).rc, ACCESS_KILL);
	world_set(pde, table | PTE_G);
	assert_int_equal(world_access(USER_VA, READ).rc, ACCESS_KILL);
	world_set(pde, world_to(w.config.ram, DIR_FLAGS));
	assert_int_equal(world_access(USER_VA, READ).rc, ACCESS_KILL);
	world_set(pde, table);
	must_reach(USER_VA, READ, gfn);
}

/* Frames beyond RAM are never mapped, announced or not. */
static void test_mmio(void **state)
{
	u64 root = start(state);
	u32 gfn = user_page(root, USER_VA);
	struct place pte = world_pte(root, USER_VA);
	const u32 beyond[] = { w.config.ram, w.config.ram + 256, 0xfffff };

	for (u32 i = 0; i < ARRAY_SIZE(beyond); i++) {
		must_reach(USER_VA, READ, gfn);
		world_set(pte, world_to(beyond[i], USER_FLAGS | PTE_A | PTE_D));
		sh_set_pte(&w.shadow, mk_gpa(root), mk_gva(USER_VA));
		assert_false(world_is_mapped(USER_VA));
		assert_int_equal(world_access(USER_VA, READ).rc, ACCESS_MMIO);
		assert_int_equal(world_access(USER_VA + 56, WRITE).rc,
				 ACCESS_MMIO);
		assert_false(world_is_mapped(USER_VA));
		check();
		world_set(pte, world_to(gfn, USER_FLAGS | PTE_A | PTE_D));
	}
	if (w.config.is_pae) {
		world_set(pte, 1ull << 40 | USER_FLAGS);
		assert_int_equal(world_access(USER_VA, READ).rc, ACCESS_MMIO);
	}
	/* Rights count there too. */
	world_set(pte, world_to(w.config.ram, PTE_P | PTE_US));
	must_fault(USER_VA, WRITE | RING3, PFEC_P | PFEC_W | PFEC_U);
	assert_int_equal(world_access(USER_VA, READ | RING3).rc, ACCESS_MMIO);
	world_set(pte, world_to(w.config.ram, PTE_P));
	must_fault(USER_VA, READ | RING3, PFEC_P | PFEC_U);
}

/* Neighbours come along, with no more than their own entries allow. */
static void test_neighbours(void **state)
{
	u64 root = start(state);
	u32 va = USER_VA + 8 * PAGE_SIZE, gfn = w.free + 8;
	u32 filled;

	world_map(root, va + 0x1000, world_to(1, USER_FLAGS));
	world_map(root, va + 0x2000, world_to(2, USER_FLAGS | PTE_A));
	world_map(root, va + 0x3000, world_to(3, USER_FLAGS | PTE_A | PTE_D));
	world_map(root, va + 0x4000, world_to(4, USER_FLAGS | PTE_A | PTE_PS));
	world_map(root, va + 0x5000,
		  world_to(w.config.ram, USER_FLAGS | PTE_A));
	world_map(root, va + 0x6000, world_to(6, PTE_RW | PTE_A | PTE_D));
	world_map(root, va - 0x1000, world_to(7, USER_FLAGS | PTE_A));
	world_map(root, va, world_to(gfn, USER_FLAGS));
	filled = (u32)w.shadow.stats.prefaulted;
	must_reach(va, READ, gfn);
	assert_int_equal(w.shadow.stats.prefaulted - filled, 2);
	assert_int_equal(world_mapped_gfn(va + 0x2000), 2);
	assert_false(world_is_writable(va + 0x2000));
	assert_true(world_is_writable(va + 0x3000));
	assert_false(world_is_mapped(va + 0x1000));
	assert_false(world_is_mapped(va - 0x1000));
	check_agrees();
}

/* --- announced changes -------------------------------------------------- */

static void test_set_pte(void **state)
{
	u64 root = start(state);
	u32 gfn = user_page(root, USER_VA);
	u32 other = world_new_frame();
	struct place pte = world_pte(root, USER_VA);

	must_reach(USER_VA, WRITE, gfn);
	/* Said, but not changed. */
	sh_set_pte(&w.shadow, mk_gpa(root), mk_gva(USER_VA));
	assert_int_equal(world_mapped_gfn(USER_VA), gfn);
	/* Accessed: there at once, writable only if it is dirty. */
	store_entry(pte, world_to(other, USER_FLAGS | PTE_A));
	sh_set_pte(&w.shadow, mk_gpa(root), mk_gva(USER_VA));
	assert_int_equal(world_mapped_gfn(USER_VA), other);
	assert_false(world_is_writable(USER_VA));
	store_entry(pte, world_to(gfn, USER_FLAGS));
	sh_set_pte(&w.shadow, mk_gpa(root), mk_gva(USER_VA));
	assert_false(world_is_mapped(USER_VA));
	must_reach(USER_VA, READ, gfn);
	store_entry(pte, 0);
	sh_set_pte(&w.shadow, mk_gpa(root), mk_gva(USER_VA));
	must_fault(USER_VA, READ, 0);
	/* Nonsense is dropped, not taken. */
	store_entry(pte, world_to(gfn, USER_FLAGS | PTE_A | PTE_PS));
	sh_set_pte(&w.shadow, mk_gpa(root), mk_gva(USER_VA));
	assert_false(world_is_mapped(USER_VA));
	check();
}

static void test_set_pte_elsewhere(void **state)
{
	u64 root = start(state);
	u64 other = world_new_root();
	u32 gfn = user_page(root, USER_VA);
	u32 twin = user_page(other, USER_VA);

	must_reach(USER_VA, READ, gfn);
	world_switch(other);
	must_reach(USER_VA, READ, twin);
	/* In a root that sleeps. */
	store_entry(world_pte(root, USER_VA), 0);
	sh_set_pte(&w.shadow, mk_gpa(root), mk_gva(USER_VA));
	assert_int_equal(world_mapped_gfn(USER_VA), twin);
	/* In roots and for addresses that nobody has seen. */
	sh_set_pte(&w.shadow, mk_gpa(0x123000), mk_gva(USER_VA));
	sh_set_pte(&w.shadow, mk_gpa(0xfffffffe0), mk_gva(USER_VA));
	sh_set_pte(&w.shadow, mk_gpa(other), mk_gva(USER_VA2));
	check();
	world_switch(root);
	must_fault(USER_VA, READ, 0);
}

/* A directory entry: dropped when it changed, kept when it did not. */
static void announce_directory(u64 root, u32 va)
{
	struct place pde = world_pde(root, va);

	if (w.config.is_pae) {
		sh_set_pmd(&w.shadow, mk_gpa((u64)pde.gfn << 12), pde.i);
	} else {
		sh_set_pgd(&w.shadow, mk_gpa(root), pde.i);
	}
	check();
}

static void set_directory_at(u64 root, u32 va)
{
	u32 gfn = user_page(root, va);
	struct place pde = world_pde(root, va);
	u64 old = world_get(pde);
	u32 other;

	must_reach(va, WRITE, gfn);
	announce_directory(root, va);
	assert_int_equal(world_mapped_gfn(va), gfn);
	store_entry(pde, 0);
	announce_directory(root, va);
	must_fault(va, WRITE, PFEC_W);
	other = user_page(root, va); /* in a new table */
	announce_directory(root, va);
	must_reach(va, WRITE, other);
	store_entry(pde, old);
	announce_directory(root, va);
	assert_false(world_is_mapped(va));
	must_reach(va, WRITE, gfn);
}

static void test_set_directory(void **state)
{
	u64 root = start(state);
	u32 far = w.config.kernel + 0x10000000;

	set_directory_at(root, USER_VA);
	if (split_va()) {
		set_directory_at(root, split_va() + 0x200000);
	}
	/* The kernel half: 2-level entries span two of the shadow's. */
	set_directory_at(root, far);
	set_directory_at(root, far + 0x600000);
	check_agrees();
}

/* A directory is found wherever it is used, in roots that sleep too. */
static void test_set_directory_asleep(void **state)
{
	u64 root = start(state), other = world_new_root();
	u32 gfn = user_page(root, USER_VA);

	must_reach(USER_VA, READ, gfn);
	world_switch(other);
	store_entry(world_pde(root, USER_VA), 0);
	announce_directory(root, USER_VA);
	must_fault(USER_VA, READ, 0);
	world_switch(root);
	assert_false(world_is_mapped(USER_VA));
	must_fault(USER_VA, READ, 0);
}

static void test_set_root_entry(void **state)
{
	u32 directory = w.config.ram - 1, table = directory - 1;
	u64 root;
	u32 gfn, q = split_va() >> 30, va = q << 30 | USER_VA;
	struct place pdpte;
	u64 old;

	if (!w.config.is_pae) {
		return;
	}
	root = start(state);
	gfn = user_page(root, va);
	must_reach(va, READ, gfn);
	pdpte = world_pdpte(root, q);
	old = world_get(pdpte);
	world_set_entry(directory, va >> 21 & 511, world_to(table, DIR_FLAGS));
	world_set_entry(table, va >> 12 & 511, world_to(7, USER_FLAGS));

	sh_set_pgd(&w.shadow, mk_gpa(root), q);
	assert_int_equal(world_mapped_gfn(va), gfn);
	store_entry(pdpte, world_to(directory, PTE_P));
	sh_set_pgd(&w.shadow, mk_gpa(root), q);
	must_reach(va, READ, 7);
	world_set(pdpte, 0);
	sh_set_pgd(&w.shadow, mk_gpa(root), q);
	must_fault(va, READ, 0);
	world_set(pdpte, old);
	sh_set_pgd(&w.shadow, mk_gpa(root), q);
	must_reach(va, READ, gfn);
	world_set(pdpte, world_to(w.config.ram, PTE_P));
	sh_set_pgd(&w.shadow, mk_gpa(root), q);
	check();
	assert_int_equal(world_access(va, READ).rc, ACCESS_KILL);
}

/* Arguments that name nothing. */
static void test_set_nothing(void **state)
{
	u64 root = start(state);
	const u64 odd[] = { 0,
			    0x1000,
			    0x123456789000,
			    root + 0x1000,
			    (u64)w.config.ram << 12,
			    ~0ull };
	u32 gfn = user_page(root, USER_VA);

	must_reach(USER_VA, READ, gfn);
	for (u32 n = 0; n < ARRAY_SIZE(odd); n++) {
		for (u32 i = 0; i < 3000; i = i < 600 ? i + 1 : i * 2) {
			sh_set_pmd(&w.shadow, mk_gpa(odd[n]), i);
			sh_set_pgd(&w.shadow, mk_gpa(odd[n]), i);
		}
		sh_set_pmd(&w.shadow, mk_gpa(odd[n]), ~0u);
		sh_set_pgd(&w.shadow, mk_gpa(odd[n]), ~0u);
	}
	check();
	must_reach(USER_VA, READ, gfn);
}

/* --- the kernel half ---------------------------------------------------- */

static void test_kernel_shared(void **state)
{
	u64 root = start(state), other = world_new_root();
	u32 va = world_kva(9, 0), gfn = world_new_frame();

	must_reach(va, WRITE, 9);
	world_switch(other);
	assert_int_equal(world_mapped_gfn(va), 9);
	must_reach(va + 0x8000, READ, 17);
	/* One announcement is seen by all. */
	store_entry(world_pte(root, va), world_to(gfn, KERN_FLAGS));
	sh_set_pte(&w.shadow, mk_gpa(root), mk_gva(va));
	assert_int_equal(world_mapped_gfn(va), gfn);
	world_switch(root);
	assert_int_equal(world_mapped_gfn(va), gfn);
	assert_int_equal(world_mapped_gfn(va + 0x8000), 17);
	check_agrees();
}

/* Roots with pages of their own beside the kernel, and roots without. */
static void test_kernel_beside_user(void **state)
{
	u64 root = start(state), other = world_new_root();
	u64 third = world_new_root();
	u32 user = split_va() ? split_va() : USER_VA;
	u32 far = w.config.kernel + 0x02000000;
	u32 gfn = user_page(root, user), twin = user_page(other, user);
	u32 page = user_page(root, far);

	must_reach(user, READ, gfn);
	world_switch(other);
	must_reach(user, READ, twin);
	world_switch(root);
	must_reach(far, READ, page);
	must_reach(world_kva(3, 0), READ, 3);
	world_switch(third);
	assert_int_equal(world_mapped_gfn(far), page);
	assert_false(world_is_mapped(user));
	world_switch(other);
	assert_int_equal(world_mapped_gfn(far), page);
	assert_int_equal(world_mapped_gfn(user), twin);
	assert_int_equal(world_mapped_gfn(world_kva(3, 0)), 3);
	/* Gone from one is gone from all. */
	world_switch(root);
	store_entry(world_pde(root, far), 0);
	announce_directory(root, far);
	must_fault(far, READ, 0);
	world_switch(other);
	assert_false(world_is_mapped(far));
	check();
	world_switch(third);
	assert_false(world_is_mapped(far));
}

/* --- a frame that others write ------------------------------------------ */

/* A store that nobody tells of: the frame is mapped elsewhere, too. */
static void write_unseen(struct place p, u64 value)
{
	mfn_t m;

	assert_int_equal(p2m_lookup(&w.p2m, mk_gfn(p.gfn), &m), P2M_RAM);
	if (w.config.is_pae) {
		((u64 *)hvmap_page(m))[p.i] = value;
	} else {
		((u32 *)hvmap_page(m))[p.i] = (u32)value;
	}
}

static void test_shared(void **state)
{
	u64 root = start(state);
	u32 gfn = user_page(root, USER_VA);
	struct place pte = world_pte(root, USER_VA);
	u32 map = world_kva(pte.gfn, 0);

	sh_share(&w.shadow, mk_gfn(pte.gfn));
	must_reach(USER_VA, READ, gfn);
	for (u32 n = 1; n < 7; n++) {
		sh_flush_all(&w.shadow);
		write_unseen(pte, world_to(n, USER_FLAGS | PTE_A));
		sh_flush_user(&w.shadow);
		assert_int_equal(world_mapped_gfn(USER_VA), n);
		/* With a writable map of the guest's, and without again. */
		if (n == 2) {
			must_reach(map, WRITE, pte.gfn);
		} else if (n == 4) {
			world_set(world_pte(root, map), 0);
			sh_set_pte(&w.shadow, mk_gpa(root), mk_gva(map));
		}
		check();
	}
	check_agrees();
	sh_reset(&w.shadow);
	assert_int_equal(sh_gframe(&w.shadow, mk_gfn(pte.gfn))->wcount, 0);
}

int main(void)
{
	const struct shadow_test tests[] = {
		SHADOW_TEST(test_linear),
		SHADOW_TEST(test_switcher),
		SHADOW_TEST(test_window_reset),
		SHADOW_TEST(test_fill),
		SHADOW_TEST(test_refused),
		SHADOW_TEST(test_directory_rights),
		SHADOW_TEST(test_no_execute),
		SHADOW_TEST(test_flags),
		SHADOW_TEST(test_illegal),
		SHADOW_TEST(test_mmio),
		SHADOW_TEST(test_neighbours),
		SHADOW_TEST(test_set_pte),
		SHADOW_TEST(test_set_pte_elsewhere),
		SHADOW_TEST(test_set_directory),
		SHADOW_TEST(test_set_directory_asleep),
		SHADOW_TEST(test_set_root_entry),
		SHADOW_TEST(test_set_nothing),
		SHADOW_TEST(test_shared),
		SHADOW_TEST(test_kernel_shared),
		SHADOW_TEST(test_kernel_beside_user),
	};

	return run_shadow_tests("shadow", tests, ARRAY_SIZE(tests));
}
