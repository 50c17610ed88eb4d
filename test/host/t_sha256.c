/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256 against the examples of FIPS 180-4 and its test vectors.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "hv/lib/sha256.h"

static void check(struct sha256 *s, const char *want)
{
	u8 out[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];

	sha256_final(s, out);
	for (u32 i = 0; i < SHA256_BYTES; i++) {
		snprintf(hex + 2 * i, 3, "%02x", out[i]);
	}
	assert_string_equal(hex, want);
}

static void test_vectors(void **state)
{
	static const char *const vectors[][2] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb924"
		      "27ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223"
			 "b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039"
		  "a33ce45964ff2167f6ecedd419db06c1" },
	};

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(vectors); i++) {
		struct sha256 s;

		sha256_init(&s);
		sha256_update(&s, vectors[i][0], (u32)strlen(vectors[i][0]));
		check(&s, vectors[i][1]);
	}
}

/* A million times "a", in pieces of every size up to a few blocks. */
static void test_pieces(void **state)
{
	u8 bytes[200];
	struct sha256 s;
	u32 left = 1000000, n = 0;

	(void)state;
	memset(bytes, 'a', sizeof(bytes));
	sha256_init(&s);
	while (left > 0) {
		u32 len = min_u32(left, n++ % (sizeof(bytes) + 1));

		sha256_update(&s, bytes, len);
		left -= len;
	}
	check(&s, "cdc76e5c9914fb9281a1c7e284d73e67"
		  "f1809a48a497200e046d39ccc7112cd0");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests_name("sha256", tests, NULL, NULL);
}
