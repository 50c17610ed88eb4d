/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest walk against a second one (model_walk.h): every combination of
 * flags, frames and kinds of access that can matter, then random tables. The
 * answer is compared, and all of guest memory afterwards.
 */
#include "test/host/gwalk_tests.h"

/* Frames of the exhaustive test. */
#define ROOT  1u
#define DIR   2u
#define TABLE 3u
#define PAGE  4u

#define HUGE_ (1ull << 44) /* frame numbers of more than 32 bits */

/* --- every combination -------------------------------------------------- */

/* Frames in RAM, beyond it, beyond 32 bits of address, of frame number. */
#define FRAMES 6u

static u64 frame_for(u32 n, u32 good)
{
	const u64 frame[FRAMES] = { good,    RAM - 1,		RAM,
				    0xfffff, (1u << 20) + good, HUGE_ >> 12 };

	return frame[n] << 12;
}

#define ENTRIES (PLAIN * EXTRAS * FRAMES)

/* Entry number @n of ENTRIES, with @good as a frame in RAM. */
static u64 entry_number(u32 n, u32 good)
{
	u64 e = plain_entry(n % PLAIN);

	n /= PLAIN;
	e |= extras[n % EXTRAS];
	n /= EXTRAS;
	return e | frame_for(n, good);
}

static u32 walks;

static const u32 va_pae = 2u << 30 | 5u << 21 | 7u << 12 | 0x123;
static const u32 va_2level = 5u << 22 | 7u << 12 | 0x123;

static u32 exhaustive_va(void)
{
	return guest.ctx.mode == GWALK_PAE ? va_pae : va_2level;
}

static void all_kinds(u64 dir, u64 leaf)
{
	u32 va = exhaustive_va();

	for (u32 k = 0; k < KINDS; k++) {
		set_entry(DIR, 5, dir);
		set_entry(TABLE, 7, leaf);
		compare(va, kind_number(k));
		if (walks++ % 512 == 0) {
			check_memory();
		}
	}
}

/*
 * Every leaf behind each directory entry that leads somewhere; behind others,
 * which end the walk, some.
 */
static void all_leaves(u64 dir)
{
	bool leads =
		(dir & 1) && !(dir & 0x7ffffff000000f98) && dir >> 12 == TABLE;
	u32 step = leads || (dir & NX && !(dir & 0x7ffffff000000f98)) ? 1 : 97;

	for (u32 n = 0; n < ENTRIES; n += step) {
		u64 leaf = entry_number(n, PAGE);

		if (guest.ctx.mode == GWALK_2LEVEL && leaf >> 32) {
			continue;
		}
		all_kinds(dir, leaf);
	}
}

static void all_directories(void)
{
	for (u32 n = 0; n < ENTRIES; n++) {
		u64 dir = entry_number(n, TABLE);

		if (guest.ctx.mode == GWALK_2LEVEL && dir >> 32) {
			continue;
		}
		all_leaves(dir);
	}
	check_memory();
}

static void test_2level(void **state)
{
	(void)state;
	walks = 0;
	for (u32 nx = 0; nx < 2; nx++) {
		use(GWALK_2LEVEL, DIR * PAGE_SIZE, nx);
		all_directories();
	}
	assert_in_range(walks, 500000, 100000000);
}

static void test_pae(void **state)
{
	(void)state;
	walks = 0;
	for (u32 nx = 0; nx < 2; nx++) {
		use(GWALK_PAE, ROOT * PAGE_SIZE + 0x60, nx);
		set_entry(ROOT, 0x60 / 8 + 2, (u64)DIR << 12 | 1);
		all_directories();
	}
	assert_in_range(walks, 500000, 100000000);
}

/* Every root entry, over some directory entries and leaves. */
static void test_pae_roots(void **state)
{
	(void)state;
	for (u32 n = 0; n < 2 * ENTRIES; n++) {
		use(GWALK_PAE, ROOT * PAGE_SIZE + 0x60, n & 1);
		set_entry(ROOT, 0x60 / 8 + 2, entry_number(n / 2, DIR));
		all_kinds((u64)TABLE << 12 | 0x7, (u64)PAGE << 12 | 0x7);
		all_kinds((u64)TABLE << 12 | 0x65, (u64)PAGE << 12 | 0x67);
		all_kinds((u64)TABLE << 12 | 0x7, (u64)RAM << 12 | 0x67);
		all_kinds((u64)RAM << 12 | 0x67, 0);
		all_kinds(0, 0);
	}
	check_memory();
}

/* --- odd places --------------------------------------------------------- */

static void test_linear(void **state)
{
	static const u32 va[] = { 0,
				  1,
				  0x5123,
				  RAM * PAGE_SIZE - 1,
				  RAM * PAGE_SIZE,
				  0x80000000,
				  0xffffffff };

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(va); i++) {
		for (u32 k = 0; k < KINDS; k++) {
			use(GWALK_LINEAR, 0, k & 1);
			compare(va[i], kind_number(k));
		}
	}
	check_memory();
}

/* Roots at the end of memory and beyond; calls name them by 32 bits. */
static void test_root_places(void **state)
{
	static const u64 root[] = {
		0,	    RAM * PAGE_SIZE - 0x20,	      RAM * PAGE_SIZE,
		0xffffffe0, 0x100000000ull + DIR * PAGE_SIZE,
	};

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(root); i++) {
		for (u32 q = 0; q < 8; q++) {
			use(GWALK_PAE, root[i], true);
			compare(q % 4 << 30 | 0x123, kind_number(q));
			use(GWALK_2LEVEL, root[i] & ~0xfffull, true);
			compare(q << 29, kind_number(q));
		}
	}
	check_memory();
}

/* A frame that was never used holds nothing, whatever is in the machine's. */
static void test_unused_table(void **state)
{
	(void)state;
	use(GWALK_2LEVEL, DIR * PAGE_SIZE, true);
	set_entry(DIR, 5, 0 << 12 | 0x67);
	assert_false(guest.p2m.entry[0] & P2M_ZEROED);
	assert_int_equal(compare(va_2level, PFEC_W), GW_FAULT);
	assert_true(guest.p2m.entry[0] & P2M_ZEROED);
	check_memory();
}

/* Root, directory, table and page in one frame, or entries in one place. */
static void test_one_frame(void **state)
{
	u32 va = DIR << 22 | DIR << 12 | DIR << 2;

	(void)state;
	for (u32 k = 0; k < KINDS; k++) {
		use(GWALK_2LEVEL, DIR * PAGE_SIZE, true);
		set_entry(DIR, DIR, (u64)DIR << 12 | 0x7);
		assert_int_equal(compare(va, kind_number(k)), GW_OK);
		use(GWALK_PAE, DIR * PAGE_SIZE, true);
		set_entry(DIR, 0, (u64)DIR << 12 | 1);
		set_entry(DIR, 3, (u64)DIR << 12 | 0x7);
		assert_int_equal(compare(3 << 21 | 3 << 12, kind_number(k)),
				 GW_OK);
		/* Accessed lands in the root entry, and ends the guest. */
		compare(0x123, kind_number(k));
		compare(3 << 12, kind_number(k));
	}
	check_memory();
}

/* --- single entries ----------------------------------------------------- */

static void test_entries(void **state)
{
	const u64 *root;

	(void)state;
	use(GWALK_PAE, ROOT * PAGE_SIZE, true);
	set_entry(TABLE, 511, 0x123456789abcdef0);
	assert_int_equal(gpte_raw(gwalk_entry(&guest.ctx, mk_gfn(TABLE), 511)),
			 0x123456789abcdef0);
	root = gwalk_root(&guest.ctx, mk_gpa(TABLE * PAGE_SIZE + 0xfe0));
	assert_int_equal(root[3], 0x123456789abcdef0);
	assert_int_equal(gpte_raw(gwalk_entry(&guest.ctx, mk_gfn(RAM), 0)), 0);
	assert_int_equal(gpte_raw(gwalk_entry(&guest.ctx, INVALID_gfn, 0)), 0);
	assert_null(gwalk_root(&guest.ctx, mk_gpa(RAM * PAGE_SIZE)));
	guest.ctx.mode = GWALK_2LEVEL;
	assert_int_equal(gpte_raw(gwalk_entry(&guest.ctx, mk_gfn(TABLE), 1023)),
			 0x12345678);
	assert_int_equal(gfn_raw(gpte_frame(mk_gpte(HUGE_))),
			 gfn_raw(INVALID_gfn));
	assert_int_equal(gfn_raw(gpte_frame(mk_gpte(NX | 0x12345fff))),
			 0x12345);
}

static void test_check_leaf(void **state)
{
	(void)state;
	for (u32 n = 0; n < 2 * ENTRIES; n++) {
		u64 e = entry_number(n / 2, PAGE) | 1;
		u64 reserved = (n & 1 ? 0 : NX) | (NX - (1ull << 52));
		/* A frame beyond RAM may be a device's. */
		bool legal = !(e & 0x80) && !(e & reserved);

		use(GWALK_PAE, 0, n & 1);
		assert_int_equal(!gwalk_check_leaf(&guest.ctx, mk_gpte(e)),
				 legal);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_2level),	     T(test_pae),	  T(test_pae_roots),
		T(test_linear),	     T(test_root_places), T(test_unused_table),
		T(test_one_frame),   T(test_entries),	  T(test_check_leaf),
		S(test_root_places), S(test_one_frame),
	};

	return cmocka_run_group_tests_name("guest walk", tests, NULL, NULL);
}
