/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instruction decoder: a table written from the manual, that table under
 * every combination of up to three prefixes, and cuts at every length.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "arch/x86/decode.h"

#define FUZZ_ROUNDS 200000

struct known {
	u8 bytes[2];
	u8 count; /* opcode bytes, without an immediate */
	bool imm8;
	enum insn_op op;
	u8 width; /* without a prefix; 0 where there is none */
	u8 width_66;
	bool dx;
};

static const struct known knowns[] = {
	{ { 0xe4 }, 1, true, INSN_IN, 1, 1, false },
	{ { 0xe5 }, 1, true, INSN_IN, 4, 2, false },
	{ { 0xe6 }, 1, true, INSN_OUT, 1, 1, false },
	{ { 0xe7 }, 1, true, INSN_OUT, 4, 2, false },
	{ { 0xec }, 1, false, INSN_IN, 1, 1, true },
	{ { 0xed }, 1, false, INSN_IN, 4, 2, true },
	{ { 0xee }, 1, false, INSN_OUT, 1, 1, true },
	{ { 0xef }, 1, false, INSN_OUT, 4, 2, true },
	{ { 0xfa }, 1, false, INSN_CLI, 0, 0, false },
	{ { 0xfb }, 1, false, INSN_STI, 0, 0, false },
	{ { 0xf4 }, 1, false, INSN_HLT, 0, 0, false },
	{ { 0x0f, 0x32 }, 2, false, INSN_RDMSR, 0, 0, false },
	{ { 0x0f, 0x30 }, 2, false, INSN_WRMSR, 0, 0, false },
};

/* All eleven legacy prefixes; the last three must be refused. */
static const u8 prefixes[] = { 0x66, 0x67, 0x26, 0x2e, 0x36, 0x3e,
			       0x64, 0x65, 0xf0, 0xf2, 0xf3 };
#define HARMLESS 8

static bool is_harmless(u8 byte)
{
	return memchr(prefixes, byte, HARMLESS) != NULL;
}

static const struct known *find_known(const u8 *opcode, size_t n)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(knowns); i++) {
		if (n >= knowns[i].count &&
		    !memcmp(opcode, knowns[i].bytes, knowns[i].count)) {
			return &knowns[i];
		}
	}
	return NULL;
}

/* What the manual says about @n bytes, or -1. Reads them in its own way. */
static int model(const u8 *bytes, size_t n, struct insn *want)
{
	bool is_66 = false;
	const struct known *k;
	size_t p = 0, length;

	while (p < n && is_harmless(bytes[p])) {
		is_66 = is_66 || bytes[p] == 0x66;
		p++;
	}
	k = find_known(bytes + p, n - p);
	if (!k) {
		return -1;
	}
	length = p + k->count + k->imm8;
	if (length > n || length > 15) {
		return -1;
	}
	want->op = k->op;
	want->length = (u8)length;
	want->width = is_66 ? k->width_66 : k->width;
	want->port_is_dx = k->dx;
	want->port = k->imm8 ? bytes[length - 1] : 0;
	return 0;
}

/* Decode a copy that ends where it says; compare with the model. */
static int compare(const u8 *bytes, size_t n)
{
	static const struct insn untouched = { INSN_HLT, 0xee, 0xee, true, 3 };
	struct insn got = untouched, want = untouched;
	u8 *copy = malloc(n ? n : 1);
	int rc, want_rc;

	assert_non_null(copy);
	memcpy(copy, bytes, n);
	rc = insn_decode(n ? copy : copy + 1, n, &got);
	want_rc = model(bytes, n, &want);
	if (rc != want_rc || got.op != want.op || got.length != want.length ||
	    got.width != want.width || got.port_is_dx != want.port_is_dx ||
	    got.port != want.port) {
		fail_msg("%02x %02x %02x %02x %02x, %u bytes: differs",
			 bytes[0], bytes[1], bytes[2], bytes[3], bytes[4],
			 (unsigned)n);
	}
	free(copy);
	return rc;
}

static void test_table(void **state)
{
	struct insn i;

	(void)state;
	assert_int_equal(insn_decode((const u8 *)"\xe4\x71", 2, &i), 0);
	assert_int_equal(i.op, INSN_IN);
	assert_int_equal(i.length, 2);
	assert_int_equal(i.width, 1);
	assert_false(i.port_is_dx);
	assert_int_equal(i.port, 0x71);

	assert_int_equal(insn_decode((const u8 *)"\x66\xef\x90", 3, &i), 0);
	assert_int_equal(i.op, INSN_OUT);
	assert_int_equal(i.length, 2);
	assert_int_equal(i.width, 2);
	assert_true(i.port_is_dx);

	assert_int_equal(insn_decode((const u8 *)"\x0f\x30", 2, &i), 0);
	assert_int_equal(i.op, INSN_WRMSR);
	assert_int_equal(i.length, 2);

	assert_int_equal(insn_decode((const u8 *)"\xfa", 1, &i), 0);
	assert_int_equal(i.op, INSN_CLI);
	assert_int_equal(i.length, 1);
}

/* String I/O, control registers, tables: near misses that must not pass. */
static void test_refused(void **state)
{
	static const u8 refused[][4] = {
		{ 0x6c },
		{ 0x6d },
		{ 0x6e },
		{ 0x6f },
		{ 0xf3, 0x6c },
		{ 0xf0, 0xfa },
		{ 0xf3, 0xec },
		{ 0xf2, 0xe4, 0x60 },
		{ 0x66, 0xf0, 0xed },
		{ 0x0f, 0x20, 0xc0 },
		{ 0x0f, 0x22, 0xd8 },
		{ 0x0f, 0x01, 0x10 },
		{ 0x0f, 0x06 },
		{ 0x0f, 0x31 },
		{ 0x0f, 0x33 },
		{ 0x0f, 0xfa },
		{ 0x9d },
		{ 0xcf },
		{ 0xcd, 0x80 },
		{ 0xf5 },
	};
	struct insn i;
	size_t k;

	(void)state;
	for (k = 0; k < ARRAY_SIZE(refused); k++) {
		assert_int_equal(insn_decode(refused[k], 4, &i), -1);
	}
}

/* Every opcode byte, and every second byte after 0F, behind @count prefixes. */
static u32 all_opcodes(u8 *bytes, size_t count)
{
	u32 good = 0;
	u32 op, n;

	for (op = 0; op < 256; op++) {
		bytes[count] = (u8)op;
		bytes[count + 1] = 0x92;
		for (n = 1; n <= 2; n++) {
			good += compare(bytes, count + n) == 0;
		}
	}
	bytes[count] = 0x0f;
	for (op = 0; op < 256; op++) {
		bytes[count + 1] = (u8)op;
		good += compare(bytes, count + 2) == 0;
	}
	return good;
}

static void test_all_prefixes(void **state)
{
	u8 bytes[8] = { 0 };
	u32 good, a, b, c;

	(void)state;
	good = all_opcodes(bytes, 0);
	assert_int_equal(good, 4 + 2 * 7 + 2);
	for (a = 0; a < ARRAY_SIZE(prefixes); a++) {
		bytes[0] = prefixes[a];
		good += all_opcodes(bytes, 1);
		for (b = 0; b < ARRAY_SIZE(prefixes); b++) {
			bytes[1] = prefixes[b];
			good += all_opcodes(bytes, 2);
			for (c = 0; c < ARRAY_SIZE(prefixes); c++) {
				bytes[2] = prefixes[c];
				good += all_opcodes(bytes, 3);
			}
		}
	}
	/* 20 behind each string of harmless prefixes, none elsewhere. */
	assert_int_equal(good, 20 * (1 + 8 + 64 + 512));
}

static void test_cuts(void **state)
{
	size_t i, p, n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(knowns); i++) {
		const struct known *k = &knowns[i];
		size_t whole = k->count + k->imm8;

		/* Up to one byte more than the processor allows. */
		for (p = 0; p + whole <= 16; p++) {
			u8 bytes[16];

			memset(bytes, 0x66, p);
			memcpy(bytes + p, k->bytes, k->count);
			if (k->imm8) {
				bytes[p + 1] = 0x80;
			}
			for (n = 0; n < p + whole; n++) {
				assert_int_equal(compare(bytes, n), -1);
			}
			assert_int_equal(compare(bytes, n),
					 p + whole <= 15 ? 0 : -1);
		}
	}
}

static void test_only_prefixes(void **state)
{
	u8 bytes[64];
	size_t n;

	(void)state;
	memset(bytes, 0x2e, sizeof(bytes));
	for (n = 0; n <= sizeof(bytes); n++) {
		assert_int_equal(compare(bytes, n), -1);
	}
}

static void test_random_bytes(void **state)
{
	u8 bytes[16] = { 0 };
	u32 rng = 4711;
	u32 good = 0;
	u32 i, n;

	(void)state;
	for (i = 0; i < FUZZ_ROUNDS; i++) {
		for (n = 0; n < sizeof(bytes); n++) {
			rng = rng * 1664525u + 1013904223u;
			bytes[n] = rng & 0x80000000u
					   ? prefixes[(rng >> 8) % HARMLESS]
					   : (u8)(rng >> 16);
		}
		good += compare(bytes, (rng >> 24) % 17) == 0;
	}
	assert_true(good > FUZZ_ROUNDS / 100);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_all_prefixes),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_only_prefixes),
		cmocka_unit_test(test_random_bytes),
	};

	return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
