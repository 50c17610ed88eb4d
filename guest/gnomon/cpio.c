// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unpacking a cpio archive, format newc, into the root file system.
 *
 * Each entry is a header of hexadecimal digits, a name and contents, both
 * padded to four bytes. Nothing of it is believed: what does not fit in the
 * archive, or makes no sense, ends the unpacking with a text that says which
 * entry and where.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/clock.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"

#define HEADER_SIZE 110
#define FIELD_SIZE  8
#define MAGIC	    "070701"
#define MAGIC_SUM   "070702" /* with the sum of the contents' bytes */
#define MAGIC_SIZE  6
#define TRAILER	    "TRAILER!!!"
#define NAME_SHOWN  40

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

/* A file with several names, seen under one of them. */
struct linked {
	uint32_t dev_major, dev_minor, ino;
	struct inode *inode; /* referenced */
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
	const char *name; /* NUL-terminated, without "/" or "./" before it */
	const uint8_t *data;
	const char *wrong; /* what is wrong with it */
};

/* The first thing that is wrong is told. */
static int refuse(struct archive *a, const char *why)
{
	a->wrong = why;
	return -EINVAL;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int read_field(const uint8_t *digits, uint32_t *value)
{
	*value = 0;
	for (uint32_t k = 0; k < FIELD_SIZE; k++) {
		int digit = hex_digit(digits[k]);

		if (digit < 0) {
			return -EINVAL;
		}
		*value = *value << 4 | (uint32_t)digit;
	}
	return 0;
}

/* The next @n bytes and their padding. NULL: there are not that many. */
static const uint8_t *take(struct archive *a, uint32_t n)
{
	const uint8_t *p = a->start + a->at;
	uint32_t rest = a->size - a->at;

	if (n > rest) {
		return NULL;
	}
	a->at += n;
	/* The padding of the last one may be missing. */
	n = -a->at & 3;
	a->at += n < a->size - a->at ? n : a->size - a->at;
	return p;
}

/* Here a->at does not move: the name follows without padding. */
static int read_header(struct archive *a)
{
	const uint8_t *h = a->start + a->at;

	a->entry_at = a->at;
	a->name = "";
	if (a->size - a->at < HEADER_SIZE) {
		return refuse(a, "cut off within a header");
	}
	if (memcmp(h, MAGIC, MAGIC_SIZE) != 0 &&
	    memcmp(h, MAGIC_SUM, MAGIC_SIZE) != 0) {
		return refuse(a, "no header of a newc archive");
	}
	for (uint32_t k = 0; k < FIELDS; k++) {
		if (read_field(h + MAGIC_SIZE + k * FIELD_SIZE, &a->field[k])) {
			return refuse(a, "a number that is not hexadecimal");
		}
	}
	return 0;
}

/* "/x", "./x" and "x" are the same: all are below the root. */
static int read_name(struct archive *a)
{
	uint32_t n = a->field[F_NAME_SIZE];
	const char *name;

	if (n < 2 || n > PATH_MAX) {
		return refuse(a, "a name of impossible length");
	}
	/* Header and name are padded as one. */
	name = (const char *)take(a, HEADER_SIZE + n);
	if (!name) {
		return refuse(a, "cut off within a name");
	}
	name += HEADER_SIZE;
	if (memchr(name, '\0', n) != name + n - 1) {
		return refuse(a, "a name that does not end where it should");
	}
	while (*name == '/' || (name[0] == '.' && name[1] == '/')) {
		name++;
	}
	a->name = name;
	return 0;
}

static int read_data(struct archive *a)
{
	bool has_sum =
		memcmp(a->start + a->entry_at, MAGIC_SUM, MAGIC_SIZE) == 0;
	uint32_t n = a->field[F_SIZE], sum = 0;

	a->data = take(a, n);
	if (!a->data) {
		return refuse(a, "cut off within contents");
	}
	for (uint32_t k = 0; has_sum && k < n; k++) {
		sum += a->data[k];
	}
	return has_sum && sum != a->field[F_SUM] ? refuse(a, "a wrong sum") : 0;
}

/* --- what an entry says is done --- */

/*
 * The directory that holds the entry, referenced, and its name there. Links
 * are not followed: an archive has no business outside of itself.
 */
static int find_place(struct archive *a, struct inode **dir,
		      char name[NAME_MAX + 1])
{
	struct inode *at = root_inode, *next;
	const char *p = a->name, *slash;

	inode_get(at);
	for (;;) {
		size_t n;

		slash = strchr(p, '/');
		n = slash ? (size_t)(slash - p) : strlen(p);
		if (n > NAME_MAX || n == 0) {
			break;
		}
		memcpy(name, p, n);
		name[n] = '\0';
		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
			break;
		}
		if (!slash || !slash[1]) {
			*dir = at;
			return 0;
		}
		next = at->ops->lookup(at, name);
		inode_put(at);
		if (!next) {
			return refuse(a, "no directory to put it in");
		}
		at = next;
		if (!inode_is(at, S_IFDIR)) {
			inode_put(at);
			return refuse(a, "what it lies in is no directory");
		}
		p = slash + 1;
	}
	inode_put(at);
	return refuse(a, "a name that cannot be");
}

static struct linked *find_linked(struct archive *a)
{
	struct linked *l = a->linked;

	while (l && (l->ino != a->field[F_INO] ||
		     l->dev_major != a->field[F_DEV_MAJOR] ||
		     l->dev_minor != a->field[F_DEV_MINOR])) {
		l = l->next;
	}
	return l;
}

static int remember_linked(struct archive *a, struct inode *i)
{
	struct linked *l = malloc(sizeof(*l));

	if (!l) {
		return refuse(a, "no memory");
	}
	inode_get(i);
	*l = (struct linked){
		.ino = a->field[F_INO],
		.dev_major = a->field[F_DEV_MAJOR],
		.dev_minor = a->field[F_DEV_MINOR],
		.inode = i,
		.next = a->linked,
	};
	a->linked = l;
	return 0;
}

/* The archive says how long it is, read_data() that it is there. */
static int fill(struct archive *a, struct inode *i)
{
	uint32_t size = a->field[F_SIZE], done, part, pa;

	for (done = 0; done < size; done += part) {
		part = size - done < PAGE_SIZE ? size - done : PAGE_SIZE;
		pa = i->ops->page(i, done >> PAGE_SHIFT, true);
		if (!pa) {
			return refuse(a, "no memory");
		}
		memcpy(frame_at(pa), a->data + done, part);
	}
	i->size = size > i->size ? size : i->size;
	return 0;
}

static int make_symlink(struct archive *a, struct inode *dir, const char *name)
{
	static char target[PATH_MAX];
	uint32_t n = a->field[F_SIZE];

	if (!n || n >= PATH_MAX || memchr(a->data, '\0', n)) {
		return refuse(a, "a symbolic link to nothing");
	}
	memcpy(target, a->data, n);
	target[n] = '\0';
	return dir->ops->symlink(dir, name, target) ? refuse(a, "no memory")
						    : 0;
}

static void set_attributes(const struct archive *a, struct inode *i)
{
	i->mode = (i->mode & S_IFMT) | (a->field[F_MODE] & 07777);
	i->uid = a->field[F_UID];
	i->gid = a->field[F_GID];
	i->mtime = (uint64_t)a->field[F_MTIME] * NS_PER_SEC;
}

/* A file with contents, or another name of one. */
static int make_file(struct archive *a, struct inode *dir, const char *name)
{
	bool has_more =
		a->field[F_NLINK] > 1 && (a->field[F_MODE] & S_IFMT) == S_IFREG;
	struct linked *l = has_more ? find_linked(a) : NULL;
	uint32_t rdev = a->field[F_RDEV_MAJOR] << 8 | a->field[F_RDEV_MINOR];
	struct inode *i;
	int error = 0;

	if (l) {
		i = l->inode;
		inode_get(i);
		error = dir->ops->link(dir, name, i);
	} else {
		error = dir->ops->create(dir, name, a->field[F_MODE] & 0177777,
					 rdev, &i);
	}
	if (error) {
		if (l) {
			inode_put(i);
		}
		return refuse(a, "no memory");
	}
	if (has_more && !l) {
		error = remember_linked(a, i);
	}
	if (!error && inode_is(i, S_IFREG)) {
		error = fill(a, i);
	}
	set_attributes(a, i);
	inode_put(i);
	return error;
}

/* Something else may have that name: directories stay, the rest goes. */
static int clear_place(struct archive *a, struct inode *dir, const char *name,
		       bool *is_there)
{
	bool want_dir = (a->field[F_MODE] & S_IFMT) == S_IFDIR;
	struct inode *old = dir->ops->lookup(dir, name);
	int error = 0;

	*is_there = false;
	if (!old) {
		return 0;
	}
	if (inode_is(old, S_IFDIR) != want_dir) {
		error = refuse(a, "two entries of that name do not agree");
	} else if (want_dir) {
		set_attributes(a, old);
		*is_there = true;
	} else {
		dir->ops->unlink(dir, name, false);
	}
	inode_put(old);
	return error;
}

static bool is_known_type(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
	case S_IFDIR:
	case S_IFLNK:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		return true;
	default:
		return false;
	}
}

static int make_entry(struct archive *a)
{
	uint32_t type = a->field[F_MODE] & S_IFMT;
	char name[NAME_MAX + 1];
	struct inode *dir;
	bool is_there;
	int error;

	if (!is_known_type(type)) {
		return refuse(a, "a type of file that does not exist");
	}
	if (a->field[F_SIZE] && type != S_IFREG && type != S_IFLNK) {
		return refuse(a, "contents where none can be");
	}
	if (!*a->name || strcmp(a->name, ".") == 0) {
		set_attributes(a, root_inode);
		return type == S_IFDIR ? 0 : refuse(a, "a root that is a file");
	}
	error = find_place(a, &dir, name);
	if (error) {
		return error;
	}
	error = clear_place(a, dir, name, &is_there);
	if (!error && !is_there) {
		error = type == S_IFLNK ? make_symlink(a, dir, name)
					: make_file(a, dir, name);
	}
	inode_put(dir);
	return error;
}

/* Up to the trailer: 0, or -EINVAL. */
static int unpack_one(struct archive *a)
{
	int error;

	for (;;) {
		error = read_header(a);
		error = error ? error : read_name(a);
		error = error ? error : read_data(a);
		if (error || strcmp(a->name, TRAILER) == 0) {
			return error;
		}
		error = make_entry(a);
		if (error) {
			return error;
		}
	}
}

/* Archives are filled up to blocks of some size. */
static void skip_zeros(struct archive *a)
{
	while (a->at < a->size && !a->start[a->at]) {
		a->at++;
	}
}

/* Whose name it is may be anybody: unprintable bytes are not shown. */
static const char *describe(const struct archive *a)
{
	static char text[160];
	char name[NAME_SHOWN + 1];
	uint32_t k;

	for (k = 0; k < NAME_SHOWN && a->name[k]; k++) {
		uint8_t c = (uint8_t)a->name[k];

		name[k] = c < ' ' || c > '~' ? '?' : (char)c;
	}
	name[k] = '\0';
	snprintf(text, sizeof(text), "cpio: entry '%s' at offset %lu: %s", name,
		 (unsigned long)a->entry_at, a->wrong);
	return text;
}

int cpio_unpack(const uint8_t *start, uint32_t size, const char **why)
{
	struct archive a = { .start = start, .size = size };
	int error;

	/* Archives may follow each other, with zeros between them. */
	do {
		error = unpack_one(&a);
		skip_zeros(&a);
	} while (!error && a.at < a.size);
	if (error) {
		*why = describe(&a);
	}
	while (a.linked) {
		struct linked *l = a.linked;

		a.linked = l->next;
		inode_put(l->inode);
		free(l);
	}
	return error;
}
