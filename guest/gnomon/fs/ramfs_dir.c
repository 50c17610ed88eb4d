// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Directories in memory.
 *
 * One hash table holds the names of all directories. Each directory is read
 * out in the order in which its names were made: each has a place, a number
 * that is never used again, so that a reader who remembers one sees no name
 * twice and misses none that stayed.
 *
 * I1: links of a directory: its name and ".", which it has or lacks together,
 * and ".." of those below it: 0 once it was removed, and then nothing can be
 * made in it.
 * I2: node->name is a name of the node, or NULL. A directory has one name, so
 * that this is always it, and the way up.
 *
 * Callers hand over names that are no "", "." or "..", but for lookup().
 */
#include <string.h>

#include "guest/gnomon/fs/file.h"
#include "guest/gnomon/fs/ramfs.h"
#include "guest/gnomon/fs/ramfs_node.h"

#define BUCKETS 8192

static struct entry *table[BUCKETS];
static struct entry *last_read; /* where the next reader is likely to go on */

/* Directories differ by their numbers: the same names scatter. */
static struct entry **chain_of(const struct node *dir, const char *name)
{
	uint32_t h = dir->inode.ino;

	for (; *name; name++) {
		h = h * 31 + (uint8_t)*name;
	}
	return &table[(h ^ h >> 13) % BUCKETS];
}

static bool is_dir(const struct node *n)
{
	return inode_is(&n->inode, S_IFDIR);
}

static struct entry *find(const struct node *dir, const char *name)
{
	struct entry *e = *chain_of(dir, name);

	while (e && (e->dir != dir || strcmp(e->name, name) != 0)) {
		e = e->same_hash;
	}
	return e;
}

/* NULL: the root, or removed. */
static struct node *parent_of(const struct node *dir)
{
	return dir->name ? dir->name->dir : NULL;
}

static const struct inode_ops dir_ops;

/* Of any type. NULL: no memory. */
static struct node *new_node(uint32_t dev, uint32_t mode, const char *target)
{
	bool wants_dir = (mode & S_IFMT) == S_IFDIR;

	return ramfs_node(wants_dir ? &dir_ops : ramfs_ops(mode), dev, mode,
			  target);
}

/* NULL: no memory. */
static struct entry *new_entry(struct node *dir, const char *name)
{
	struct entry *e = ramfs_malloc(sizeof(*e) + strlen(name) + 1);

	if (e) {
		strcpy(e->name, name);
		e->dir = dir;
	}
	return e;
}

/*
 * At the end of the list, where readers that are under way will find it. The
 * reference to the node is the caller's.
 */
static void put_in(struct entry *e, struct node *n)
{
	struct node *dir = e->dir;
	struct entry **chain = chain_of(dir, e->name);

	e->node = n;
	n->name = e;
	n->inode.links += 1 + is_dir(n);
	dir->inode.links += is_dir(n);
	e->same_hash = *chain;
	*chain = e;
	e->place = FIRST_PLACE + dir->dir.places++;
	e->previous = dir->dir.last;
	*(e->previous ? &e->previous->next : &dir->dir.first) = e;
	dir->dir.last = e;
	inode_touch(&dir->inode);
}

/* The entry is gone; its node, which is returned, has that reference. */
static struct node *take_out(struct entry *e)
{
	struct node *dir = e->dir, *n = e->node;
	struct entry **p = chain_of(dir, e->name);

	n->name = n->name == e ? NULL : n->name;
	n->inode.links -= 1 + is_dir(n);
	dir->inode.links -= is_dir(n);
	while (*p != e) {
		p = &(*p)->same_hash;
	}
	*p = e->same_hash;
	*(e->previous ? &e->previous->next : &dir->dir.first) = e->next;
	*(e->next ? &e->next->previous : &dir->dir.last) = e->previous;
	last_read = last_read == e ? NULL : last_read;
	ramfs_mfree(e);
	inode_touch(&dir->inode);
	return n;
}

static struct inode *dir_lookup(struct inode *i, const char *name)
{
	struct node *n = NULL;
	struct entry *e;

	if (strcmp(name, "..") == 0) {
		n = parent_of(node_of(i));
	} else if ((e = find(node_of(i), name))) {
		n = e->node;
		n->name = e;
	}
	return n ? inode_get(&n->inode) : NULL;
}

/*
 * Give @n, NULL for want of memory, a name: the caller's reference becomes the
 * entry's, or goes.
 */
static int insert(struct inode *dir, const char *name, struct node *n)
{
	struct entry *e = n ? new_entry(node_of(dir), name) : NULL;
	int error = !e			       ? -ENOSPC
		    : !dir->links	       ? -ENOENT
		    : find(node_of(dir), name) ? -EEXIST
					       : 0;

	if (error) {
		ramfs_mfree(e);
		inode_put((struct inode *)n);
	} else {
		put_in(e, n);
	}
	return error;
}

static int dir_create(struct inode *i, const char *name, uint32_t mode,
		      uint32_t rdev, struct inode **out)
{
	struct node *n = new_node(i->dev, mode, "");
	int error = insert(i, name, n);

	if (!error) {
		n->inode.rdev = rdev;
	}
	if (!error && out) {
		*out = inode_get(&n->inode);
	}
	return error;
}

static int dir_symlink(struct inode *i, const char *name, const char *to)
{
	return insert(i, name, new_node(i->dev, S_IFLNK | 0777, to));
}

/* A directory has one name, or ".." would have no meaning. */
static int dir_link(struct inode *i, const char *name, struct inode *to)
{
	if (to->dev != i->dev) {
		return -EXDEV;
	}
	if (inode_is(to, S_IFDIR)) {
		return -EPERM;
	}
	return insert(i, name, node_of(inode_get(to)));
}

/* May @n lose a name, as a directory or as something else? */
static int may_remove(const struct node *n, bool want_dir)
{
	if (is_dir(n) != want_dir) {
		return want_dir ? -ENOTDIR : -EISDIR;
	}
	if (n->inode.mounted) {
		return -EBUSY;
	}
	return want_dir && n->dir.first ? -ENOTEMPTY : 0;
}

static int dir_unlink(struct inode *i, const char *name, bool want_dir)
{
	struct entry *e = find(node_of(i), name);
	int error = e ? may_remove(e->node, want_dir) : -ENOENT;

	if (!error) {
		inode_put(&take_out(e)->inode);
	}
	return error;
}

/* Is @dir @n, or below it? */
static bool is_below(const struct node *dir, const struct node *n)
{
	while (dir && dir != n) {
		dir = parent_of(dir);
	}
	return dir;
}

static int dir_rename(struct inode *from, const char *name, struct inode *to,
		      const char *new_name)
{
	struct entry *e = find(node_of(from), name), *new;
	struct entry *there = find(node_of(to), new_name);
	struct node *n = e ? e->node : NULL;
	bool is_same = there && there->node == n; /* both names stay */
	int error = !e					    ? -ENOENT
		    : is_same				    ? 0
		    : is_dir(n) && is_below(node_of(to), n) ? -EINVAL
		    : n->inode.mounted			    ? -EBUSY
		    : !to->links			    ? -ENOENT
		    : there ? may_remove(there->node, is_dir(n))
			    : 0;

	if (error || is_same) {
		return error;
	}
	new = new_entry(node_of(to), new_name);
	if (!new) {
		return -ENOSPC;
	}
	if (there) {
		inode_put(&take_out(there)->inode);
	}
	put_in(new, take_out(e));
	return 0;
}

static int dir_entry(struct inode *i, uint64_t *position,
		     char name[NAME_MAX + 1], uint32_t *ino, uint32_t *mode)
{
	struct node *dir = node_of(i);
	struct entry *e = last_read;

	if (!e || e->dir != dir || e->place > *position) {
		e = dir->dir.first;
	}
	while (e && e->place < *position) {
		e = e->next;
	}
	if (e) {
		last_read = e;
		strcpy(name, e->name);
		*ino = e->node->inode.ino;
		*mode = e->node->inode.mode;
		*position = e->place + 1;
	}
	return e != NULL;
}

static const struct inode_ops dir_ops = {
	.lookup = dir_lookup,
	.create = dir_create,
	.symlink = dir_symlink,
	.link = dir_link,
	.unlink = dir_unlink,
	.rename = dir_rename,
	.entry = dir_entry,
	.where = ramfs_where,
	.file_ops = &directory_file_ops,
	.free = ramfs_free,
};

struct inode *ramfs_new(uint32_t mode)
{
	static uint32_t last_dev;
	struct node *n = new_node(++last_dev, S_IFDIR | mode, "");

	if (n) {
		n->inode.links = 2; /* no name, but it is there */
	}
	return (struct inode *)n;
}
