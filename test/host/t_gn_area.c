/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The areas of an address space against a model that has one record for each
 * page: random mappings, holes and changes of rights, and after each the
 * invariants of guest/gnomon/vm/vm_area.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "guest/gnomon/arch/layout.h"
#include "guest/gnomon/fs/inode.h"
#include "guest/gnomon/vm/vm.h"

#define PAGES  64u
#define BASE   0x10000000u
#define FILES  2u
#define ROUNDS 200000u

static struct inode files[FILES];

struct inode *inode_get(struct inode *i)
{
	i->refs++;
	return i;
}

void inode_put(struct inode *i)
{
	if (i) {
		assert_int_not_equal(i->refs, 0);
		i->refs--;
	}
}

struct page {
	bool is_mapped;
	uint32_t flags;
	struct inode *inode;
	uint32_t page;
};

static struct page model[PAGES];
static struct vm_space space;

static uint32_t va(uint32_t n)
{
	return BASE + n * PAGE_SIZE;
}

static uint32_t below(uint32_t n)
{
	return (uint32_t)rand() % n;
}

static bool goes_on(const struct vm_area *a, const struct vm_area *b)
{
	return a->end == b->start && a->flags == b->flags &&
	       a->inode == b->inode &&
	       (!a->inode ||
		b->page == a->page + (a->end - a->start) / PAGE_SIZE);
}

static void check_area(const struct vm_area *a)
{
	assert_true(a->start < a->end);
	for (uint32_t at = a->start; at < a->end; at += PAGE_SIZE) {
		uint32_t n = (at - BASE) / PAGE_SIZE;

		assert_true(n < PAGES && model[n].is_mapped);
		assert_int_equal(model[n].flags, a->flags);
		assert_ptr_equal(model[n].inode, a->inode);
		if (a->inode) {
			assert_int_equal(model[n].page,
					 a->page + (at - a->start) / PAGE_SIZE);
		}
	}
	if (a->next) {
		assert_true(a->end <= a->next->start);
		assert_false(goes_on(a, a->next));
	}
}

static void check(void)
{
	uint32_t pages = 0, mapped = 0, refs[FILES] = { 0 };

	for (const struct vm_area *a = space.areas; a; a = a->next) {
		check_area(a);
		pages += (a->end - a->start) / PAGE_SIZE;
		if (a->inode) {
			refs[a->inode - files]++;
		}
	}
	for (uint32_t n = 0; n < PAGES; n++) {
		const struct vm_area *a = vm_find(&space, va(n) + below(4096));

		mapped += model[n].is_mapped;
		assert_int_equal(!!a, model[n].is_mapped);
	}
	assert_int_equal(pages, mapped);
	assert_int_equal(space.area_pages, mapped);
	for (uint32_t i = 0; i < FILES; i++) {
		assert_int_equal(files[i].refs, refs[i]);
	}
}

static void cut(uint32_t start, uint32_t end)
{
	assert_int_equal(vm_area_split(&space, start), 0);
	assert_int_equal(vm_area_split(&space, end), 0);
}

static void unmap(uint32_t first, uint32_t count)
{
	uint32_t start = va(first), end = va(first + count);

	cut(start, end);
	vm_area_remove(&space, start, end);
	for (uint32_t n = first; n < first + count; n++) {
		model[n].is_mapped = false;
	}
}

static void map(uint32_t first, uint32_t count)
{
	uint32_t kind = below(FILES + 1);
	struct inode *inode = kind < FILES ? &files[kind] : NULL;
	/* Likely to go on where a neighbour ends. */
	uint32_t page = below(4) ? first : below(1000);
	uint32_t flags = below(4);

	unmap(first, count);
	assert_int_equal(vm_area_add(&space, va(first), count * PAGE_SIZE,
				     flags, inode, page),
			 0);
	vm_area_merge(&space);
	for (uint32_t n = 0; n < count; n++) {
		model[first + n] =
			(struct page){ true, flags, inode, page + n };
	}
}

static void protect(uint32_t first, uint32_t count)
{
	uint32_t start = va(first), end = va(first + count);
	uint32_t flags = below(4);

	cut(start, end);
	for (struct vm_area *a = vm_find_next(&space, start);
	     a && a->start < end; a = a->next) {
		a->flags = flags;
	}
	vm_area_merge(&space);
	for (uint32_t n = first; n < first + count; n++) {
		model[n].flags = flags;
	}
}

static void test_random(void **state)
{
	(void)state;
	srand(1);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint32_t first = below(PAGES);
		uint32_t count =
			1 + below(PAGES - first < 9 ? PAGES - first : 9);

		switch (below(3)) {
		case 0:
			map(first, count);
			break;
		case 1:
			unmap(first, count);
			break;
		default:
			protect(first, count);
		}
		check();
	}
	unmap(0, PAGES);
	check();
}

/* The highest hole that is large enough, by looking at each. */
static uint32_t place(uint32_t count)
{
	for (uint32_t first = PAGES - count + 1; first-- > 0;) {
		uint32_t n = 0;

		while (n < count && !model[first + n].is_mapped) {
			n++;
		}
		if (n == count) {
			return va(first);
		}
	}
	return 0;
}

static void test_place(void **state)
{
	(void)state;
	srand(2);
	/* Nothing below the window, nor behind it. */
	assert_int_equal(vm_area_add(&space, USER_START, BASE - USER_START,
				     VM_EXEC, NULL, 0),
			 0);
	assert_int_equal(vm_area_add(&space, va(PAGES), USER_END - va(PAGES),
				     VM_EXEC, NULL, 0),
			 0);
	for (uint32_t i = 0; i < ROUNDS / 10; i++) {
		uint32_t first = below(PAGES - 8);
		uint32_t count = 1 + below(12);

		if (below(2)) {
			map(first, 1 + below(8));
		} else {
			unmap(first, 1 + below(8));
		}
		assert_int_equal(vm_area_place(&space, count * PAGE_SIZE),
				 place(count));
	}
	unmap(0, PAGES);
	vm_area_remove(&space, USER_START, USER_END);
}

/* What grows down is not built upon, wherever it is. */
static void test_stack(void **state)
{
	uint32_t stack = BASE, low = USER_START + 8 * PAGE_SIZE;
	uint32_t limit = stack - VM_STACK_GAP;
	uint32_t behind = stack + PAGE_SIZE;

	(void)state;
	assert_int_equal(
		vm_area_add(&space, stack, PAGE_SIZE, VM_GROWSDOWN, NULL, 0),
		0);
	assert_int_equal(
		vm_area_add(&space, behind, USER_END - behind, 0, NULL, 0), 0);
	assert_int_equal(vm_area_place(&space, PAGE_SIZE), limit - PAGE_SIZE);
	assert_true(vm_is_free(&space, limit - PAGE_SIZE, PAGE_SIZE));
	assert_false(vm_is_free(&space, limit - PAGE_SIZE, 2 * PAGE_SIZE));
	assert_false(vm_is_free(&space, limit, PAGE_SIZE));
	assert_false(vm_is_free(&space, stack, PAGE_SIZE));
	assert_false(vm_is_free(&space, USER_START - PAGE_SIZE, PAGE_SIZE));
	assert_false(vm_is_free(&space, behind, UINT32_MAX));
	/* One that has no room for its gap leaves none to others. */
	assert_int_equal(
		vm_area_add(&space, low, PAGE_SIZE, VM_GROWSDOWN, NULL, 0), 0);
	assert_false(vm_is_free(&space, USER_START, PAGE_SIZE));
	vm_area_remove(&space, USER_START, USER_END);
	assert_int_equal(space.area_pages, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
