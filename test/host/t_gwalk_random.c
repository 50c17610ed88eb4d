/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest walk on random tables, and copies by it, against the model.
 */
#include "test/host/gwalk_tests.h"

static u64 rng = 0x9e3779b97f4a7c15;

static u32 rnd(u32 n)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (u32)(rng >> 16) % n;
}

/* --- random tables ------------------------------------------------------ */

static u64 random_entry(u32 level)
{
	u64 e = (u64)(rnd(30) ? rnd(RAM) : rnd(RAM + 3)) << 12;

	e |= rnd(8) ? 1 : 0;
	if (level == 3) {
		return e | (rnd(20) ? 0 : rnd(0x1000));
	}
	e |= plain_entry(rnd(PLAIN)) | (rnd(3) ? 7 : 0);
	if (rnd(12) == 0) {
		e |= extras[rnd(EXTRAS)];
	}
	return e;
}

/* Frames 1 to 3 are roots, 4 to 11 directories, 12 to 23 tables. */
static void random_tables(void)
{
	u32 entries = PAGE_SIZE / entry_size();

	for (u32 f = 1; f < 24; f++) {
		u32 level = f < 4 && guest.ctx.mode == GWALK_PAE ? 3
			    : f < 12				 ? 2
								 : 1;

		for (u32 i = 0; i < entries; i++) {
			u64 e = random_entry(level);
			u32 below = level == 3 ? 4 + rnd(8) : 12 + rnd(12);

			if (level > 1 && rnd(16)) {
				e = (e & 0xfff0000000000fff) | (u64)below << 12;
			}
			set_entry(f, i, e);
		}
	}
}

static void random_walks(enum gwalk_mode mode, u32 rounds, u32 count)
{
	u32 reached = 0;

	while (rounds-- > 0) {
		use(mode, 0, rounds & 1);
		random_tables();
		for (u32 n = 0; n < count; n++) {
			u64 root = (1 + rnd(3)) * PAGE_SIZE;
			u32 va = rnd(~0u);

			if (mode == GWALK_PAE) {
				root += rnd(128) * 32;
			}
			use(mode, root, rounds & 1);
			reached +=
				compare(va, kind_number(rnd(KINDS))) == GW_OK;
		}
		check_memory();
	}
	assert_in_range(reached, 1000, ~0u);
}

static void test_random(void **state)
{
	(void)state;
	random_walks(GWALK_2LEVEL, 20, 5000);
	random_walks(GWALK_PAE, 20, 5000);
}

/* --- copies ------------------------------------------------------------- */

/* The pieces of [va, va + len), by the model; false: one is refused. */
static bool model_pieces(u32 va, u32 len, u32 kind, u64 gpa[2], u32 piece[2])
{
	u32 n = 0;

	gpa[0] = gpa[1] = piece[0] = piece[1] = 0;
	while (len > 0) {
		struct model_result m;

		if (n == 2) {
			return false;
		}
		m = model_walk(&guest.model, va, kind);
		apply(&m);
		if (m.rc != MODEL_OK) {
			return false;
		}
		gpa[n] = m.gpa;
		piece[n] = PAGE_SIZE - va % PAGE_SIZE;
		piece[n] = piece[n] < len ? piece[n] : len;
		va += piece[n];
		len -= piece[n++];
	}
	return true;
}

static u8 *mirror_at(u64 gpa)
{
	return guest.mirror[gpa >> 12] + gpa % PAGE_SIZE;
}

static bool copy_in(u32 va, u32 len)
{
	u8 got[3 * PAGE_SIZE];
	u64 gpa[2];
	u32 piece[2];
	bool ok = model_pieces(va, len, 0, gpa, piece);

	memset(got, 0x77, sizeof(got));
	assert_int_equal(gwalk_read(&guest.ctx, got, mk_gva(va), len),
			 ok ? 0 : -1);
	if (ok) {
		assert_memory_equal(got, mirror_at(gpa[0]), piece[0]);
		assert_memory_equal(got + piece[0], mirror_at(gpa[1]),
				    piece[1]);
	}
	assert_int_equal(got[len], 0x77);
	return ok;
}

static bool copy_out(u32 va, u32 len)
{
	u8 bytes[3 * PAGE_SIZE];
	u64 gpa[2];
	u32 piece[2];
	bool ok = model_pieces(va, len, MODEL_W, gpa, piece);

	for (u32 i = 0; i < len; i++) {
		bytes[i] = (u8)rnd(256);
	}
	assert_int_equal(gwalk_write(&guest.ctx, mk_gva(va), bytes, len),
			 ok ? 0 : -1);
	if (ok) {
		memcpy(mirror_at(gpa[0]), bytes, piece[0]);
		memcpy(mirror_at(gpa[1]), bytes + piece[0], piece[1]);
	}
	return ok;
}

/* Mostly short ones, mostly over the end of a page. */
static void random_copies(enum gwalk_mode mode, u32 count)
{
	u32 done[2] = { 0, 0 };

	use(mode, PAGE_SIZE, true);
	for (u32 n = 0; n < count; n++) {
		u32 len = 1 + (rnd(4) ? rnd(64) : rnd(3 * PAGE_SIZE - 1));
		u32 va = rnd(~0u);

		if (n % 500 == 0) {
			random_tables();
		}
		if (rnd(3)) {
			va = (va | 0xfff) - rnd(64);
		}
		if (mode == GWALK_LINEAR) {
			va %= (RAM + 1) * PAGE_SIZE;
		}
		done[n & 1] += n & 1 ? copy_in(va, len) : copy_out(va, len);
		if (n % 50 == 0) {
			check_memory();
		}
	}
	check_memory();
	assert_in_range(done[0], 50, count);
	assert_in_range(done[1], 50, count);
}

static void test_copies(void **state)
{
	(void)state;
	random_copies(GWALK_LINEAR, 20000);
	random_copies(GWALK_2LEVEL, 20000);
	random_copies(GWALK_PAE, 20000);
}

/* The second page refuses: the first must not have been written to. */
static void test_second_page(void **state)
{
	const u32 va = 5u << 22 | 7u << 12;
	const u64 second[] = { 0, (u64)4 << 12 | 0x65, (u64)RAM << 12 | 7 };

	(void)state;
	use(GWALK_2LEVEL, 2 * PAGE_SIZE, true);
	set_entry(2, 5, (u64)3 << 12 | 0x67);
	set_entry(3, 7, (u64)4 << 12 | 0x3);
	for (u32 i = 0; i < ARRAY_SIZE(second); i++) {
		set_entry(3, 8, second[i]);
		assert_false(copy_out((va | 0xfff) - 2, 8));
		check_memory();
		assert_int_equal(copy_in((va | 0xfff) - 2, 8), i == 1);
		check_memory();
	}
	set_entry(3, 8, (u64)9 << 12 | 0x3);
	assert_true(copy_out((va | 0xfff) - 2, 8));
	assert_true(copy_in((va | 0xfff) - 2, 8));
	check_memory();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_random), T(test_copies), T(test_second_page),
		S(test_random), S(test_copies), S(test_second_page),
	};

	return cmocka_run_group_tests_name("guest walk, random", tests, NULL,
					   NULL);
}
