// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hv/vmm/bare_kernel.c: which instructions are a bare PC's kernel's, cut off at
 * every length.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "arch/x86/decode.h"
#include "hv/vmm/bare_kernel.h"
#include "hv/vmm/guest.h"

/* What the other half of the file calls. */
void guest_kill(struct guest *g, const char *fmt, ...)
{
	(void)g;
	(void)fmt;
	fail();
}

u32 vcpu_fetch(struct vcpu *v, u8 *bytes)
{
	(void)v;
	(void)bytes;
	return 0;
}

static const struct {
	u8 bytes[5];
	u8 length;
	const char *name; /* NULL: not one of them */
} table[] = {
	{ { 0x0f, 0x01, 0x15 }, 3, "lgdt" },
	{ { 0x0f, 0x01, 0x1d }, 3, "lidt" },
	{ { 0x66, 0x0f, 0x01, 0x15 }, 4, "lgdt" },
	{ { 0x2e, 0x66, 0x0f, 0x01, 0x1d }, 5, "lidt" },
	{ { 0x0f, 0x01, 0xf0 }, 3, "lmsw" },
	{ { 0x0f, 0x01, 0x38 }, 3, "invlpg" },
	{ { 0x0f, 0x01, 0x05 }, 3, NULL }, /* sgdt */
	{ { 0x0f, 0x00, 0xd0 }, 3, "lldt" },
	{ { 0x0f, 0x00, 0xd8 }, 3, "ltr" },
	{ { 0x0f, 0x00, 0xc8 }, 3, NULL }, /* str */
	{ { 0x0f, 0x22, 0xc0 }, 3, "mov cr0" },
	{ { 0x0f, 0x22, 0xd8 }, 3, "mov cr3" },
	{ { 0x0f, 0x20, 0xe0 }, 3, "mov cr4" },
	{ { 0x0f, 0x23, 0xf8 }, 3, "mov dr" },
	{ { 0x0f, 0x06 }, 2, "clts" },
	{ { 0x0f, 0x09 }, 2, "wbinvd" },
	{ { 0x0f, 0x0b }, 2, "ud2" },
	{ { 0x0f, 0xa2 }, 2, NULL }, /* cpuid */
	{ { 0xcd, 0x10 }, 2, "int 0x10" },
	{ { 0xcd, 0x1f }, 2, "int 0x1f" },
	{ { 0xea }, 1, "far jump" },
	{ { 0x8e, 0xd8 }, 2, "segment load" },
	{ { 0x90 }, 1, NULL },
	{ { 0xf7, 0xf1 }, 2, NULL }, /* div */
};

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		char name[BARE_KERNEL_NAME];
		u8 *bytes = malloc(table[i].length);

		memcpy(bytes, table[i].bytes, table[i].length);
		assert_int_equal(bare_kernel_name(bytes, table[i].length, name),
				 table[i].name != NULL);
		if (table[i].name) {
			assert_string_equal(name, table[i].name);
		}
		free(bytes);
	}
}

/* Bytes that end anywhere are no reason to read on. */
static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		for (size_t n = 0; n < table[i].length; n++) {
			char name[BARE_KERNEL_NAME];
			u8 *bytes = malloc(n + !n);

			memcpy(bytes, table[i].bytes, n);
			bare_kernel_name(bytes, n, name);
			assert_true(strlen(name) < BARE_KERNEL_NAME);
			free(bytes);
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
