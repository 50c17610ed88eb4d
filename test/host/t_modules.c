// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hv/load/modules.c: README.md "Modules and options", row by row, then random
 * texts against a model that sorts a list of words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "hv/lib/log.h"
#include "hv/load/modules.h"

static struct boot_info info;
static struct guest_modules got;

static void set_text(u32 i, const char *text)
{
	memset(&info.module[i], 0, sizeof(info.module[i]));
	info.module[i].base = mk_hpa(0x1000000ull * (i + 1));
	info.module[i].size = i + 1;
	info.module[i].number = i + 1;
	snprintf(info.module[i].text, BOOT_STRING_MAX, "%s", text);
}

static const char *assign(const char *const texts[])
{
	info.module_count = 0;
	for (u32 i = 0; texts[i]; i++) {
		set_text(i, texts[i]);
		info.module_count++;
	}
	memset(&got, 0xa5, sizeof(got));
	return modules_assign(&info, &got);
}

#define LETTERS 26

/* Which module of @info @m is, 'a' for the first. */
static char letter(const struct module *m)
{
	assert_in_range(m->size, 1, LETTERS);
	assert_int_equal(hpa_raw(m->base), 0x1000000ull * m->size);
	return (char)('a' + m->size - 1);
}

/* All places as a string: kernel, initrd, disks, '-' for an empty place. */
static const char *places(void)
{
	static char s[LETTERS + 3];
	u32 n = 0;

	s[n++] = got.has_kernel ? letter(&got.kernel) : '-';
	s[n++] = got.has_initrd ? letter(&got.initrd) : '-';
	assert_in_range(got.disk_count, 0, MODULE_DISKS_MAX);
	for (u32 i = 0; i < got.disk_count; i++) {
		s[n++] = letter(&got.disk[i]);
	}
	s[n] = '\0';
	return s;
}

struct row {
	const char *want; /* as places() writes it */
	const char *texts[6];
};

static const struct row rows[] = {
	{ "--", { NULL } },
	{ "a-", { "k" } },
	{ "ab", { "k", "i" } },
	{ "abcd", { "k", "i", "d", "d" } },
	{ "-a", { "x role=initrd" } },
	{ "--a", { "x role=disk" } },
	{ "ba", { "x role=initrd", "y" } },
	{ "ba", { "x", "y role=kernel" } },
	{ "b-a", { "x role=disk", "y" } },
	{ "bcad", { "x role=disk", "y", "z", "w" } },
	{ "cab", { "x", "y", "z role=kernel" } },
	{ "abdc", { "k", "i", "d", "e role=disk" } },
	{ "cbad", { "x role=disk", "y role=initrd", "z", "w role=disk" } },
	{ "dcba", { "w", "x role=disk", "y role=initrd", "z role=kernel" } },
	/* The first word is a name, whatever it looks like. */
	{ "ab", { "role=disk", "role=kernel" } },
	{ "ab", { "  role=disk", "\trole=kernel" } },
	/* Texts may be missing. */
	{ "abc", { "", " ", "" } },
	{ "ba", { "", " x role=kernel" } },
	/* Of several roles the last wins. */
	{ "-a", { "x role=disk role=kernel role=initrd" } },
	/* Not a role. */
	{ "ab", { "x arole=disk", "y role:disk role disk -role=disk" } },
	{ "--a", { "x\trole=disk\t" } },
	/* Quotes, as users and as GRUB set them. */
	{ "--a", { "x role=\"disk\"" } },
	{ "--a", { "x \"role=disk\"" } },
	{ "--a", { "\"x y\" role=disk" } },
	{ "a-", { "x \"a role=disk\"" } },
	{ "a-", { "x a=\"b role=disk\"" } },
	{ "a-", { "\"x role=disk" } },
};

static void test_places(void **state)
{
	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_null(assign(rows[i].texts));
		assert_string_equal(places(), rows[i].want);
	}
}

static void assert_args(const char *text, const char *name, const char *args)
{
	const char *const texts[] = { text, NULL };

	assert_null(assign(texts));
	assert_string_equal(got.kernel.name, name);
	assert_string_equal(got.kernel.args, args);
}

static void test_texts(void **state)
{
	char longest[BOOT_STRING_MAX];

	(void)state;
	assert_args("", "", "");
	assert_args("vmlinux", "vmlinux", "");
	assert_args("  vmlinux  ", "vmlinux", "");
	assert_args("v console=hvc0 quiet", "v", "console=hvc0 quiet");
	assert_args("v  a=\"b  c\"\td ", "v", "a=\"b  c\"\td");
	assert_args("v role=kernel", "v", "");
	assert_args("v role=kernel a", "v", "a");
	assert_args("v a role=kernel", "v", "a");
	assert_args("v a  role=kernel\t b", "v", "a\t b");
	assert_args("v  role=kernel role=kernel  a role=kernel", "v", "a");
	assert_args("v xrole=disk role role =", "v", "xrole=disk role role =");
	assert_args("a\x1b\\b c", "a\\x1b\\\\b", "c");
	assert_args("\"a b\" role=\"kernel\" x=\"y  z\"", "a b", "x=\"y  z\"");
	assert_args("a -- sh -c \"echo  role=disk\"", "a",
		    "-- sh -c \"echo  role=disk\"");
	/* As long as a text may be, and the name too. */
	memset(longest, 'n', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	assert_args(longest,
		    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
		    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnn...",
		    "");
	longest[1] = ' ';
	assert_args(longest, "n", longest + 2);
}

/* The complaint must contain all of @words. */
static void assert_refused(const char *const texts[], const char *const words[])
{
	const char *why = assign(texts);

	assert_non_null(why);
	for (u32 i = 0; words[i]; i++) {
		if (!strstr(why, words[i])) {
			fail_msg("'%s' not in '%s'", words[i], why);
		}
	}
	for (const char *p = why; *p; p++) {
		assert_in_range(*p, 0x20, 0x7e);
	}
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void test_refusals(void **state)
{
	char name[BOOT_STRING_MAX];

	(void)state;
	assert_refused(LIST("a role=kernel", "b", "c role=kernel"),
		       LIST("module 3 'c'", "second kernel"));
	assert_refused(LIST("a", "b role=initrd", "c x role=initrd"),
		       LIST("module 3 'c'", "second initrd"));
	assert_refused(LIST("a", "b role=floppy"),
		       LIST("module 2 'b'", "unknown role", "kernel", "initrd",
			    "disk"));
	assert_refused(LIST("a role="), LIST("module 1 'a'", "unknown role"));
	assert_refused(LIST("a role=kernels"), LIST("unknown role"));
	assert_refused(LIST("a role=kerne"), LIST("unknown role"));
	assert_refused(LIST("a role=Disk"), LIST("unknown role"));
	assert_refused(LIST("a role=x role=disk"), LIST("unknown role"));
	assert_refused(LIST("\"a b\" role=x"), LIST("module 1 'a b' has"));
	assert_refused(LIST("\x1b[2J\n role=x"),
		       LIST("module 1 '\\x1b[2J\\n'"));
	/* A long name leaves room for the reason. */
	memset(name, '\xff', sizeof(name));
	memcpy(name + sizeof(name) - 8, " role=x", 8);
	assert_refused(LIST("a", name),
		       LIST("module 2 '\\xff", "...'", "unknown role", "disk"));
}

static u32 complaints;
static char complaint[256];

void log_line(enum log_level level, const char *fmt, ...)
{
	va_list args;

	assert_int_equal(level, LOG_WARN);
	complaints++;
	va_start(args, fmt);
	vsnprintf(complaint, sizeof(complaint), fmt, args);
	va_end(args);
}

/* Of a disk, and only of one, words mean something. */
static void test_disk_words(void **state)
{
	(void)state;
	complaints = 0;
	assert_null(assign(LIST("k ro", "i ro", "d ro", "e", "f role=disk\tro",
				"g role=disk ro ro")));
	assert_false(got.kernel.is_read_only || got.initrd.is_read_only);
	assert_true(got.disk[0].is_read_only); /* f */
	assert_true(got.disk[1].is_read_only); /* g */
	assert_true(got.disk[2].is_read_only); /* d, by position */
	assert_false(got.disk[3].is_read_only);
	assert_int_equal(complaints, 0);
	assert_null(assign(LIST("d role=disk rox")));
	assert_false(got.disk[0].is_read_only);
	assert_int_equal(complaints, 1);
	assert_null(assign(LIST("d role=disk r ro\x1b o")));
	assert_false(got.disk[0].is_read_only);
	assert_int_equal(complaints, 4);
	assert_null(assign(LIST("d role=disk x\x1b ro")));
	assert_true(got.disk[0].is_read_only);
	assert_string_equal(complaint,
			    "disk 'd': 'x\\x1b' means nothing: ignored");
}

/* As many disks as a guest has room for; the others are named. */
static void test_many_disks(void **state)
{
	(void)state;
	for (u32 i = 0; i < BOOT_MODULES_MAX; i++) {
		set_text(i, i == 9 ? "k" : "d role=disk");
	}
	info.module_count = BOOT_MODULES_MAX;
	complaints = 0;
	assert_null(modules_assign(&info, &got));
	assert_true(got.has_kernel && !got.has_initrd);
	assert_int_equal(got.disk_count, MODULE_DISKS_MAX);
	assert_int_equal(got.disk[0].size, 1);
	assert_int_equal(got.disk[9].size, 11);
	assert_int_equal(got.disk[MODULE_DISKS_MAX - 1].size,
			 MODULE_DISKS_MAX + 1);
	assert_int_equal(complaints, BOOT_MODULES_MAX - 1 - MODULE_DISKS_MAX);
	assert_string_equal(complaint, "module 64 'd' is one disk too many for "
				       "a guest: left out");
}

/* --- random texts -------------------------------------------------------- */

static u64 seed;

static u32 rnd(u32 below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (u32)(seed >> 33) % below;
}

/* What a module is expected to become. */
struct expect {
	char role; /* k, i, d, 0 for none, ? for unknown */
	char args[256];
};

/* Write a text of random words, and what is to become of it. */
static void random_text(u32 i, struct expect *e)
{
	static const char *const words[] = { "role=disk",   "role=disk",
					     "role=disk",   "role=initrd",
					     "role=kernel", "role=sofa",
					     "a=b",	    "quiet",
					     "rol",	    "\xff=" };
	static const char *const blanks[] = { " ", "  ", "\t", " \t " };
	static const char roles[] = "dddik?";
	u32 count = rnd(5);
	char text[256] = "name";

	memset(e, 0, sizeof(*e));
	while (count-- > 0) {
		u32 w = rnd(2) ? 6 + rnd(4) : rnd(6);
		const char *blank = blanks[rnd(ARRAY_SIZE(blanks))];

		w = w == 5 && rnd(8) ? 0 : w;
		strcat(text, blank);
		strcat(text, words[w]);
		if (w < 6) {
			e->role = e->role == '?' ? '?' : roles[w];
			continue;
		}
		strcat(e->args, e->args[0] ? blank : "");
		strcat(e->args, words[w]);
	}
	set_text(i, text);
}

/* Fill @want like places(). Returns false when that is impossible. */
static bool model(const struct expect *e, u32 count, char *want)
{
	char disks[LETTERS + 1] = "";
	char kernel = 0, initrd = 0;
	u32 n = 0;

	for (u32 i = 0; i < count; i++) {
		char c = (char)('a' + i);

		if (e[i].role == '?' || (e[i].role == 'k' && kernel) ||
		    (e[i].role == 'i' && initrd)) {
			return false;
		}
		kernel = e[i].role == 'k' ? c : kernel;
		initrd = e[i].role == 'i' ? c : initrd;
		if (e[i].role == 'd') {
			disks[n++] = c;
		}
	}
	for (u32 i = 0; i < count; i++) {
		char c = (char)('a' + i);

		if (e[i].role) {
			continue;
		}
		if (!kernel) {
			kernel = c;
		} else if (!initrd) {
			initrd = c;
		} else {
			disks[n++] = c;
		}
	}
	sprintf(want, "%c%c%s", kernel ? kernel : '-', initrd ? initrd : '-',
		disks);
	return true;
}

static void check_args(const struct module *m, const struct expect *e)
{
	assert_string_equal(m->name, "name");
	assert_string_equal(m->args, e[letter(m) - 'a'].args);
}

static void test_against_model(void **state)
{
	struct expect e[LETTERS];
	char want[LETTERS + 3];
	u32 good = 0;

	(void)state;
	seed = 8;
	for (u32 round = 0; round < 10000; round++) {
		bool legal;

		info.module_count = rnd(rnd(2) ? 5 : LETTERS + 1);
		for (u32 i = 0; i < info.module_count; i++) {
			random_text(i, &e[i]);
		}
		memset(&got, 0xa5, sizeof(got));
		legal = model(e, info.module_count, want);
		assert_int_equal(!modules_assign(&info, &got), legal);
		if (!legal) {
			continue;
		}
		good++;
		assert_string_equal(places(), want);
		if (got.has_kernel) {
			check_args(&got.kernel, e);
		}
		if (got.has_initrd) {
			check_args(&got.initrd, e);
		}
		for (u32 i = 0; i < got.disk_count; i++) {
			check_args(&got.disk[i], e);
		}
	}
	assert_in_range(good, 2000, 9000);
}

/* What is said when modules take too much of the memory, or nothing does. */
static void test_no_memory(void **state)
{
	static const u32 sizes[] = { 1024, 0, 3 * 1024 * 1024 + 1, 5000 };

	(void)state;
	memset(&info, 0, sizeof(info));
	memmap_add(&info.map, 0, 0x9fc00, MEM_AVAILABLE);
	memmap_add(&info.map, 0x100000, 0x300000, MEM_AVAILABLE);
	memmap_add(&info.map, 0x500000, 0x300000, MEM_RESERVED);
	assert_string_equal(modules_no_memory(&info),
			    "not enough memory: the boot loader reports "
			    "3711 KiB");
	info.module_count = ARRAY_SIZE(sizes);
	for (u32 i = 0; i < ARRAY_SIZE(sizes); i++) {
		set_text(i, "a\nb role=disk");
		info.module[i].size = sizes[i];
	}
	assert_string_equal(modules_no_memory(&info),
			    "not enough memory: the boot loader reports "
			    "3711 KiB; modules need 3078 KiB, module 3 "
			    "'a\\nb' alone 3073 KiB");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_disk_words),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_many_disks),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_against_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
