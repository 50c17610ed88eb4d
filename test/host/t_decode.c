/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instruction decoder: a table written from the manual, that table under
 * every combination of up to three prefixes, cuts at every length, and the
 * moves with every ModRM and SIB byte.
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

/* SDM 2B "MOV", "MOVSX/MOVSXD", "MOVZX": those with a memory operand. */
struct move {
	u8 bytes[2];
	u8 count;
	enum insn_op op;
	u8 width, width_66;	    /* of the memory operand */
	u8 reg_width, reg_width_66; /* 0: an immediate instead */
	bool is_signed;
	bool is_moffs; /* a 32-bit address and the accumulator, no ModRM */
};

static const struct move moves[] = {
	{ { 0x88 }, 1, INSN_STORE, 1, 1, 1, 1, false, false },
	{ { 0x89 }, 1, INSN_STORE, 4, 2, 4, 2, false, false },
	{ { 0x8a }, 1, INSN_LOAD, 1, 1, 1, 1, false, false },
	{ { 0x8b }, 1, INSN_LOAD, 4, 2, 4, 2, false, false },
	{ { 0xa0 }, 1, INSN_LOAD, 1, 1, 1, 1, false, true },
	{ { 0xa1 }, 1, INSN_LOAD, 4, 2, 4, 2, false, true },
	{ { 0xa2 }, 1, INSN_STORE, 1, 1, 1, 1, false, true },
	{ { 0xa3 }, 1, INSN_STORE, 4, 2, 4, 2, false, true },
	{ { 0xc6 }, 1, INSN_STORE, 1, 1, 0, 0, false, false },
	{ { 0xc7 }, 1, INSN_STORE, 4, 2, 0, 0, false, false },
	{ { 0x0f, 0xb6 }, 2, INSN_LOAD, 1, 1, 4, 2, false, false },
	{ { 0x0f, 0xb7 }, 2, INSN_LOAD, 2, 2, 4, 2, false, false },
	{ { 0x0f, 0xbe }, 2, INSN_LOAD, 1, 1, 4, 2, true, false },
	{ { 0x0f, 0xbf }, 2, INSN_LOAD, 2, 2, 4, 2, true, false },
};

/* SDM 2A table 2-2: bytes behind ModRM, the SIB byte included. */
static const u8 behind_modrm[3][8] = {
	{ 0, 0, 0, 0, 1, 4, 0, 0 },
	{ 1, 1, 1, 1, 2, 1, 1, 1 },
	{ 4, 4, 4, 4, 5, 4, 4, 4 },
};

static const struct move *find_move(const u8 *opcode, size_t n)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(moves); i++) {
		if (n >= moves[i].count &&
		    !memcmp(opcode, moves[i].bytes, moves[i].count)) {
			return &moves[i];
		}
	}
	return NULL;
}

/* Length of the memory operand at @at, ModRM included; 0: none, or cut. */
static size_t operand_length(const u8 *at, size_t left)
{
	size_t length;

	if (left == 0 || at[0] >= 0xc0) {
		return 0;
	}
	length = 1u + behind_modrm[at[0] / 64][at[0] % 8];
	/* Table 2-3, note: no base, a displacement instead. */
	if (at[0] < 0x40 && at[0] % 8 == 4 && left > 1 && at[1] % 8 == 5) {
		length += 4;
	}
	return length <= left ? length : 0;
}

/* The move @k behind @p prefix bytes. */
static int model_move(const struct move *k, const u8 *bytes, size_t n, size_t p,
		      struct insn *want)
{
	bool is_66 = memchr(bytes, 0x66, p) != NULL;
	u8 width = is_66 ? k->width_66 : k->width;
	size_t at = p + k->count;
	size_t length = k->is_moffs ? 4 : operand_length(bytes + at, n - at);
	bool is_imm = k->reg_width == 0;
	u32 i;

	if (length == 0 || memchr(bytes, 0x67, p) ||
	    (is_imm && (bytes[at] >> 3 & 7) != 0)) {
		return -1;
	}
	length += at + (is_imm ? width : 0);
	if (length > n || length > 15) {
		return -1;
	}
	*want = (struct insn){ .op = k->op,
			       .length = (u8)length,
			       .width = width,
			       .reg_width =
				       is_66 ? k->reg_width_66 : k->reg_width,
			       .is_signed = k->is_signed,
			       .is_imm = is_imm };
	if (!is_imm && !k->is_moffs) {
		want->reg = bytes[at] >> 3 & 7;
	}
	for (i = 0; is_imm && i < width; i++) {
		want->imm |= (u32)bytes[length - width + i] << 8 * i;
	}
	return 0;
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
	if (find_move(bytes + p, n - p)) {
		return model_move(find_move(bytes + p, n - p), bytes, n, p,
				  want);
	}
	k = find_known(bytes + p, n - p);
	if (!k) {
		return -1;
	}
	length = p + k->count + k->imm8;
	if (length > n || length > 15) {
		return -1;
	}
	*want = (struct insn){ .op = k->op,
			       .length = (u8)length,
			       .width = is_66 ? k->width_66 : k->width,
			       .port_is_dx = k->dx,
			       .port = k->imm8 ? bytes[length - 1] : 0 };
	return 0;
}

static bool is_same(const struct insn *a, const struct insn *b)
{
	return a->op == b->op && a->length == b->length &&
	       a->width == b->width && a->port_is_dx == b->port_is_dx &&
	       a->port == b->port && a->reg == b->reg &&
	       a->reg_width == b->reg_width && a->is_signed == b->is_signed &&
	       a->is_imm == b->is_imm && a->imm == b->imm;
}

/* Decode a copy that ends where it says; compare with the model. */
static int compare(const u8 *bytes, size_t n)
{
	static const struct insn untouched = {
		INSN_HLT, 0xee, 0xee, true, 3, 7, 9, true, true, 1234
	};
	struct insn got = untouched, want = untouched;
	u8 *copy = malloc(n ? n : 1);
	int rc, want_rc;

	assert_non_null(copy);
	memcpy(copy, bytes, n);
	rc = insn_decode(n ? copy : copy + 1, n, &got);
	want_rc = model(bytes, n, &want);
	if (rc != want_rc || !is_same(&got, &want)) {
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

static void test_moves(void **state)
{
	struct insn i;

	(void)state;
	/* movb %ch, -8(%ebx,%esi,4) */
	assert_int_equal(insn_decode((const u8 *)"\x88\x6c\xb3\xf8", 4, &i), 0);
	assert_int_equal(i.op, INSN_STORE);
	assert_int_equal(i.length, 4);
	assert_int_equal(i.width, 1);
	assert_int_equal(i.reg, 5);

	/* movw $0x1234, %fs:0xe0000038 */
	assert_int_equal(
		insn_decode((const u8 *)"\x64\x66\xc7\x05\x38\x00\x00\xe0"
					"\x34\x12",
			    10, &i),
		0);
	assert_int_equal(i.length, 10);
	assert_int_equal(i.width, 2);
	assert_true(i.is_imm);
	assert_int_equal(i.imm, 0x1234);

	/* movswl 2(%eax), %edi */
	assert_int_equal(insn_decode((const u8 *)"\x0f\xbf\x78\x02", 4, &i), 0);
	assert_int_equal(i.op, INSN_LOAD);
	assert_int_equal(i.width, 2);
	assert_int_equal(i.reg_width, 4);
	assert_int_equal(i.reg, 7);
	assert_true(i.is_signed);
}

/* @bytes has opcode, ModRM and SIB: cut wherever it could matter. */
static u32 compare_cuts(const u8 *bytes)
{
	u32 good = 0;
	size_t n;

	for (n = 2; n <= 15; n++) {
		good += compare(bytes, n) == 0;
	}
	return good;
}

static u32 all_operands(u8 *bytes, size_t modrm_at)
{
	u32 good = 0;
	u32 modrm, sib;

	for (modrm = 0; modrm < 256; modrm++) {
		bool has_sib = modrm < 0xc0 && modrm % 8 == 4;

		bytes[modrm_at] = (u8)modrm;
		for (sib = 0; sib < 256; sib += has_sib ? 1 : 85) {
			bytes[modrm_at + 1] = (u8)sib;
			good += compare_cuts(bytes);
		}
	}
	return good;
}

static void test_all_operands(void **state)
{
	static const u8 heads[][2] = {
		{ 0 },	  { 0x66 },	  { 0x65 },
		{ 0x67 }, { 0x2e, 0x66 }, { 0x66, 0x67 }
	};
	size_t i, h;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(moves); i++) {
		for (h = 0; h < ARRAY_SIZE(heads); h++) {
			u8 bytes[16] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66,
					 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc,
					 0xdd, 0xee, 0xff, 0x12 };
			size_t p = strnlen((const char *)heads[h], 2);
			u32 good;

			memcpy(bytes, heads[h], p);
			memcpy(bytes + p, moves[i].bytes, moves[i].count);
			good = all_operands(bytes, p + moves[i].count);
			assert_int_equal(good == 0,
					 memchr(heads[h], 0x67, 2) != NULL);
		}
	}
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
		{ 0x8b, 0xc1 },
		{ 0xc7, 0x08 },
		{ 0xf0, 0x89, 0x00 },
		{ 0xf3, 0x8a, 0x00 },
		{ 0x0f, 0xb6, 0xc0 },
		{ 0x8e, 0x00 },
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
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_all_operands),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_all_prefixes),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_only_prefixes),
		cmocka_unit_test(test_random_bytes),
	};

	return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
