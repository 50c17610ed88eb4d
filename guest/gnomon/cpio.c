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
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/clock.h"
#include "guest/gnomon/file.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"

#define HEADER_SIZE 110
#define FIELD_SIZE  8
#define MAGIC	    "070701"
#define MAGIC_SIZE  6
#define TRAILER	    "TRAILER!!!"

enum field {
	F_INO,
	F_MODE,
	F_UID,
	F_GID,
	F_NLINK,
	F_MTIME,
	F_SIZE,
	F_DEV_MAJOR,
	F_DEV_MINOR,
	F_RDEV_MAJOR,
	F_RDEV_MINOR,
	F_NAME_SIZE,
	F_SUM,
	FIELDS,
};

/* A file with several names, and what the archive knows it by. */
struct linked {
	uint32_t id[3];
	struct inode *inode; /* referenced; NULL: not made yet */
	struct linked *next;
};

struct archive {
	const uint8_t *start;
	uint32_t size;
	uint32_t at; /* <= size */
	struct linked *linked;
	/* The entry at hand. */
	uint32_t entry_at;
	uint32_t field[FIELDS];
	const char *name; /* NUL-terminated */
	const uint8_t *data;
};

static bool read_field(const uint8_t *from, uint32_t *value)
{
	static const char digits[] = "0123456789abcdef";

	*value = 0;
	for (uint32_t k = 0; k < FIELD_SIZE; k++) {
		const char *digit = memchr(digits, tolower(from[k]), 16);

		if (!digit) {
			return false;
		}
		*value = *value << 4 | (uint32_t)(digit - digits);
	}
	return true;
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

/* Header and name are padded as one. */
static const char *read_entry(struct archive *a)
{
	const uint8_t *h = a->start + a->at;
	const char *name = (const char *)h + HEADER_SIZE;
	uint32_t n;

	a->entry_at = a->at;
	a->name = "";
	if (a->size - a->at < HEADER_SIZE) {
		return "cut off within a header";
	}
	if (memcmp(h, MAGIC, MAGIC_SIZE) != 0) {
		return "no header of a newc archive";
	}
	for (uint32_t k = 0; k < FIELDS; k++) {
		if (!read_field(h + MAGIC_SIZE + k * FIELD_SIZE,
				&a->field[k])) {
			return "a number that is not hexadecimal";
		}
	}
	n = a->field[F_NAME_SIZE];
	if (n < 2 || n > PATH_MAX) {
		return "a name of impossible length";
	}
	if (!take(a, HEADER_SIZE + n)) {
		return "cut off within a name";
	}
	if (memchr(name, '\0', n) != name + n - 1) {
		return "a name that does not end where it should";
	}
	a->name = name;
	a->data = take(a, a->field[F_SIZE]);
	return a->data ? NULL : "cut off within contents";
}

/* --- what an entry says is done --- */

static void set_attributes(const struct archive *a, struct inode *i)
{
	i->mode = (i->mode & S_IFMT) | (a->field[F_MODE] & 07777);
	i->uid = a->field[F_UID];
	i->gid = a->field[F_GID];
	i->mtime = (uint64_t)a->field[F_MTIME] * NS_PER_SEC;
}

/* The file with several names that is at hand; NULL: no memory. */
static struct linked *find_linked(struct archive *a)
{
	const uint32_t id[3] = { a->field[F_INO], a->field[F_DEV_MAJOR],
				 a->field[F_DEV_MINOR] };
	struct linked *l = a->linked;

	while (l && memcmp(l->id, id, sizeof(id)) != 0) {
		l = l->next;
	}
	if (!l && (l = calloc(1, sizeof(*l)))) {
		memcpy(l->id, id, sizeof(id));
		l->next = a->linked;
		a->linked = l;
	}
	return l;
}

static const char *make_symlink(const struct archive *a,
				const struct path_last *last)
{
	static char target[PATH_MAX];
	uint32_t n = a->field[F_SIZE];

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
static const char *make_file(struct archive *a, const struct path_last *last)
{
	struct file view = { .flags = FILE_KERNEL_DATA };
	struct linked *l = NULL;
	struct inode *i = NULL;
	uint64_t at = 0;
	long size = (long)a->field[F_SIZE], written = 0;
	int error;

	if (a->field[F_NLINK] > 1 && (a->field[F_MODE] & S_IFMT) == S_IFREG) {
		l = find_linked(a);
		i = l ? l->inode : NULL;
	}
	if (i) {
		error = last->dir->ops->link(last->dir, last->name, i);
		inode_get(i);
	} else {
		error = last->dir->ops->create(
			last->dir, last->name, a->field[F_MODE] & 0177777,
			a->field[F_RDEV_MAJOR] << 8 | a->field[F_RDEV_MINOR],
			&i);
	}
	if (error) {
		inode_put(i);
		return "no memory";
	}
	if (l && !l->inode) {
		l->inode = inode_get(i);
	}
	if (size) {
		view.inode = i;
		written = regular_file_ops.write(&view,
						 (uint32_t)(uintptr_t)a->data,
						 (uint32_t)size, &at);
	}
	set_attributes(a, i);
	inode_put(i);
	return written != size ? "no memory" : NULL;
}

/* Something else may have that name: directories stay, the rest goes. */
static const char *make_entry(struct archive *a)
{
	static struct path_last last;
	uint32_t type = a->field[F_MODE] & S_IFMT;
	struct inode *old = NULL;
	const char *why = NULL;

	/* Of the numbers up to the last one the even ones are in use. */
	if (type != S_IFIFO && (!type || type > S_IFSOCK || (type & S_IFIFO))) {
		return "a type of file that does not exist";
	}
	if (a->field[F_SIZE] && type != S_IFREG && type != S_IFLNK) {
		return "contents where none can be";
	}
	path_lookup(root_inode, a->name, PATH_NOFOLLOW, &old);
	if (old && inode_is(old, S_IFDIR)) {
		set_attributes(a, old);
		inode_put(old);
		return type == S_IFDIR ? NULL : "a directory has that name";
	}
	inode_put(old);
	if (path_parent(root_inode, a->name, PATH_NOFOLLOW, &last)) {
		return "no directory to put it in";
	}
	if (old) {
		last.dir->ops->unlink(last.dir, last.name, false);
	}
	why = type == S_IFLNK ? make_symlink(a, &last) : make_file(a, &last);
	inode_put(last.dir);
	return why;
}

/* Archives may follow each other, with zeros between and behind them. */
const char *cpio_unpack(const uint8_t *start, uint32_t size)
{
	static char text[160];
	struct archive a = { .start = start, .size = size };
	struct linked *l;
	const char *why;
	bool is_end;

	do {
		why = read_entry(&a);
		is_end = !why && strcmp(a.name, TRAILER) == 0;
		while (is_end && a.at < size && !start[a.at]) {
			a.at++;
		}
		if (!why && !is_end) {
			why = make_entry(&a);
		}
	} while (!why && !(is_end && a.at == size));
	while ((l = a.linked)) {
		a.linked = l->next;
		inode_put(l->inode);
		free(l);
	}
	if (!why) {
		return NULL;
	}
	snprintf(text, sizeof(text), "cpio: entry '%.40s' at offset %lu: %s",
		 a.name, (unsigned long)a.entry_at, why);
	for (char *c = text; *c; c++) { /* names may be anybody's */
		*c = isprint((uint8_t)*c) ? *c : '?';
	}
	return text;
}
