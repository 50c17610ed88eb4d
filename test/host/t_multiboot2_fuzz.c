// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * boot/multiboot2.c: mutated and truncated blocks against a reader that goes
 * byte by byte.
 */
#include "test/host/mb2_block.h"

static u64 seed;

static u32 rnd(u32 below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (u32)(seed >> 33) % below;
}

/* Are all of these bytes readable? The fake reads 4 GiB at the most. */
static bool readable(u64 addr, u64 len)
{
	return addr + len <= 1ull << 32 &&
	       (len == 0 ||
		(byte_at(addr) >= 0 && byte_at(addr + len - 1) >= 0));
}

static u64 number_at(u64 addr, u32 bytes)
{
	u64 n = 0;

	for (u32 i = bytes; i-- > 0;) {
		assert_true(byte_at(addr + i) >= 0);
		n = n << 8 | (u8)byte_at(addr + i);
	}
	return n;
}

/* What the block says, as this test understands it. */
static struct {
	u32 ranges;
	u32 modules;
	u32 dropped;
	u32 cut;
	u64 cmdline; /* address of the last one, 0: none */
	u32 cmdline_len;
} model;

static void model_range(u64 base, u64 len, enum mem_kind kind)
{
	if (base + len < base) {
		len = ~base;
	}
	if (len != 0 && model.ranges < MEMMAP_MAX) {
		assert_range(model.ranges++, base, len, kind);
	}
}

static void model_mmap(u64 at, u32 len)
{
	u64 step;

	if (len < 8 || !readable(at, 8) || number_at(at, 4) < 24) {
		return;
	}
	step = number_at(at, 4);
	for (u64 e = at + 8; e + step <= at + len && readable(e, 24);
	     e += step) {
		model_range(number_at(e, 8), number_at(e + 8, 8),
			    number_at(e + 16, 4) == 1 ? MEM_AVAILABLE
						      : MEM_RESERVED);
	}
}

/* Was @text copied from @len bytes at @addr? */
static bool text_agrees(const char *text, u32 size, u64 addr, u32 len)
{
	u32 n = 0;

	while (n < len && n < size - 1 && byte_at(addr + n) > 0) {
		if ((u8)text[n] != byte_at(addr + n)) {
			return false;
		}
		n++;
	}
	return text[n] == '\0';
}

static bool text_is_cut(u32 size, u64 addr, u32 len)
{
	u32 n = len < size ? len : size;

	if (!readable(addr, n)) {
		return true;
	}
	for (u32 i = 0; i < n; i++) {
		if (byte_at(addr + i) == 0) {
			return false;
		}
	}
	return true;
}

static void model_module(u64 at, u32 len)
{
	const struct boot_module *m = &info.module[model.modules];
	u64 start, end;

	if (len < 8 || !readable(at, 8) || model.modules == BOOT_MODULES_MAX) {
		model.dropped++;
		return;
	}
	start = number_at(at, 4);
	end = number_at(at + 4, 4);
	if (end < start || !readable(start, end - start) ||
	    (end > start && model.ranges == MEMMAP_MAX)) {
		model.dropped++;
		return;
	}
	assert_int_equal(hpa_raw(m->base), start);
	assert_int_equal(m->size, end - start);
	if (text_is_cut(BOOT_STRING_MAX, at + 8, len - 8)) {
		model.cut++;
	} else {
		assert_true(
			text_agrees(m->text, BOOT_STRING_MAX, at + 8, len - 8));
	}
	model.modules++;
	model_range(start, end - start, MEM_IN_USE);
}

static void model_framebuffer(u64 at, u32 len)
{
	if (len >= 30 && readable(at, 30) && number_at(at + 21, 1) == 1) {
		model_range(number_at(at, 8),
			    number_at(at + 8, 4) * number_at(at + 16, 4),
			    MEM_RESERVED);
	}
}

static void model_tag(u32 type, u64 at, u32 len)
{
	switch (type) {
	case T_CMDLINE:
		model.cmdline = at;
		model.cmdline_len = len;
		model.cut += text_is_cut(BOOT_STRING_MAX, at, len);
		break;
	case T_LOADER:
		model.cut += text_is_cut(BOOT_LOADER_MAX, at, len);
		break;
	case T_MODULE:
		model_module(at, len);
		break;
	case T_MMAP:
		model_mmap(at, len);
		break;
	case T_FRAMEBUFFER:
		model_framebuffer(at, len);
		break;
	default:
		break;
	}
}

static void check_all(void)
{
	u64 at = (u64)window_base + AT_INFO;
	u64 end = at + number_at(at, 4);

	memset(&model, 0, sizeof(model));
	for (at += 8; at + 8 <= end && readable(at, 8);) {
		u32 type = (u32)number_at(at, 4);
		u64 size = number_at(at + 4, 4);

		if (type == 0 || size < 8 || at + size > end) {
			break;
		}
		model_tag(type, at + 8, (u32)size - 8);
		at += (size + 7) / 8 * 8;
	}
	assert_int_equal(info.map.count, model.ranges);
	assert_int_equal(info.module_count, model.modules);
	assert_int_equal(dropped(&info), model.dropped);
	assert_int_equal(cut_texts(&info), model.cut);
	if (model.cmdline &&
	    !text_is_cut(BOOT_STRING_MAX, model.cmdline, model.cmdline_len)) {
		assert_true(text_agrees(info.cmdline, BOOT_STRING_MAX,
					model.cmdline, model.cmdline_len));
	}
	assert_non_null(memchr(info.cmdline, 0, sizeof(info.cmdline)));
	assert_non_null(memchr(info.loader, 0, sizeof(info.loader)));
	assert_true(info.rsdp_len <= BOOT_RSDP_MAX);
}

static void random_mmap(void)
{
	u32 size = 24 + rnd(3) * 8;

	begin_mmap(size);
	for (u32 n = rnd(20); n > 0; n--) {
		put_entry(size, (u64)rnd(1u << 31) << rnd(33),
			  (u64)rnd(1u << 31) << rnd(33), rnd(3));
	}
	end_tag();
}

static void random_tag(void)
{
	u32 start = window_base + AT_DATA + rnd(0x1000);

	switch (rnd(6)) {
	case 0:
		put_text_tag(T_CMDLINE, "umbra a=b c=d");
		break;
	case 1:
		put_text_tag(T_LOADER, "loader");
		break;
	case 2:
		random_mmap();
		break;
	case 3:
		put_framebuffer((u8)rnd(4), 32, rnd(7));
		break;
	case 4:
		put_rsdp(T_ACPI_OLD + rnd(2), (u8)rnd(256), 10 + rnd(40));
		break;
	default:
		put_module_tag(start, start + rnd(0x1000), "name arguments");
		break;
	}
}

/* Values that parsers get wrong. */
static u32 nasty(void)
{
	switch (rnd(6)) {
	case 0:
		return 0u - rnd(64);
	case 1:
		return window_base + window_end - rnd(64);
	case 2:
		return rnd(WINDOW_SIZE);
	case 3:
		return rnd(64);
	case 4:
		return 0x80000000u + rnd(64) - 32;
	default:
		return rnd(1u << 31) * 2 + rnd(2);
	}
}

static void mutate(void)
{
	for (u32 i = rnd(6); i > 0; i--) {
		u32 words = (block_end - AT_INFO) / 4;

		put32(AT_INFO + 4 * (rnd(8) ? 1 + rnd(words - 1) : 0), nasty());
	}
	if (rnd(4) == 0) {
		window_end = AT_INFO + 8 + rnd(block_end - AT_INFO);
	}
}

static void test_mutated(void **state)
{
	static const u32 bases[] = { 0, 0x10000, 0x7fffc000,
				     (0u - WINDOW_SIZE) };
	u32 good = 0;

	(void)state;
	seed = 3;
	for (u32 i = 0; i < 5000; i++) {
		begin_block(bases[rnd(ARRAY_SIZE(bases))]);
		put_memory();
		for (u32 n = rnd(20); n > 0; n--) {
			random_tag();
		}
		end_block();
		mutate();
		if (!parse()) {
			check_all();
			good++;
		}
	}
	/* Both outcomes were seen, and more than by accident. */
	assert_in_range(good, 1000, 4950);
}

/* A good block cut off at every byte: less is read, never more. */
static void test_truncated(void **state)
{
	u32 last = 0;

	(void)state;
	begin_block(0x10000);
	put_memory();
	put_text_tag(T_CMDLINE, "a=b");
	put_module_tag(0x10000, 0x10100, "one");
	put_framebuffer(1, 16, 6);
	put_module_tag(0x10000, 0x10100, "two");
	end_block();
	for (window_end = AT_INFO; window_end <= block_end; window_end++) {
		u32 found = parse() ? 0 : info.map.count + info.module_count;

		assert_true(found >= last);
		last = found;
	}
	assert_int_equal(last, 6);
	window_end = WINDOW_SIZE;
	last = 0;
	for (u32 size = 0; size <= block_end - AT_INFO; size++) {
		u32 found;

		put32(AT_INFO, size);
		found = parse() ? 0 : info.map.count + info.module_count;
		assert_true(found >= last);
		last = found;
	}
	assert_int_equal(last, 6);
}

/* Nothing but noise: only the bounds in fake_read() can complain. */
static void test_noise(void **state)
{
	(void)state;
	seed = 4;
	for (u32 i = 0; i < 300; i++) {
		fresh(0x10000);
		for (u32 k = 0; k < WINDOW_SIZE; k += 4) {
			put32(k, rnd(2) ? nasty() : rnd(40));
		}
		put32(AT_INFO, WINDOW_SIZE - AT_INFO);
		if (!parse()) {
			check_all();
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mutated),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
