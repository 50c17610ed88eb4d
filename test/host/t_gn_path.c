/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gnomon's paths: "." and "..", slashes, symbolic links, mounts, names from
 * inodes, and what is too long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/lib/syscall.h"
#include "test/host/gnomon.h"

static void make(const char *path, uint32_t mode)
{
	struct path_last last;

	assert_int_equal(path_parent(NULL, path, PATH_NOFOLLOW, &last), 0);
	assert_int_equal(
		last.dir->ops->create(last.dir, last.name, mode, 0, NULL), 0);
	inode_put(last.dir);
	inode_put(last.here);
}

static void link_to(const char *target, const char *path)
{
	struct path_last last;

	assert_int_equal(path_parent(NULL, path, PATH_NOFOLLOW, &last), 0);
	assert_int_equal(last.dir->ops->symlink(last.dir, last.name, target),
			 0);
	inode_put(last.dir);
	inode_put(last.here);
}

/* The canonical name of @path, or its error. */
static const char *real(const char *path)
{
	static char name[PATH_MAX];
	struct inode *i;
	int error = path_lookup(NULL, path, 0, &i);

	if (!error) {
		error = path_of(i, name, sizeof(name));
		inode_put(i);
	}
	switch (error) {
	case -ENOENT:
		return "ENOENT";
	case -ENOTDIR:
		return "ENOTDIR";
	case -ELOOP:
		return "ELOOP";
	case -ENAMETOOLONG:
		return "ENAMETOOLONG";
	default:
		return error < 0 ? "?" : name;
	}
}

static void make_tree(void)
{
	make("/a", S_IFDIR | 0755);
	make("/a/b", S_IFDIR | 0755);
	make("/a/b/f", S_IFREG | 0644);
}

static void test_plain(void **state)
{
	(void)state;
	make_tree();
	assert_string_equal(real("/"), "/");
	assert_string_equal(real("/.."), "/");
	assert_string_equal(real("//a///b//."), "/a/b");
	assert_string_equal(real("/a/b/../b/f"), "/a/b/f");
	assert_string_equal(real("/a/b/f/"), "ENOTDIR");
	assert_string_equal(real("/a/b/f/.."), "ENOTDIR");
	assert_string_equal(real("/a/c/d"), "ENOENT");
	assert_string_equal(real(""), "ENOENT");
	assert_string_equal(real("a/b"), "/a/b");
}

static void test_links(void **state)
{
	(void)state;
	make_tree();
	link_to("/a", "/abs");
	link_to("b", "/a/rel");
	link_to("../a/rel/f", "/a/file");
	link_to("loop", "/loop");
	link_to("/", "/root");
	link_to("b/", "/a/slash");
	link_to("nowhere", "/a/broken");
	assert_string_equal(real("/abs/rel/f"), "/a/b/f");
	assert_string_equal(real("/a/file"), "/a/b/f");
	assert_string_equal(real("/a/file/"), "ENOTDIR");
	assert_string_equal(real("/a/rel/"), "/a/b");
	assert_string_equal(real("/a/rel/.."), "/a");
	assert_string_equal(real("/loop"), "ELOOP");
	assert_string_equal(real("/loop/x"), "ELOOP");
	assert_string_equal(real("/root/root/root/a"), "/a");
	assert_string_equal(real("/a/slash/f"), "/a/b/f");
	assert_string_equal(real("/a/broken"), "ENOENT");
}

/* A file has the name it was found by last, or none. */
static void test_names(void **state)
{
	char name[PATH_MAX];
	struct inode *i;

	(void)state;
	make_tree();
	make("/f", S_IFDIR | 0755);
	assert_int_equal(path_lookup(NULL, "/a/b/f", 0, &i), 0);
	assert_int_equal(root_inode->ops->link(root_inode, "g", i), 0);
	assert_string_equal(real("/a/b/f"), "/a/b/f");
	assert_string_equal(real("/g"), "/g");
	assert_string_equal(real("/f"), "/f");
	assert_int_equal(root_inode->ops->unlink(root_inode, "g", false), 0);
	assert_int_equal(path_of(i, name, sizeof(name)), -ENOENT);
	assert_string_equal(real("/a/b/f"), "/a/b/f");
	inode_put(i);
}

/* The last component, to make something there. */
static void test_parent(void **state)
{
	struct path_last last;

	(void)state;
	make_tree();
	link_to("b/new", "/a/dangling");
	assert_int_equal(path_parent(NULL, "/a/b/x//", 0, &last), 0);
	assert_string_equal(last.name, "x");
	assert_null(last.here);
	assert_true(last.wants_dir);
	inode_put(last.dir);
	inode_put(last.here);
	assert_int_equal(path_parent(NULL, "/", 0, &last), 0);
	assert_string_equal(last.name, "");
	assert_ptr_equal(last.here, root_inode);
	inode_put(last.dir);
	inode_put(last.here);
	assert_int_equal(path_parent(NULL, "/a/..", 0, &last), 0);
	assert_string_equal(last.name, "..");
	inode_put(last.dir);
	inode_put(last.here);
	assert_int_equal(path_parent(NULL, "/a/dangling", 0, &last), 0);
	assert_string_equal(last.name, "new");
	inode_put(last.dir);
	inode_put(last.here);
	assert_int_equal(path_parent(NULL, "/a/dangling", PATH_NOFOLLOW, &last),
			 0);
	assert_string_equal(last.name, "dangling");
	inode_put(last.dir);
	inode_put(last.here);
	assert_int_equal(path_parent(NULL, "/a/b/f/x", 0, &last), -ENOTDIR);
}

/* Lengths at their limits, and one above. */
static void test_long(void **state)
{
	char path[PATH_MAX + 8] = "/";
	struct path_last last;
	struct inode *i;

	(void)state;
	memset(path + 1, 'n', NAME_MAX);
	make(path, S_IFDIR | 0755);
	assert_int_equal(strlen(real(path)), NAME_MAX + 1);
	path[NAME_MAX + 1] = 'n';
	assert_string_equal(real(path), "ENAMETOOLONG");
	assert_int_equal(path_parent(NULL, path, 0, &last), -ENAMETOOLONG);
	memset(path, '/', PATH_MAX - 1);
	path[PATH_MAX - 1] = '\0';
	assert_string_equal(real(path), "/");
	path[PATH_MAX - 1] = '/';
	assert_int_equal(path_lookup(NULL, path, 0, &i), -ENAMETOOLONG);
	/* A link whose target and the rest do not fit together. */
	memset(path, '/', PATH_MAX - 3);
	path[PATH_MAX - 3] = '\0';
	link_to(path, "/slashes");
	assert_string_equal(real("/slashes"), "/");
	assert_string_equal(real("/slashes/x"), "ENOENT");
	assert_string_equal(real("/slashes/xy"), "ENAMETOOLONG");
	memset(path, '/', PATH_MAX - 1);
	path[PATH_MAX - 1] = '\0';
	link_to(path, "/full");
	assert_string_equal(real("/full"), "/");
	assert_string_equal(real("/full/"), "ENAMETOOLONG");
}

static void test_mounts(void **state)
{
	struct inode *top = ramfs_new(0755), *over = ramfs_new(0755), *i;

	(void)state;
	make_tree();
	assert_int_equal(path_lookup(NULL, "/a/b", 0, &i), 0);
	assert_int_equal(mount_add(i, top, "tmpfs"), 0);
	inode_put(i);
	assert_string_equal(real("/a/b/f"), "ENOENT");
	make("/a/b/g", S_IFDIR | 0755);
	assert_string_equal(real("/a/b/g"), "/a/b/g");
	assert_string_equal(real("/a/b/g/../.."), "/a");
	assert_string_equal(real("/a/b/.."), "/a");
	assert_int_equal(i->ops->unlink(root_inode, "a", true), -ENOTEMPTY);
	/* One over the other. */
	assert_int_equal(path_lookup(NULL, "/a/b", 0, &i), 0);
	assert_ptr_equal(i, top);
	assert_int_equal(mount_add(i, over, "tmpfs"), 0);
	inode_put(i);
	make("/a/b/h", S_IFDIR | 0755);
	assert_string_equal(real("/a/b/g"), "ENOENT");
	assert_string_equal(real("/a/b/h/../.."), "/a");
}

/* Whatever is asked, the answer comes and nothing is lost. */
static void test_random(void **state)
{
	static const char *const parts[] = { "a", "b",	  "f", "..",  ".",
					     "/", "loop", "/", "rel", "/" };
	char path[256];
	struct inode *i;

	(void)state;
	srand(11);
	make_tree();
	link_to("../loop/a", "/loop");
	link_to("b/../../a", "/a/rel");
	for (int k = 0; k < 50000; k++) {
		path[0] = '\0';
		for (int n = rand() % 12; n; n--) {
			strcat(path, parts[rand() % 10]);
		}
		if (path_lookup(NULL, path, (uint32_t)rand() % 2, &i) == 0) {
			inode_put(i);
		}
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_plain),
		TEST(test_links),
		TEST(test_parent),
		TEST(test_long),
		TEST(test_random),
		TEST(test_names),
		/* Nothing is unmounted: it is the last one. */
		cmocka_unit_test_setup(test_mounts, fake_setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
