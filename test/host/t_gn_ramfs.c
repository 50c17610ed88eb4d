/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gnomon's files in memory, through the calls programs make: contents of
 * every size and hole, names, links, renames, and random operations against
 * a model. Nothing may be left in the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/fcntl.h"
#include "guest/gnomon/linux/stat.h"
#include "guest/gnomon/lib/syscall.h"
#include "test/host/gnomon.h"


#define DATA (FAKE_USER + 0x20000u)

static uint8_t *data(void)
{
	return fake.user + (DATA - FAKE_USER);
}

static long make(const char *path)
{
	return CALL(open, fake_text(0, path), O_CREAT | O_RDWR, 0644);
}

static long rename_to(const char *from, const char *to)
{
	return CALL(rename, fake_text(0, from), fake_text(1, to));
}

static long make_dir(const char *path)
{
	return CALL(mkdir, fake_text(0, path), 0755);
}

static bool exists(const char *path)
{
	return CALL(access, fake_text(0, path), 0) == 0;
}

/* Every byte that is written comes back, holes are zero, tails are cut. */
static void test_contents(void **state)
{
	static const uint32_t places[] = { 0,	     1,
					   4095,     4096,
					   32767,    32768,
					   4 << 20,  (4 << 20) + 32767,
					   70 << 20, 0xfffffff0u };
	long fd = make("/big");

	(void)state;
	for (uint32_t k = 0; k < sizeof(places) / sizeof(places[0]); k++) {
		memset(data(), (int)k + 1, 5000);
		assert_int_equal(CALL(pwrite64, fd, DATA, 5000, places[k], 0),
				 5000);
		memset(data(), 0, 5000);
		assert_int_equal(CALL(pread64, fd, DATA, 5000, places[k], 0),
				 5000);
		assert_int_equal(data()[0], k + 1);
		assert_int_equal(data()[4999], k + 1);
	}
	/* A hole, and what truncation leaves when the file grows again. */
	assert_int_equal(CALL(pread64, fd, DATA, 100, 60 << 20, 0), 100);
	assert_int_equal(data()[50], 0);
	assert_int_equal(CALL(ftruncate64, fd, 4100, 0), 0);
	assert_int_equal(CALL(ftruncate64, fd, 9000, 0), 0);
	assert_int_equal(CALL(pread64, fd, DATA, 5000, 4090, 0), 4910);
	assert_int_equal(data()[9], 4);
	assert_int_equal(data()[10], 0);
	assert_int_equal(CALL(pread64, fd, DATA, 10, 9000, 0), 0);
	assert_int_equal(CALL(ftruncate64, fd, 0, 5), -EFBIG);
	assert_int_equal(CALL(ftruncate64, fd, 0, 0x80000000u), -EINVAL);
	assert_int_equal(CALL(pwrite64, fd, DATA, 1, 0, 0x7fffffff), -EFBIG);
	assert_int_equal(CALL(unlink, fake_text(0, "/big")), 0);
	assert_true(ramfs_frames() > 0);
	assert_int_equal(CALL(close, fd), 0);
	assert_int_equal(ramfs_frames(), 0);
}

/* Wild addresses move nothing and break nothing. */
static void test_wild_buffers(void **state)
{
	long fd = make("/f");
	uint32_t end = FAKE_USER + FAKE_USER_SIZE;

	(void)state;
	assert_int_equal(CALL(write, fd, 0, 10), -EFAULT);
	assert_int_equal(CALL(write, fd, 0x80000000u, 10), -EFAULT);
	assert_int_equal(CALL(write, fd, end - 4096, 5000), 4096);
	assert_int_equal(CALL(lseek, fd, 0, 0), 0);
	assert_int_equal(CALL(read, fd, end - 10, 4096), -EFAULT);
	assert_int_equal(CALL(read, fd, DATA, 0xffffffffu), 4096);
	assert_int_equal(CALL(close, fd), 0);
}

/* A full file system is an error that goes away again. */
static void test_full(void **state)
{
	long fd = make("/full"), n, total = 0;

	(void)state;
	while ((n = CALL(write, fd, DATA, 65536)) > 0) {
		total += n;
	}
	assert_int_equal(n, -ENOSPC);
	assert_true(total > 48 << 20);
	assert_true(fake.frames_left > 0);
	assert_int_equal(CALL(ftruncate, fd, 0), 0);
	assert_int_equal(CALL(write, fd, DATA, 4096), 4096);
	assert_int_equal(CALL(close, fd), 0);
}

/* So is one that is full of names; the kernel keeps some of its heap. */
static void test_full_of_names(void **state)
{
	static char target[4000];
	char path[32];
	long error = 0;
	int made = 0;

	(void)state;
	make_dir("/l");
	memset(target, 'x', sizeof(target) - 1);
	while (!error) {
		snprintf(path, sizeof(path), "/l/%d", made);
		error = CALL(symlink, fake_text(0, target), fake_text(1, path));
		made += !error;
	}
	assert_int_equal(error, -ENOSPC);
	assert_true(made > 10000 && made < 13000);
	while (made--) {
		snprintf(path, sizeof(path), "/l/%d", made);
		assert_int_equal(CALL(unlink, fake_text(0, path)), 0);
	}
	assert_int_equal(CALL(close, make("/l/again")), 0);
}

static void test_names(void **state)
{
	(void)state;
	assert_int_equal(make_dir("/a"), 0);
	assert_int_equal(make_dir("/a"), -EEXIST);
	assert_int_equal(make_dir("/a/b"), 0);
	assert_int_equal(CALL(close, make("/a/f")), 0);
	assert_int_equal(CALL(rmdir, fake_text(0, "/a")), -ENOTEMPTY);
	assert_int_equal(CALL(rmdir, fake_text(0, "/a/f")), -ENOTDIR);
	assert_int_equal(CALL(unlink, fake_text(0, "/a/b")), -EISDIR);
	assert_int_equal(CALL(link, fake_text(0, "/a/f"), fake_text(1, "/a/g")),
			 0);
	assert_int_equal(CALL(link, fake_text(0, "/a/b"), fake_text(1, "/a/h")),
			 -EPERM);
	assert_int_equal(CALL(unlink, fake_text(0, "/a/f")), 0);
	assert_true(exists("/a/g"));
	assert_int_equal(CALL(unlink, fake_text(0, "/a/f")), -ENOENT);
	assert_int_equal(CALL(rmdir, fake_text(0, "/a/b")), 0);
	assert_int_equal(CALL(rmdir, fake_text(0, "/")), -EBUSY);
}

static void test_rename(void **state)
{
	(void)state;
	make_dir("/d");
	make_dir("/d/e");
	make_dir("/x");
	CALL(close, make("/f"));
	CALL(close, make("/g"));
	assert_int_equal(rename_to("/f", "/g"), 0);
	assert_false(exists("/f"));
	assert_int_equal(rename_to("/g", "/d"), -EISDIR);
	assert_int_equal(rename_to("/d", "/g"), -ENOTDIR);
	assert_int_equal(rename_to("/x", "/d"), -ENOTEMPTY);
	assert_int_equal(rename_to("/d", "/d/e/deep"), -EINVAL);
	assert_int_equal(rename_to("/d", "/d"), 0);
	assert_int_equal(rename_to("/d/e", "/x"), 0);
	assert_int_equal(rename_to("/x", "/d/y"), 0);
	assert_true(exists("/d/y/../../g"));
	assert_int_equal(rename_to("/d/.", "/z"), -EBUSY);
	assert_int_equal(rename_to("/none", "/z"), -ENOENT);
	assert_int_equal(rename_to("/g/", "/z"), -ENOTDIR);
	/* Two names of one file: both stay. */
	CALL(link, fake_text(0, "/g"), fake_text(1, "/h"));
	assert_int_equal(rename_to("/g", "/h"), 0);
	assert_true(exists("/g") && exists("/h"));
}

static long open_as(const char *path, uint32_t flags)
{
	return CALL(open, fake_text(0, path), flags, 0600);
}

/* What open() makes, refuses to make, and refuses to open. */
static void test_open(void **state)
{
	(void)state;
	make_dir("/d");
	CALL(close, open_as("/f", O_CREAT | O_EXCL));
	assert_int_equal(open_as("/f", O_CREAT | O_EXCL), -EEXIST);
	assert_int_equal(open_as("/none", O_RDONLY), -ENOENT);
	assert_int_equal(open_as("/none/", O_CREAT), -EISDIR);
	assert_int_equal(open_as("/f/", O_CREAT), -EISDIR);
	assert_int_equal(open_as("/none/x", O_CREAT), -ENOENT);
	assert_int_equal(open_as("/d", O_CREAT), -EISDIR);
	assert_int_equal(open_as("/d/..", O_CREAT), -EISDIR);
	assert_int_equal(open_as("/", O_CREAT | O_EXCL), -EEXIST);
	assert_int_equal(open_as("/d", O_RDWR), -EISDIR);
	assert_int_equal(open_as("/f", O_DIRECTORY), -ENOTDIR);
	CALL(symlink, fake_text(0, "d/target"), fake_text(1, "/link"));
	assert_int_equal(open_as("/link", O_CREAT | O_EXCL), -EEXIST);
	assert_int_equal(open_as("/link", O_NOFOLLOW), -ELOOP);
	assert_int_equal(open_as("/link", O_RDONLY), -ENOENT);
	CALL(close, open_as("/link", O_CREAT));
	assert_true(exists("/d/target"));
	assert_int_equal(CALL(openat, 99, fake_text(0, "f"), 0), -EBADF);
	assert_int_equal(CALL(flock, 99, 0), -EBADF);
	assert_int_equal(CALL(readahead, 99, 0), -EBADF);
	assert_int_equal(CALL(read, open_as("/d", 0), DATA, 1), -EISDIR);
	/* Bits that are not for programs do not come through. */
	assert_true(CALL(fcntl64, open_as("/f", 0x80000000u), F_GETFL, 0) == 0);
}

/* A directory that was removed while somebody is in it. */
static void test_removed_directory(void **state)
{
	(void)state;
	make_dir("/gone");
	assert_int_equal(CALL(chdir, fake_text(0, "/gone")), 0);
	assert_int_equal(CALL(rmdir, fake_text(0, "/gone")), 0);
	assert_int_equal(make("here"), -ENOENT);
	assert_int_equal(CALL(getcwd, DATA, 4096), -ENOENT);
	assert_int_equal(CALL(chdir, fake_text(0, "..")), -ENOENT);
	assert_int_equal(CALL(chdir, fake_text(0, "/")), 0);
}

/* All names of a directory, each once, while some come and go. */
static void test_getdents(void **state)
{
	uint8_t seen[1000] = { 0 };
	char path[32];
	long fd, n;

	(void)state;
	make_dir("/many");
	for (int k = 0; k < 1000; k++) {
		snprintf(path, sizeof(path), "/many/f%d", k);
		CALL(close, make(path));
	}
	fd = CALL(open, fake_text(0, "/many"), O_DIRECTORY, 0);
	while ((n = CALL(getdents64, fd, DATA, 300)) > 0) {
		for (uint8_t *p = data(); p < data() + n;) {
			struct linux_dirent64 d;
			const char *name = (char *)p + sizeof(d);

			memcpy(&d, p, sizeof(d));
			p += d.size;
			if (*name == 'f') {
				int k = atoi(name + 1);

				seen[k]++;
				snprintf(path, sizeof(path), "/many/f%d", k);
				CALL(unlink, fake_text(0, path));
			}
		}
	}
	assert_int_equal(n, 0);
	for (int k = 0; k < 1000; k++) {
		assert_int_equal(seen[k], 1);
	}
	assert_int_equal(CALL(getdents64, fd, DATA, 10), 0);
	assert_int_equal(CALL(lseek, fd, 0, 0), 0);
	assert_int_equal(CALL(getdents64, fd, DATA, 10), -EINVAL);
	CALL(close, fd);
	assert_int_equal(CALL(rmdir, fake_text(0, "/many")), 0);
}

#define MODEL_DIRS  4
#define MODEL_NAMES 8
#define ROUNDS	    20000

/* Which file, by the number written in it, has each name; 0: none. */
static uint32_t model[MODEL_DIRS][MODEL_NAMES];

static const char *name_at(char *buf, uint32_t dir, uint32_t name)
{
	sprintf(buf, "/r%u/n%u", dir, name);
	return buf;
}

static uint32_t number_in(const char *path)
{
	uint32_t number = 0;
	long fd = CALL(open, fake_text(0, path), O_RDONLY, 0);

	if (fd >= 0) {
		assert_int_equal(CALL(read, fd, DATA, 4), 4);
		memcpy(&number, data(), 4);
		CALL(close, fd);
	}
	return number;
}

static void random_step(uint32_t number)
{
	uint32_t d = (uint32_t)rand() % MODEL_DIRS;
	uint32_t n = (uint32_t)rand() % MODEL_NAMES;
	uint32_t e = (uint32_t)rand() % MODEL_DIRS;
	uint32_t m = (uint32_t)rand() % MODEL_NAMES;
	char one[32], two[32];
	long fd;

	name_at(one, d, n);
	name_at(two, e, m);
	switch (rand() % 4) {
	case 0:
		fd = CALL(open, fake_text(0, one), O_CREAT | O_EXCL | O_RDWR,
			  0600);
		assert_int_equal(fd < 0, model[d][n] != 0);
		if (fd >= 0) {
			memcpy(data(), &number, 4);
			assert_int_equal(CALL(write, fd, DATA, 4), 4);
			CALL(close, fd);
			model[d][n] = number;
		}
		break;
	case 1:
		assert_int_equal(CALL(unlink, fake_text(0, one)),
				 model[d][n] ? 0 : -ENOENT);
		model[d][n] = 0;
		break;
	case 2:
		assert_int_equal(
			CALL(link, fake_text(0, one), fake_text(1, two)),
			!model[d][n]  ? -ENOENT
			: model[e][m] ? -EEXIST
				      : 0);
		if (!model[e][m]) {
			model[e][m] = model[d][n];
		}
		break;
	default:
		assert_int_equal(rename_to(one, two),
				 model[d][n] ? 0 : -ENOENT);
		if (model[d][n] && model[d][n] != model[e][m]) {
			model[e][m] = model[d][n];
			model[d][n] = 0;
		}
		break;
	}
	assert_int_equal(number_in(one), model[d][n]);
	assert_int_equal(number_in(two), model[e][m]);
}

static void test_random(void **state)
{
	char path[32];

	(void)state;
	srand(7);
	memset(model, 0, sizeof(model));
	for (uint32_t d = 0; d < MODEL_DIRS; d++) {
		sprintf(path, "/r%u", d);
		make_dir(path);
	}
	for (uint32_t k = 1; k <= ROUNDS; k++) {
		random_step(k);
	}
}

/* A working directory whose name is too long to be told. */
static void test_deep_tree(void **state)
{
	(void)state;
	for (int k = 0; k < 2100; k++) {
		assert_int_equal(make_dir("d"), 0);
		assert_int_equal(CALL(chdir, fake_text(0, "d")), 0);
	}
	assert_int_equal(CALL(getcwd, DATA, 4096), -ENAMETOOLONG);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_contents),  TEST(test_wild_buffers),
		TEST(test_full),      TEST(test_full_of_names),
		TEST(test_names),     TEST(test_rename),
		TEST(test_open),      TEST(test_removed_directory),
		TEST(test_getdents),  TEST(test_random),
		TEST(test_deep_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
