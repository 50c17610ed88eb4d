/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gnomon's cpio: what archives unpack to, and that a corrupt one, in every
 * way that comes to mind or by chance, is refused with its place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>

#include "guest/gnomon/fs/cpio.h"
#include "guest/gnomon/mm/frame.h"
#include "test/host/gnomon.h"

#define ARCHIVE_MAX 65536
#define FIELDS	    13

enum {
	INO,
	MODE,
	UID,
	GID,
	NLINK,
	MTIME,
	SIZE,
	DMAJ,
	DMIN,
	RMAJ,
	RMIN,
	NAME
};

static uint8_t archive[ARCHIVE_MAX];
static uint32_t used;

static void pad(void)
{
	while (used & 3) {
		archive[used++] = 0;
	}
}

/* An entry; its offset. */
static uint32_t add_linked(const char *name, uint32_t mode, const void *data,
			   uint32_t size, uint32_t ino, uint32_t links)
{
	uint32_t at = used;
	uint32_t field[FIELDS] = {
		[INO] = ino,	 [MODE] = mode,
		[NLINK] = links, [MTIME] = 1234,
		[SIZE] = size,	 [NAME] = (uint32_t)strlen(name) + 1,
		[RMAJ] = 5,	 [RMIN] = 1,
	};

	used += (uint32_t)sprintf((char *)archive + used, "070701");
	for (int k = 0; k < FIELDS; k++) {
		used += (uint32_t)sprintf((char *)archive + used, "%08X",
					  field[k]);
	}
	memcpy(archive + used, name, field[NAME]);
	used += field[NAME];
	pad();
	memcpy(archive + used, data, size);
	used += size;
	pad();
	return at;
}

static uint32_t add(const char *name, uint32_t mode, const char *data)
{
	return add_linked(name, mode, data, (uint32_t)strlen(data), 0, 1);
}

static void end(void)
{
	add("TRAILER!!!", 0, "");
}

static void put_field(uint32_t at, uint32_t field, const char *digits)
{
	memcpy(archive + at + 6 + 8 * field, digits, 8);
}

static int setup(void **state)
{
	memset(archive, 0, sizeof(archive));
	used = 0;
	return fake_setup(state);
}

/*
 * Unpack a copy of @size bytes with nothing behind it, so that none there are
 * read, in low memory, where addresses are the kernel's 32 bits.
 */
static const char *unpack(uint32_t size)
{
	static uint8_t *room;
	const char *why;

	if (!room) {
		room = mmap(NULL, ARCHIVE_MAX + PAGE_SIZE,
			    PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
		assert_true(room != MAP_FAILED);
		mprotect(room + ARCHIVE_MAX, PAGE_SIZE, PROT_NONE);
	}
	memcpy(room + ARCHIVE_MAX - size, archive, size);
	why = cpio_unpack(room + ARCHIVE_MAX - size, size);
	return why ? why : "";
}

static void assert_refused(const char *text, uint32_t at)
{
	const char *why = unpack(used);
	char place[32];

	sprintf(place, "offset %u:", at);
	if (!strstr(why, text) || !strstr(why, place)) {
		fail_msg("'%s' instead of '%s' at %s", why, text, place);
	}
}

static struct inode *get(const char *path)
{
	struct inode *i;

	assert_int_equal(path_lookup(NULL, path, PATH_NOFOLLOW, &i), 0);
	inode_put(i);
	return i;
}

/* Of a short file; what follows the end is zero. */
static const char *contents(const char *path)
{
	struct inode *i = get(path);

	return frame_at(i->ops->page(i, 0, false));
}

static void test_good(void **state)
{
	char text[16];

	(void)state;
	add(".", S_IFDIR | 0711, "");
	add("bin", S_IFDIR | 0755, "");
	add("./bin/sh", S_IFREG | 0755, "program");
	add("/etc", S_IFDIR | 0700, "");
	add("bin/link", S_IFLNK | 0777, "sh");
	add("console", S_IFCHR | 0600, "");
	add("fifo", S_IFIFO | 0600, "");
	end();
	used += 512;
	assert_string_equal(unpack(used), "");
	assert_int_equal(root_inode->mode, S_IFDIR | 0711);
	assert_int_equal(get("/bin/sh")->size, 7);
	assert_int_equal(get("/bin/sh")->mtime, 1234ull * 1000000000);
	assert_string_equal(contents("/bin/sh"), "program");
	assert_int_equal(
		get("/bin/link")->ops->readlink(get("/bin/link"), text, 16), 2);
	assert_int_equal(get("/console")->rdev, 0x501);
	assert_int_equal(get("/etc")->mode, S_IFDIR | 0700);
}

/* Contents come with the first or the last of several names. */
static void test_hard_links(void **state)
{
	(void)state;
	add_linked("a", S_IFREG | 0644, "", 0, 7, 2);
	add_linked("b", S_IFREG | 0644, "data", 4, 7, 2);
	add_linked("c", S_IFREG | 0644, "other", 5, 8, 2);
	add_linked("d", S_IFREG | 0644, "", 0, 8, 2);
	end();
	assert_string_equal(unpack(used), "");
	assert_ptr_equal(get("/a"), get("/b"));
	assert_int_equal(get("/a")->size, 4);
	assert_int_equal(get("/a")->links, 2);
	assert_ptr_equal(get("/c"), get("/d"));
	assert_int_equal(get("/d")->size, 5);
}

/*
 * A second archive behind the first replaces files, behind links of the first
 * as well; "/x", "./x" and "x" are the same.
 */
static void test_two_archives(void **state)
{
	(void)state;
	add("f", S_IFREG | 0644, "old");
	add("usr", S_IFDIR | 0755, "");
	add("lib", S_IFLNK | 0777, "usr");
	end();
	used += 100;
	pad();
	add("./f", S_IFREG | 0600, "newer");
	add("lib/x", S_IFREG | 0600, "behind");
	add("/usr//../y", S_IFREG | 0600, "up");
	end();
	assert_string_equal(unpack(used), "");
	assert_int_equal(get("/f")->size, 5);
	assert_int_equal(get("/usr/x")->size, 6);
	assert_int_equal(get("/y")->size, 2);
}

static void test_cut_off(void **state)
{
	uint32_t whole;

	(void)state;
	add("bin", S_IFDIR | 0755, "");
	add("bin/sh", S_IFREG | 0755, "some contents");
	end();
	whole = used;
	/* The last three bytes are padding. */
	for (uint32_t size = 0; size < whole - 3; size++) {
		assert_string_not_equal(unpack(size), "");
	}
}

struct bad {
	const char *why;
	uint32_t field;
	const char *digits;
};

static void test_bad_fields(void **state)
{
	static const struct bad bad[] = {
		{ "not hexadecimal", UID, "0000000g" },
		{ "impossible length", NAME, "00000000" },
		{ "impossible length", NAME, "00001001" },
		{ "impossible length", NAME, "ffffffff" },
		{ "does not end", NAME, "00000002" },
		{ "within contents", SIZE, "ffffffff" },
		{ "within contents", SIZE, "00100000" },
		{ "does not exist", MODE, "00000000" },
		{ "does not exist", MODE, "0000f000" },
		{ "contents where", MODE, "000041ed" },
	};
	uint32_t at;

	(void)state;
	for (uint32_t k = 0; k < sizeof(bad) / sizeof(bad[0]); k++) {
		used = 0;
		add("good", S_IFREG | 0644, "x");
		at = add("file", S_IFREG | 0644, "contents");
		end();
		put_field(at, bad[k].field, bad[k].digits);
		assert_refused(bad[k].why, at);
	}
}

static void assert_name_refused(const char *name, const char *why)
{
	uint32_t at;

	used = 0;
	add("dir", S_IFDIR | 0755, "");
	add("file", S_IFREG | 0755, "x");
	add("out", S_IFLNK | 0777, "..");
	at = add(name, S_IFREG | 0644, "x");
	end();
	assert_refused(why, at);
}

static void test_bad_names(void **state)
{
	char name[300];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_name_refused(name, "no directory");
	assert_name_refused("none/x", "no directory");
	assert_name_refused("file/x", "no directory");
	assert_name_refused("dir", "a directory has");
	assert_name_refused("..", "a directory has");
	assert_name_refused("out/dir", "a directory has");
	assert_name_refused(".", "a directory has");
}

static void test_magic(void **state)
{
	uint32_t at;

	(void)state;
	at = add("f", S_IFREG | 0644, "abc");
	end();
	archive[at + 5] = '7';
	assert_refused("no header", at);
	used = 0;
	end();
	at = used;
	memset(archive + used, 'x', 200);
	used += 200;
	assert_refused("no header", at);
}

static void test_no_memory(void **state)
{
	static char much[40000];

	(void)state;
	fake.frames_left = 1030;
	memset(much, 'x', sizeof(much) - 1);
	add("f", S_IFREG | 0644, much);
	end();
	assert_non_null(strstr(unpack(used), "no memory"));
	fake.frames_left = 16384 - fake.frames_used;
}

/* Bytes changed by chance: any answer is good that is one. */
static void test_mutations(void **state)
{
	static uint8_t good[ARCHIVE_MAX];
	uint32_t size;

	(void)state;
	srand(3);
	add("bin", S_IFDIR | 0755, "");
	add_linked("bin/sh", S_IFREG | 0755, "some contents", 13, 9, 3);
	add_linked("bin/ls", S_IFREG | 0755, "", 0, 9, 3);
	add("bin/link", S_IFLNK | 0777, "sh");
	add("null", S_IFCHR | 0600, "");
	end();
	size = used;
	memcpy(good, archive, size);
	for (int round = 0; round < 30000; round++) {
		memcpy(archive, good, size);
		for (int n = 1 + rand() % 4; n; n--) {
			archive[(uint32_t)rand() % size] =
				(uint8_t) "0123456789abcdef./\0\xff"[rand() %
								     20];
		}
		unpack(size - (uint32_t)(rand() % 8 == 0 ? rand() : 0) % size);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_good),	 TEST(test_hard_links),
		TEST(test_two_archives), TEST(test_cut_off),
		TEST(test_bad_fields),	 TEST(test_bad_names),
		TEST(test_magic),	 TEST(test_no_memory),
		TEST(test_mutations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
