// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Directories in memory.
 *
 * Names are found by a hash table that grows with them, and read out in the
 * order in which they were made: each has a place, a number that is never
 * used again, so that a reader who remembers one sees no name twice and
 * misses none that stayed.
 *
 * I1: links of a directory: its name, ".", and ".." of those below it; 0 once
 * it was removed, and then nothing can be made in it.
 * I2: entries are chained by their node: any of them is a name of it.
 *
 * Callers hand over names that are no "", "." or "..", but for lookup().
 */
#include <string.h>

#include "guest/gnomon/file.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/ramfs.h"

#define BUCKETS_MIN 8
#define LINKS_MAX   65000
#define FIRST_PLACE 2 /* 0 and 1 are "." and ".." */

static uint32_t hash_of(const char *name)
{
	uint32_t h = 0;

	for (; *name; name++) {
		h = h * 31 + (uint8_t)*name;
	}
	return h;
}

/* The hash is compared first: names that differ are rarely looked at. */
static struct entry *find(struct directory *d, const char *name)
{
	uint32_t hash = hash_of(name);
	struct entry *e;

	if (!d->buckets) {
		return NULL;
	}
	e = d->table[hash & (d->buckets - 1)];
	while (e && (e->hash != hash || strcmp(e->name, name) != 0)) {
		e = e->same_hash;
	}
	return e;
}

/* Double the table. Without memory chains grow instead, unless there is none.
 */
static int grow(struct directory *d)
{
	uint32_t buckets = d->buckets ? 2 * d->buckets : BUCKETS_MIN;
	struct entry **table = ramfs_malloc(buckets * sizeof(*table));
	struct entry *e;

	if (!table) {
		return d->buckets ? 0 : -ENOSPC;
	}
	ramfs_mfree(d->table, d->buckets * sizeof(*table));
	d->table = table;
	d->buckets = buckets;
	for (e = d->first; e; e = e->next) {
		struct entry **slot = &table[e->hash & (buckets - 1)];

		e->same_hash = *slot;
		*slot = e;
	}
	return 0;
}

/* Node and entry get to know each other; the reference is the caller's. */
static void attach(struct entry *e, struct node *n)
{
	e->node = n;
	e->same_node = n->names;
	n->names = e;
	n->inode.links++;
	if (inode_is(&n->inode, S_IFDIR)) {
		n->dir.parent = e->dir;
		e->dir->inode.links++;
	}
}

static void detach(struct entry *e)
{
	struct node *n = e->node;
	struct entry **p = &n->names;

	while (*p != e) {
		p = &(*p)->same_node;
	}
	*p = e->same_node;
	n->inode.links--;
	if (inode_is(&n->inode, S_IFDIR)) {
		n->dir.parent = NULL;
		e->dir->inode.links--;
	}
}

/*
 * All that can fail comes first; then the entry goes into the table and at the
 * end of the list, where readers that are under way will find it.
 */
static int add(struct node *dir, const char *name, struct node *n)
{
	struct directory *d = &dir->dir;
	uint32_t size = (uint32_t)strlen(name) + 1;
	struct entry *e, **slot;

	if (!dir->inode.links) {
		return -ENOENT;
	}
	if (d->entries >= d->buckets && grow(d)) {
		return -ENOSPC;
	}
	e = ramfs_malloc(sizeof(*e) + size);
	if (!e) {
		return -ENOSPC;
	}
	memcpy(e->name, name, size);
	e->hash = hash_of(name);
	e->place = FIRST_PLACE + d->next_place++;
	e->dir = dir;
	slot = &d->table[e->hash & (d->buckets - 1)];
	e->same_hash = *slot;
	*slot = e;
	e->next = NULL;
	e->previous = d->last;
	*(d->last ? &d->last->next : &d->first) = e;
	d->last = e;
	d->entries++;
	attach(e, n);
	inode_touch(&dir->inode);
	return 0;
}

/* The entry is gone; its node, detached before, is the caller's. */
static void forget(struct entry *e)
{
	struct directory *d = &e->dir->dir;
	struct entry **p = &d->table[e->hash & (d->buckets - 1)];

	while (*p != e) {
		p = &(*p)->same_hash;
	}
	*p = e->same_hash;
	*(e->previous ? &e->previous->next : &d->first) = e->next;
	*(e->next ? &e->next->previous : &d->last) = e->previous;
	if (d->cursor == e) {
		d->cursor = NULL;
	}
	d->entries--;
	inode_touch(&e->dir->inode);
	ramfs_mfree(e, sizeof(*e) + (uint32_t)strlen(e->name) + 1);
}

/* What is in it goes; whoever is still used elsewhere lives on without it. */
void ramfs_dir_clear(struct node *dir)
{
	while (dir->dir.first) {
		struct entry *e = dir->dir.first;
		struct node *n = e->node;

		detach(e);
		forget(e);
		inode_put(&n->inode);
	}
	ramfs_mfree(dir->dir.table,
		    dir->dir.buckets * sizeof(dir->dir.table[0]));
}

/* ".." is not stored: directories know the one they are in. */
static struct inode *dir_lookup(struct inode *i, const char *name)
{
	struct node *dir = node_of(i), *n;
	struct entry *e;

	if (strcmp(name, "..") == 0) {
		n = dir->dir.parent;
	} else {
		e = find(&dir->dir, name);
		n = e ? e->node : NULL;
	}
	if (!n) {
		return NULL;
	}
	inode_get(&n->inode);
	return &n->inode;
}

/* Give a new node its name; the node's first reference becomes the entry's. */
static int dir_insert(struct node *dir, const char *name, struct node *n)
{
	int error = find(&dir->dir, name) ? -EEXIST : add(dir, name, n);

	if (error) {
		inode_put(&n->inode);
	}
	return error;
}

static int dir_create(struct inode *i, const char *name, uint32_t mode,
		      uint32_t rdev, struct inode **out)
{
	struct node *n = ramfs_node(i->dev, mode);
	int error;

	if (!n) {
		return -ENOSPC;
	}
	n->inode.rdev = rdev;
	error = dir_insert(node_of(i), name, n);
	if (!error && out) {
		inode_get(&n->inode);
		*out = &n->inode;
	}
	return error;
}

static int dir_symlink(struct inode *i, const char *name, const char *to)
{
	struct node *n = ramfs_node(i->dev, S_IFLNK | 0777);
	uint32_t size = (uint32_t)strlen(to);

	if (!n) {
		return -ENOSPC;
	}
	n->inode.size = size;
	n->target = ramfs_malloc(size + 1);
	if (!n->target) {
		inode_put(&n->inode);
		return -ENOSPC;
	}
	memcpy(n->target, to, size + 1);
	return dir_insert(node_of(i), name, n);
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
	if (to->links >= LINKS_MAX) {
		return -EMLINK;
	}
	inode_get(to);
	return dir_insert(node_of(i), name, node_of(to));
}

/* May @n lose a name, as a directory or as something else? */
static int may_remove(const struct node *n, bool want_dir)
{
	if (!inode_is(&n->inode, S_IFDIR)) {
		return want_dir ? -ENOTDIR : 0;
	}
	if (!want_dir) {
		return -EISDIR;
	}
	if (n->inode.mounted) {
		return -EBUSY;
	}
	return n->dir.entries ? -ENOTEMPTY : 0;
}

/* Detached from its last name: a directory can hold nothing from now on. */
static void release(struct node *n)
{
	if (inode_is(&n->inode, S_IFDIR)) {
		n->inode.links = 0;
	}
	inode_put(&n->inode);
}

static int dir_unlink(struct inode *i, const char *name, bool want_dir)
{
	struct entry *e = find(&node_of(i)->dir, name);
	struct node *n = e ? e->node : NULL;
	int error = e ? may_remove(n, want_dir) : -ENOENT;

	if (!error) {
		detach(e);
		forget(e);
		release(n);
	}
	return error;
}

/* Is @dir @n, or below it? */
static bool is_below(const struct node *dir, const struct node *n)
{
	while (dir && dir != n) {
		dir = dir->dir.parent;
	}
	return dir;
}

/* Put @n in the place of what @e names. */
static void replace(struct entry *e, struct node *n)
{
	struct node *old = e->node;

	detach(e);
	attach(e, n);
	release(old);
	inode_touch(&e->dir->inode);
}

static int dir_rename(struct inode *from, const char *name, struct inode *to,
		      const char *new_name)
{
	struct entry *e = find(&node_of(from)->dir, name);
	struct entry *there = find(&node_of(to)->dir, new_name);
	struct node *n = e ? e->node : NULL;
	int error = 0;

	if (!e) {
		return -ENOENT;
	}
	if (there && there->node == n) {
		return 0; /* two names of one file: both stay */
	}
	if (inode_is(&n->inode, S_IFDIR) && is_below(node_of(to), n)) {
		return -EINVAL;
	}
	if (n->inode.mounted) {
		return -EBUSY;
	}
	if (there) {
		error = may_remove(there->node, inode_is(&n->inode, S_IFDIR));
	}
	if (error) {
		return error;
	}
	/* The new name first: a directory's parent is that of its last one. */
	detach(e);
	if (there) {
		replace(there, n);
	} else {
		error = add(node_of(to), new_name, n);
	}
	if (error) {
		attach(e, n);
	} else {
		forget(e);
	}
	return error;
}

/* First entry at @place or behind it. */
static struct entry *entry_at(struct directory *d, uint64_t place)
{
	struct entry *e = d->cursor;

	if (!e || e->place > place) {
		e = d->first;
	}
	while (e && e->place < place) {
		e = e->next;
	}
	return e;
}

/* Places 0 and 1 are made up, the others are those of the entries. */
static int dir_entry(struct inode *i, uint64_t *position,
		     char name[NAME_MAX + 1], uint32_t *ino, uint32_t *mode)
{
	struct directory *d = &node_of(i)->dir;
	struct entry *e;

	if (*position < FIRST_PLACE) {
		strcpy(name, *position ? ".." : ".");
		*ino = *position && d->parent ? d->parent->inode.ino : i->ino;
		*mode = i->mode;
		++*position;
		return 1;
	}
	e = entry_at(d, *position);
	if (!e) {
		return 0;
	}
	d->cursor = e;
	strcpy(name, e->name);
	*ino = e->node->inode.ino;
	*mode = e->node->inode.mode;
	*position = e->place + 1;
	return 1;
}

int ramfs_where(struct inode *i, struct inode **dir, char name[NAME_MAX + 1])
{
	const struct entry *e = node_of(i)->names;

	if (!e) {
		return -ENOENT;
	}
	*dir = &e->dir->inode;
	strcpy(name, e->name);
	return 0;
}

static int dir_open(struct inode *i, struct file *f)
{
	(void)i;
	f->ops = &directory_file_ops;
	return 0;
}

const struct inode_ops ramfs_dir_ops = {
	.lookup = dir_lookup,
	.create = dir_create,
	.symlink = dir_symlink,
	.link = dir_link,
	.unlink = dir_unlink,
	.rename = dir_rename,
	.entry = dir_entry,
	.where = ramfs_where,
	.open = dir_open,
	.free = ramfs_free,
};
