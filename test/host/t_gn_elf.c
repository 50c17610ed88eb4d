/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Program files that Gnomon is given: what each kind is called, and that no
 * header, however odd, leads to a part outside of the user's half or of the
 * file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "guest/gnomon/arch/layout.h"
#include "guest/gnomon/vm/vm.h"
#include "guest/gnomon/process/exec.h"

#define FILE_SIZE 0x9000u
#define ENTRY	  0x08048123u
#define ROUNDS	  200000u
#define PHDRS	  32u

/* Parts of what is said of those that are refused. */
#define NOT_ELF	      "neither a program"
#define OTHER_MACHINE "another processor"
#define TRUNCATED     "is truncated"
#define BAD	      "no sense"

struct image {
	struct elf_header h;
	struct elf_phdr ph[PHDRS];
};

static struct image good(void)
{
	struct image i = {
		.h = { .magic = { 0x7f, 'E', 'L', 'F' },
		       .class = 1,
		       .data = 1,
		       .type = 2,
		       .machine = 3,
		       .entry = ENTRY,
		       .phoff = 52,
		       .phentsize = 32,
		       .phnum = 3 },
		.ph = { { .type = 1,
			  .offset = 0,
			  .vaddr = 0x08048000,
			  .filesz = 0x4000,
			  .memsz = 0x4000,
			  .flags = 5 },
			{ .type = 1,
			  .offset = 0x4f00,
			  .vaddr = 0x0804df00,
			  .filesz = 0x300,
			  .memsz = 0x2000,
			  .flags = 6 },
			{ .type = 0x6474e551, .flags = 6 } },
	};

	return i;
}

/* NULL: it can be run. */
static const char *judge(const struct image *i, struct elf_program *p)
{
	return elf_plan(i, sizeof(*i), FILE_SIZE, p);
}

static void test_good(void **state)
{
	struct image i = good();
	struct elf_program p;

	(void)state;
	assert_null(judge(&i, &p));
	assert_int_equal(p.entry, ENTRY);
	assert_int_equal(p.phdr_va, 0x08048034);
	assert_int_equal(p.phnum, 3);
	assert_int_equal(p.end, 0x0804ff00);
	assert_false(p.wants_stack_to_run);
	assert_int_equal(p.count, 2);
	assert_int_equal(p.load[0].flags, VM_READ | VM_EXEC);
	assert_int_equal(p.load[1].vaddr, 0x0804df00);
	assert_int_equal(p.load[1].flags, VM_READ | VM_WRITE);
	i.h.phnum = 2;
	assert_null(judge(&i, &p));
	assert_true(p.wants_stack_to_run);
}

/* Programs that may be anywhere are put where nothing else wants to be. */
static void test_pie(void **state)
{
	struct image i = good();
	struct elf_program p;

	(void)state;
	i.h.type = 3;
	i.h.entry = 0x123;
	i.ph[0].vaddr = 0;
	i.ph[1].vaddr = 0x5f00;
	assert_null(judge(&i, &p));
	assert_int_equal(p.entry - p.load[0].vaddr, 0x123);
	assert_int_equal(p.load[1].vaddr - p.load[0].vaddr, 0x5f00);
	assert_int_equal(p.load[0].vaddr & PAGE_MASK, 0);
}

/* Each of these changes one byte or more of a good image. */
static const struct {
	uint32_t offset, value, size;
	const char *why;
} bad[] = {
	{ 0, 'x', 1, NOT_ELF },
	{ 4, 2, 1, "64-bit" },
	{ 4, 3, 1, OTHER_MACHINE },
	{ 5, 2, 1, OTHER_MACHINE },
	{ 18, 62, 2, OTHER_MACHINE },
	{ 16, 1, 2, "no program" },
	{ 44, 0, 2, BAD },
	{ 44, PHDRS + 1, 2, TRUNCATED },
	{ 42, 56, 2, BAD },
	{ 28, FILE_SIZE, 4, TRUNCATED },
	{ 28, 0xfffffffc, 4, TRUNCATED },
	{ 28, 54, 4, BAD },
	{ 52, 3, 4, "dynamic" },
	{ 52 + 4, FILE_SIZE, 4, TRUNCATED },
	{ 52 + 4, 0xfffff000, 4, TRUNCATED },
	{ 52 + 4, 1, 4, BAD },
	{ 52 + 8, 0, 4, BAD },
	{ 52 + 8, 0x80000000, 4, BAD },
	{ 52 + 8, 0x7ffff000, 4, BAD },
	{ 52 + 16, 0x5000, 4, BAD },
	{ 52 + 20, 0x7fffffff, 4, BAD },
	{ 52 + 20, 0x7000, 4, BAD }, /* into the next part */
};

static void test_bad(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < sizeof(bad) / sizeof(bad[0]); n++) {
		struct image i = good();
		struct elf_program p;
		const char *why;

		memcpy((char *)&i + bad[n].offset, &bad[n].value, bad[n].size);
		why = judge(&i, &p);
		if (!why || !strstr(why, bad[n].why)) {
			fail_msg("change %u: %s", n, why ? why : "accepted");
		}
	}
}

static void test_short(void **state)
{
	static const uint32_t sizes[] = { 0, 3, 4, 51, 52, 52 + 3 * 32 - 1 };
	struct image i = good();
	struct elf_program p;

	(void)state;
	for (uint32_t n = 0; n < sizeof(sizes) / sizeof(sizes[0]); n++) {
		const char *why = elf_plan(&i, sizes[n], sizes[n], &p);

		assert_non_null(why);
		assert_non_null(strstr(why, n < 2 ? NOT_ELF : TRUNCATED));
	}
	assert_null(elf_plan(&i, 52 + 3 * 32, FILE_SIZE, &p));
}

static void check_program(const struct elf_program *p)
{
	uint32_t end = USER_START;

	for (uint32_t i = 0; i < p->count; i++) {
		const struct elf_phdr *l = &p->load[i];

		assert_true(l->vaddr >= USER_START && l->vaddr < USER_END);
		assert_true(l->memsz <= USER_END - l->vaddr);
		assert_true(l->filesz <= l->memsz);
		assert_true(l->offset <= FILE_SIZE &&
			    l->filesz <= FILE_SIZE - l->offset);
		assert_int_equal(l->vaddr & PAGE_MASK, l->offset & PAGE_MASK);
		assert_true((l->vaddr | PAGE_MASK) >= end);
		end = l->vaddr + l->memsz;
	}
}

static void test_random(void **state)
{
	uint32_t accepted = 0;

	(void)state;
	srand(1);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		struct image i = good();
		struct elf_program p;

		for (uint32_t n = (uint32_t)rand() % 4; n < 4; n++) {
			uint32_t at = (uint32_t)rand() % (52 + 3 * 32);

			((uint8_t *)&i)[at] = (uint8_t)rand();
		}
		if (!judge(&i, &p)) {
			check_program(&p);
			accepted++;
		}
	}
	assert_true(accepted > ROUNDS / 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),   cmocka_unit_test(test_pie),
		cmocka_unit_test(test_bad),    cmocka_unit_test(test_short),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
