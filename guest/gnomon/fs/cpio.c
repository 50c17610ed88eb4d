// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unpacking a cpio archive, format newc, into the root file system.
 *
 * Each entry is a header of hexadecimal digits, a name and contents, both
 * padded to four bytes. Names are paths like those of system calls, symbolic
 * links on the way included: a later archive can put files behind the links of
 * an earlier one. None of the rest is believed: what does not fit in the
 * archive, or makes no sense, ends the unpacking with a text that says which
 * entry and where.
 *
 * Steps return NULL, or what is wrong.
 */
#include "guest/gnomon/fs/cpio.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/fs/file.h"
#include "guest/gnomon/fs/path.h"

#define MAGIC	"070701"
#define TRAILER "TRAILER!!!"

/* All in digits, without a NUL; dev is of the file system it was in. */
struct header {
	char magic[6];
	char ino[8], mode[8], uid[8], gid[8], links[8], mtime[8], size[8];
	char dev[16], rdev_major[8], rdev_minor[8], name_size[8], sum[8];
};

struct archive {
	const uint8_t *start;
	uint32_t size;
	uint32_t first; /* entry of the archive, if there are several */
	uint32_t at;	/* <= size */
	/* The entry at hand. */
	const struct header *header;
	const char *name; /* NUL-terminated */
	const uint8_t *data;
	uint32_t mode, data_size;
};

/* The digits were checked. */
static uint32_t number(const char digits[8])
{
	char text[9] = "";

	memcpy(text, digits, 8);
	return (uint32_t)strtoul(text, NULL, 16);
}

/* The next @n bytes and their padding. NULL: there are not that many. */
static const uint8_t *take(struct archive *a, uint32_t n)
{
	const uint8_t *p = a->start + a->at;

	if (n > a->size - a->at) {
		return NULL;
	}
	a->at += n;
	/* The padding of the last one may be missing. */
	n = -a->at & 3;
	a->at += n < a->size - a->at ? n : a->size - a->at;
	return p;
}

static const char *read_entry(struct archive *a)
{
	const struct header *h = (const struct header *)(a->start + a->at);
	const char *name = (const char *)(h + 1);
	uint32_t n;

	a->header = h;
	a->name = "";
	if (a->size - a->at < sizeof(*h)) {
		return "cut off within a header";
	}
	if (memcmp(h->magic, MAGIC, sizeof(h->magic)) != 0) {
		return "no header of a newc archive";
	}
	for (const char *c = h->ino; c < name; c++) {
		if (!isxdigit((uint8_t)*c)) {
			return "a number that is not hexadecimal";
		}
	}
	n = number(h->name_size);
	if (n < 2 || n > PATH_MAX) {
		return "a name of impossible length";
	}
	/* Header and name are padded as one. */
	if (!take(a, sizeof(*h) + n)) {
		return "cut off within a name";
	}
	if (memchr(name, '\0', n) != name + n - 1) {
		return "a name that does not end where it should";
	}
	a->name = name;
	a->mode = number(h->mode) & 0177777;
	a->data_size = number(h->size);
	a->data = take(a, a->data_size);
	return a->data ? NULL : "cut off within contents";
}

/* --- what an entry says is done --- */

static void set_attributes(const struct archive *a, struct inode *i)
{
	i->mode = (i->mode & S_IFMT) | (a->mode & 07777);
	i->uid = number(a->header->uid);
	i->gid = number(a->header->gid);
	i->mtime = (uint64_t)number(a->header->mtime) * NS_PER_SEC;
}

/*
 * A file that has several names may be there under one of them already: then
 * it is in the archive before. Returns a reference, or NULL.
 */
static struct inode *find_linked(const struct archive *a)
{
	struct archive b = *a;
	struct inode *i = NULL;

	b.at = a->first;
	while (!i && !read_entry(&b) && b.header != a->header) {
		if (memcmp(b.header->ino, a->header->ino, 8) == 0 &&
		    memcmp(b.header->dev, a->header->dev, 16) == 0) {
			path_lookup(root_inode, b.name, PATH_NOFOLLOW, &i);
		}
	}
	return i;
}

static const char *make_symlink(const struct archive *a,
				const struct path_last *last)
{
	static char target[PATH_MAX];
	uint32_t n = a->data_size;

	if (!n || n >= PATH_MAX || memchr(a->data, '\0', n)) {
		return "a symbolic link to nothing";
	}
	memcpy(target, a->data, n);
	target[n] = '\0';
	return last->dir->ops->symlink(last->dir, last->name, target)
		       ? "no memory"
		       : NULL;
}

/* A file, or another name of one: contents come with any of them. */
static const char *make_file(const struct archive *a,
			     const struct path_last *last)
{
	const struct header *h = a->header;
	uint32_t rdev = number(h->rdev_major) << 8 | number(h->rdev_minor);
	struct file view = { 0 };
	struct inode *i = NULL;
	uint64_t at = 0;
	int error;

	if ((a->mode & S_IFMT) == S_IFREG && number(h->links) > 1) {
		i = find_linked(a);
	}
	if (i) {
		error = last->dir->ops->link(last->dir, last->name, i);
	} else {
		error = last->dir->ops->create(last->dir, last->name, a->mode,
					       rdev, &i);
	}
	if (!error && a->data_size) {
		view.inode = i;
		regular_file_ops.write(&view, buffer_of_kernel(a->data),
				       a->data_size, &at);
	}
	if (!error) {
		set_attributes(a, i);
	}
	inode_put(i);
	return error || at != a->data_size ? "no memory" : NULL;
}

/* Something else may have that name: directories stay, the rest goes. */
static const char *make_entry(struct archive *a)
{
	static struct path_last last;
	uint32_t type = a->mode & S_IFMT;
	const char *why = NULL;

	/* Of the numbers up to the last one the even ones are in use. */
	if (type != S_IFIFO && (!type || type > S_IFSOCK || (type & S_IFIFO))) {
		return "a type of file that does not exist";
	}
	if (a->data_size && type != S_IFREG && type != S_IFLNK) {
		return "contents where none can be";
	}
	if (path_parent(root_inode, a->name, PATH_NOFOLLOW, &last)) {
		return "no directory to put it in";
	}
	if (last.here && inode_is(last.here, S_IFDIR)) {
		set_attributes(a, last.here);
		why = type == S_IFDIR ? NULL : "a directory has that name";
	} else {
		last.dir->ops->unlink(last.dir, last.name, false);
		why = type == S_IFLNK ? make_symlink(a, &last)
				      : make_file(a, &last);
	}
	inode_put(last.here);
	inode_put(last.dir);
	return why;
}

/* Archives may follow each other, with zeros between and behind them. */
const char *cpio_unpack(const uint8_t *start, uint32_t size)
{
	static char text[160];
	struct archive a = { .start = start, .size = size };
	const char *why;
	bool is_end;

	do {
		why = read_entry(&a);
		is_end = !why && strcmp(a.name, TRAILER) == 0;
		if (!why && !is_end) {
			why = make_entry(&a);
		}
		while (is_end && a.at < size && !start[a.at]) {
			a.at++;
		}
		a.first = is_end ? a.at : a.first;
	} while (!why && !(is_end && a.at == size));
	if (!why) {
		return NULL;
	}
	snprintf(text, sizeof(text), "cpio: entry '%.40s' at offset %lu: %s",
		 a.name, (unsigned long)((const uint8_t *)a.header - start),
		 why);
	for (char *c = text; *c; c++) { /* names may be anybody's */
		*c = isprint((uint8_t)*c) ? *c : '?';
	}
	return text;
}
