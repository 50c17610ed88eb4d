/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flushes of the shadow: they notice what the guest changed without a word,
 * by whatever way it wrote, wherever the table is used; and they look at
 * nothing that was not written.
 */
#include "test/host/shadow_tests.h"

/* A user address of a GiB that has no kernel in it; 0: there is none. */
static u32 plain_va(void)
{
	return w.config.kernel >= 1u << 30 ? USER_VA : 0;
}

static u32 directory_of(u64 root, u32 va)
{
	return world_pde(root, va).gfn;
}

/* --- what changed is noticed -------------------------------------------- */

static void edit_and_flush(u64 root, u32 va, void (*flush)(struct shadow *))
{
	u32 gfn = user_page(root, va), other = world_new_frame();
	struct place pte = world_pte(root, va), pde = world_pde(root, va);
	u64 table = world_get(pde);

	must_reach(va, WRITE, gfn);
	flush(&w.shadow);
	assert_int_equal(world_mapped_gfn(va), gfn);
	store_entry(pte, world_to(other, USER_FLAGS | PTE_A));
	flush(&w.shadow);
	assert_int_equal(world_mapped_gfn(va), other);
	assert_false(world_is_writable(va));
	store_entry(pte, 0);
	flush(&w.shadow);
	must_fault(va, READ, 0);
	store_entry(pte, world_to(gfn, USER_FLAGS));
	must_reach(va, WRITE, gfn);
	/* Accessed and dirty taken away: to be noticed at the next use. */
	store_entry(pte, world_to(gfn, USER_FLAGS | PTE_A));
	flush(&w.shadow);
	assert_false(world_is_writable(va));
	store_entry(pte, world_to(gfn, USER_FLAGS));
	flush(&w.shadow);
	assert_false(world_is_mapped(va));
	must_reach(va, WRITE, gfn);
	check_agrees();

	store_entry(pde, 0);
	flush(&w.shadow);
	must_fault(va, READ, 0);
	store_entry(pde, table & ~(u64)PTE_RW);
	must_reach(va, READ, gfn);
	must_fault(va, WRITE, PFEC_P | PFEC_W);
	store_entry(pde, table & ~(u64)PTE_A);
	flush(&w.shadow);
	must_reach(va, WRITE, gfn);
	assert_int_equal(world_get(pde), table | PTE_A);
	check_agrees();
}

static void test_flush_user(void **state)
{
	u64 root = start(state);

	edit_and_flush(root, USER_VA, sh_flush_user);
	if (split_va()) {
		edit_and_flush(root, split_va() + 0x200000, sh_flush_user);
	}
}

static void test_flush_all(void **state)
{
	u64 root = start(state);

	edit_and_flush(root, USER_VA, sh_flush_all);
	edit_and_flush(root, w.config.kernel + 0x08000000, sh_flush_all);
	edit_and_flush(root, w.config.kernel + 0x10200000, sh_flush_all);
}

static void test_flush_root_entry(void **state)
{
	u32 directory = w.config.ram - 1, table = directory - 1;
	u32 va = split_va() | USER_VA;
	u32 far = w.config.kernel + 0x10000000;
	u64 root, old;
	u32 gfn;

	if (!w.config.is_pae) {
		return;
	}
	root = start(state);
	gfn = user_page(root, va);
	must_reach(va, READ, gfn);
	must_reach(world_kva(9, 0), READ, 9);
	old = world_get(world_pdpte(root, va >> 30));
	world_set_entry(directory, va >> 21 & 511, world_to(table, DIR_FLAGS));
	world_set_entry(table, va >> 12 & 511, world_to(7, USER_FLAGS));
	store_entry(world_pdpte(root, va >> 30), world_to(directory, PTE_P));
	sh_flush_user(&w.shadow);
	must_reach(va, READ, 7);
	store_entry(world_pdpte(root, va >> 30), old);
	sh_flush_all(&w.shadow);
	must_reach(va, READ, gfn);
	gfn = user_page(root, far);
	must_reach(far, READ, gfn);
	world_set(world_pdpte(root, far >> 30), 0);
	sh_flush_all(&w.shadow);
	must_fault(far, READ, 0);
	check_agrees();
}

/* Flags that a root entry must not have: as bad as no entry. */
static void test_flush_root_flags(void **state)
{
	u32 va = split_va() | USER_VA;
	struct place pdpte;
	u64 root, old;

	if (!w.config.is_pae) {
		return;
	}
	root = start(state);
	must_reach(va, READ, user_page(root, va));
	pdpte = world_pdpte(root, va >> 30);
	old = world_get(pdpte);
	store_entry(pdpte, old | PTE_A);
	sh_flush_user(&w.shadow);
	assert_false(world_is_mapped(va));
	assert_int_equal(world_access(va, READ).rc, ACCESS_KILL);
	store_entry(pdpte, old);
	sh_flush_user(&w.shadow);
	assert_int_equal(world_access(va, READ).rc, ACCESS_OK);
	store_entry(pdpte, old | 1ull << 52);
	sh_flush_all(&w.shadow);
	assert_false(world_is_mapped(va));
	check_agrees();
}

/* --- what did not change costs nothing ---------------------------------- */

static void test_idle(void **state)
{
	u64 root = start(state), other = world_new_root();
	u32 gfn = user_page(root, USER_VA), twin = user_page(other, USER_VA);
	struct sh_stats before;

	must_reach(USER_VA, WRITE, gfn);
	world_switch(other);
	must_reach(USER_VA, WRITE, twin);
	/* The kernel's map of the tables themselves, writable. */
	must_reach(world_kva(world_pte(root, USER_VA).gfn, 0), READ,
		   world_pte(root, USER_VA).gfn);
	must_reach(world_kva(world_pde(root, USER_VA).gfn, 0), READ,
		   world_pde(root, USER_VA).gfn);
	for (u32 n = 0; n < 2; n++) {
		sh_flush_all(&w.shadow);
		world_switch(root);
		sh_flush_all(&w.shadow);
		world_switch(other);
	}
	before = w.shadow.stats;
	for (u32 n = 0; n < 5; n++) {
		sh_flush_all(&w.shadow);
		sh_flush_user(&w.shadow);
		world_switch(n % 2 ? other : root);
		assert_true(world_is_mapped(USER_VA));
	}
	assert_int_equal(w.shadow.stats.checked, before.checked);
	assert_int_equal(w.shadow.stats.mended, before.mended);
	/* One store: one table. */
	world_switch(root);
	store_entry(world_pte(root, USER_VA + 0x1000), 0);
	sh_flush_user(&w.shadow);
	assert_int_equal(w.shadow.stats.checked, before.checked + 1);
	check_agrees();
}

/* --- other ways to write ------------------------------------------------ */

static void test_device_writes(void **state)
{
	u64 root = start(state);
	u32 gfn = user_page(root, USER_VA);

	must_reach(USER_VA, READ, gfn);
	sh_flush_user(&w.shadow);
	world_set(world_pte(root, USER_VA), world_to(4, USER_FLAGS | PTE_A));
	sh_flush_user(&w.shadow);
	assert_int_equal(world_mapped_gfn(USER_VA), 4);
	check_agrees();
}

/* Umbra writes to a clean page: dirty is set, and nothing is amiss. */
static void test_walk_sets_dirty(void **state)
{
	u64 root = start(state);
	u32 gfn = world_new_frame();

	world_map(root, USER_VA, world_to(gfn, USER_FLAGS));
	must_reach(USER_VA, READ, gfn);
	sh_flush_user(&w.shadow);
	assert_int_equal(gwalk_write(&w.mmu, mk_gva(USER_VA), "x", 1), 0);
	assert_int_equal(world_get(world_pte(root, USER_VA)),
			 world_to(gfn, USER_FLAGS | PTE_A | PTE_D));
	check_agrees();
	must_reach(USER_VA, WRITE, gfn);
}

/* Umbra pushes on the guest's stack, which happens to be a table. */
static void test_writable_pointer(void **state)
{
	u64 root = start(state);
	u32 gfn = user_page(root, USER_VA);
	struct place pte = world_pte(root, USER_VA);
	u32 at = world_kva(pte.gfn, pte.i * (w.config.is_pae ? 8 : 4));
	u32 *p;

	must_reach(USER_VA, READ, gfn);
	assert_null(sh_writable(&w.shadow, mk_gva(at), 4));
	must_reach(at, READ, pte.gfn);
	sh_flush_user(&w.shadow);
	p = sh_writable(&w.shadow, mk_gva(at), 4);
	assert_non_null(p);
	*p = (u32)world_to(4, USER_FLAGS | PTE_A);
	check();
	sh_flush_user(&w.shadow);
	assert_int_equal(world_mapped_gfn(USER_VA), 4);
	assert_null(sh_writable(&w.shadow, mk_gva(USER_VA), 4));
	assert_null(sh_writable(&w.shadow, mk_gva(at | 0xffe), 4));
	assert_non_null(sh_writable(&w.shadow, mk_gva(at | 0xffc), 4));
	assert_null(sh_writable(&w.shadow, mk_gva(SWITCH_REGS), 4));
	assert_null(sh_writable(&w.shadow, mk_gva(world_kva(90, 0)), 4));
	check_agrees();
}

/* One table, two writable maps: by any of them, with either gone. */
static void test_two_writers(void **state)
{
	u64 root = start(state);
	u32 gfn = user_page(root, USER_VA);
	struct place pte = world_pte(root, USER_VA);
	u32 at = pte.i * (w.config.is_pae ? 8 : 4);
	u32 va = USER_VA2 + 0x8000;

	must_reach(USER_VA, READ, gfn);
	must_reach(world_kva(pte.gfn, 0), WRITE, pte.gfn);
	world_map(root, va, world_to(pte.gfn, KERN_FLAGS));
	sh_flush_all(&w.shadow);
	must_reach(va, WRITE, pte.gfn);
	for (u32 n = 0; n < 6; n++) {
		u32 by = n % 2 && n < 4 ? va : world_kva(pte.gfn, 0);

		sh_flush_all(&w.shadow);
		assert_true(world_store(
			by + at, (u32)world_to(n + 1, USER_FLAGS | PTE_A)));
		check();
		sh_flush_all(&w.shadow);
		assert_int_equal(world_mapped_gfn(USER_VA), n + 1);
		if (n == 3) {
			world_set(world_pte(root, va), 0);
			sh_set_pte(&w.shadow, mk_gpa(root), mk_gva(va));
			check();
		}
	}
	check_agrees();
}

/* The only map that could have told goes away after a store. */
static void test_writer_gone(void **state)
{
	u64 root = start(state);
	u32 gfn = user_page(root, USER_VA);
	struct place pte = world_pte(root, USER_VA);
	u32 map = world_kva(pte.gfn, 0);

	must_reach(USER_VA, READ, gfn);
	must_reach(map, WRITE, pte.gfn);
	sh_flush_all(&w.shadow);
	store_entry(pte, world_to(4, USER_FLAGS | PTE_A));
	world_set(world_pte(root, map), 0);
	sh_set_pte(&w.shadow, mk_gpa(root), mk_gva(map));
	assert_false(world_is_mapped(map));
	check();
	sh_flush_all(&w.shadow);
	assert_int_equal(world_mapped_gfn(USER_VA), 4);
	check_agrees();
}

/* --- tables in odd places ----------------------------------------------- */

/* A table that maps itself, and is edited through that map. */
static void test_self_map(void **state)
{
	u64 root = start(state);
	u32 gfn = user_page(root, USER_VA);
	struct place pte = world_pte(root, USER_VA);
	u32 at = pte.i * (w.config.is_pae ? 8 : 4);
	u32 self = ROUND_DOWN(USER_VA, 0x200000u) | 0x5000;

	world_map(root, self, world_to(pte.gfn, KERN_FLAGS));
	must_reach(USER_VA, READ, gfn);
	must_reach(self + at, WRITE, pte.gfn);
	for (u32 n = 1; n < 5; n++) {
		sh_flush_user(&w.shadow);
		assert_true(world_store(self + at,
					(u32)world_to(n, USER_FLAGS | PTE_A)));
		check();
		sh_flush_user(&w.shadow);
		assert_int_equal(world_mapped_gfn(USER_VA), n);
	}
	check_agrees();
}

/* A directory that is also used as a table: the old way to edit tables. */
static void test_recursive(void **state)
{
	u64 root = start(state);
	u32 size = w.config.is_pae ? 8 : 4;
	u32 shift = w.config.is_pae ? 21 : 22;
	u32 gfn = user_page(root, USER_VA);
	struct place pde = world_pde(root, USER_VA);
	struct place pte = world_pte(root, USER_VA);
	/* The entry before the kernel's, or the last of the first GiB. */
	u32 slot = (w.config.kernel == 0x00400000 ? 0x00200000 : 0x3fc00000) &
		   ~((1u << shift) - 1);
	struct place self = world_pde(root, slot);

	if (slot == 0) {
		return; /* no directory entry is left */
	}
	world_set(self, world_to(pde.gfn, DIR_FLAGS | PTE_D));
	must_reach(USER_VA, READ, gfn);
	/* The table of USER_VA, seen through the directory as a table. */
	must_reach(slot + pde.i * PAGE_SIZE, READ, pte.gfn);
	sh_flush_all(&w.shadow);
	must_reach(slot + pde.i * PAGE_SIZE + pte.i * size, WRITE, pte.gfn);
	assert_true(world_store(slot + pde.i * PAGE_SIZE + pte.i * size,
				(u32)world_to(4, USER_FLAGS | PTE_A)));
	check();
	sh_flush_all(&w.shadow);
	assert_int_equal(world_mapped_gfn(USER_VA), 4);
	check_agrees();
	/* And the directory itself. */
	must_reach(slot + self.i * PAGE_SIZE + pde.i * size, WRITE, pde.gfn);
	assert_true(world_store(slot + self.i * PAGE_SIZE + pde.i * size, 0));
	check();
	sh_flush_all(&w.shadow);
	must_fault(USER_VA, READ, 0);
	check_agrees();
}

/* --- roots that sleep --------------------------------------------------- */

static void test_sleeping(void **state)
{
	u64 root = start(state), other = world_new_root();
	u32 gfn = user_page(root, USER_VA), twin = user_page(other, USER_VA);

	must_reach(USER_VA, WRITE, gfn);
	world_switch(other);
	must_reach(USER_VA, WRITE, twin);
	sh_flush_all(&w.shadow);
	store_entry(world_pte(root, USER_VA), 0);
	sh_flush_all(&w.shadow);
	assert_int_equal(world_mapped_gfn(USER_VA), twin);
	world_switch(root);
	must_fault(USER_VA, READ, 0);
	check();
	/* A whole table at a time. */
	store_entry(world_pde(other, USER_VA), 0);
	sh_flush_all(&w.shadow);
	world_switch(other);
	must_fault(USER_VA, READ, 0);
	check_agrees();
}

/*
 * A table that only a sleeping root uses is edited, everything is flushed,
 * and then the current root gets the table too.
 */
static void test_adopted_table(void **state)
{
	u64 root = start(state), other = world_new_root();
	u32 gfn = user_page(other, USER_VA);
	u32 second = user_page(other, USER_VA + 0x1000);
	struct place pte = world_pte(other, USER_VA);

	world_switch(other);
	must_reach(USER_VA, WRITE, gfn);
	must_reach(USER_VA + 0x1000, WRITE, second);
	world_switch(root);
	store_entry(pte, world_to(4, USER_FLAGS | PTE_A));
	sh_flush_all(&w.shadow);
	user_page(root, USER_VA2 + 0x8000); /* a directory for all */
	store_entry(world_pde(root, USER_VA), world_to(pte.gfn, DIR_FLAGS));
	must_reach(USER_VA + 0x1000, READ, second);
	must_reach(USER_VA, READ, 4);
	check_agrees();
}

/* The same with a directory, in roots that are told of it or not. */
static void test_adopted_directory(void **state)
{
	u32 va = plain_va();
	u64 root, other;
	u32 gfn, second, directory;

	if (!w.config.is_pae || !va) {
		return;
	}
	root = start(state);
	other = world_new_root();
	gfn = user_page(other, va);
	second = user_page(other, va + 0x200000);
	directory = directory_of(other, va);
	world_switch(other);
	must_reach(va, WRITE, gfn);
	must_reach(va + 0x200000, WRITE, second);
	world_switch(root);
	store_entry(world_pte(other, va), world_to(4, USER_FLAGS | PTE_A));
	store_entry(world_pde(other, va + 0x200000), 0);
	sh_flush_all(&w.shadow);
	world_set(world_pdpte(root, 0), world_to(directory, PTE_P));
	sh_set_pgd(&w.shadow, mk_gpa(root), 0);
	must_reach(va + 0x100, READ, 4);
	must_fault(va + 0x200000, READ, 0);
	check_agrees();
}

/* --- one directory in several places ------------------------------------ */

/* Two roots, one directory, in different GiBs of them. */
static void test_directory_twice(void **state)
{
	u32 va = plain_va(), high;
	u64 root, other;
	u32 gfn, directory;

	if (!w.config.is_pae || !va || w.config.kernel < 2u << 30) {
		return;
	}
	high = va | 1u << 30;
	root = start(state);
	other = world_new_root();
	gfn = user_page(root, va);
	directory = directory_of(root, va);
	world_set(world_pdpte(other, 1), world_to(directory, PTE_P));
	must_reach(va, READ, gfn);
	world_switch(other);
	must_reach(high, READ, gfn);
	store_entry(world_pde(root, va), 0);
	sh_flush_all(&w.shadow);
	must_fault(high, READ, 0);
	world_switch(root);
	must_fault(va, READ, 0);
	check_agrees();
}

/*
 * A page made for a GiB that is half the kernel's outlives the root that
 * used it, because its directory is in use in another GiB too; meanwhile
 * the kernel half changes.
 */
static void test_kernel_copy_kept(void **state)
{
	u32 va = split_va(), far;
	u64 root, other, old;
	u32 gfn;

	if (!w.config.is_pae || va < 1u << 30) {
		return;
	}
	far = w.config.kernel + 0x02000000;
	root = start(state);
	other = world_new_root();
	gfn = user_page(root, va);
	old = world_get(world_pdpte(root, va >> 30));
	world_set(world_pdpte(other, 0), old);
	world_switch(other);
	must_reach(va & 0x3fffffff, READ, gfn);
	world_switch(root);
	must_reach(va, READ, gfn);
	must_reach(far, READ, user_page(root, far));
	/* Away and back. */
	world_set(world_pdpte(root, va >> 30), 0);
	sh_set_pgd(&w.shadow, mk_gpa(root), va >> 30);
	check();
	world_set_entry((u32)(old >> 12), far >> 21 & 511, 0);
	sh_flush_all(&w.shadow);
	check();
	world_set(world_pdpte(root, va >> 30), old);
	sh_set_pgd(&w.shadow, mk_gpa(root), va >> 30);
	must_reach(va, READ, gfn);
	must_fault(far, READ, 0);
	check_agrees();
}

/* --- the kernel half and who watches it --------------------------------- */

/* The directory appears after the kernel half was compared without it. */
static void test_kernel_directory_appears(void **state)
{
	u32 far = 0xc0000000, gfn;
	u64 root, old;

	/* Not where the kernel would lose its own map. */
	if (!w.config.is_pae || w.config.kernel >= far) {
		return;
	}
	root = start(state);
	gfn = user_page(root, far);
	old = world_get(world_pdpte(root, 3));
	must_reach(world_kva((u32)(old >> 12), 0), WRITE, (u32)(old >> 12));
	world_set(world_pdpte(root, 3), 0);
	sh_flush_all(&w.shadow);
	store_entry(world_pdpte(root, 3), old);
	must_reach(far, READ, gfn);
	check();
	store_entry((struct place){ (u32)(old >> 12), far >> 21 & 511 }, 0);
	sh_flush_all(&w.shadow);
	must_fault(far, READ, 0);
	check_agrees();
}

/* FLUSH_TLB(0) on one root must not hide a change from FLUSH_TLB(1). */
static void test_kernel_change_not_hidden(void **state)
{
	u64 root = start(state), other;
	u32 far = w.config.kernel + 0x10000000;
	u32 gfn = user_page(root, far);

	other = world_new_root();
	must_reach(far, READ, gfn);
	must_reach(world_kva(world_pde(root, far).gfn, 0), WRITE,
		   world_pde(root, far).gfn);
	must_reach(world_kva(world_pde(other, far).gfn, 0), WRITE,
		   world_pde(other, far).gfn);
	world_switch(other);
	sh_flush_all(&w.shadow);
	world_switch(root);
	sh_flush_all(&w.shadow);
	world_switch(other);
	sh_flush_all(&w.shadow);
	assert_int_equal(world_mapped_gfn(far), gfn);
	world_switch(root);
	store_entry(world_pde(root, far), 0);
	if (!w.config.is_pae || split_va() >> 30 == far >> 30) {
		store_entry(world_pde(other, far), 0);
	}
	sh_flush_user(&w.shadow);
	check();
	world_switch(other);
	sh_flush_all(&w.shadow);
	must_fault(far, READ, 0);
	check_agrees();
}

int main(void)
{
	const struct shadow_test tests[] = {
		SHADOW_TEST(test_flush_user),
		SHADOW_TEST(test_flush_all),
		SHADOW_TEST(test_flush_root_entry),
		SHADOW_TEST(test_flush_root_flags),
		SHADOW_TEST(test_idle),
		SHADOW_TEST(test_device_writes),
		SHADOW_TEST(test_walk_sets_dirty),
		SHADOW_TEST(test_writable_pointer),
		SHADOW_TEST(test_two_writers),
		SHADOW_TEST(test_writer_gone),
		SHADOW_TEST(test_self_map),
		SHADOW_TEST(test_recursive),
		SHADOW_TEST(test_sleeping),
		SHADOW_TEST(test_adopted_table),
		SHADOW_TEST(test_adopted_directory),
		SHADOW_TEST(test_directory_twice),
		SHADOW_TEST(test_kernel_copy_kept),
		SHADOW_TEST(test_kernel_directory_appears),
		SHADOW_TEST(test_kernel_change_not_hidden),
	};

	return run_shadow_tests("shadow flushes", tests, ARRAY_SIZE(tests));
}
