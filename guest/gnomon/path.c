// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From names to inodes: components, symbolic links, mounts.
 *
 * A walk eats a path that lies in one of two static buffers; a symbolic link
 * is written to the other buffer with the rest of the path behind it, and the
 * walk goes on there. TRICK: the buffers can be static because nothing here
 * sleeps and the kernel is never interrupted.
 *
 * I1: the name of an entry is never "", "." or ".."; file systems see ".."
 * alone, in lookup().
 * I2: inode->mounted and the list of mounts tell the same.
 *
 * Programs are distrusted: lengths and the number of links are bounded. Read
 * ramfs.c next.
 */
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"

#define LINKS_MAX 40

#define WALK_PARENT 0x100u /* beside PATH_*: stop before the last component */

struct inode *root_inode;

static struct mount *mounts;
static char buffers[2][PATH_MAX];

struct walk {
	struct inode *at; /* referenced */
	char *rest;	  /* of the path, within buffers[which] */
	uint32_t which;
	uint32_t flags;
	uint32_t links;	  /* followed */
	const char *name; /* the component just cut off, "" if there is none */
	bool is_last;
	bool wants_dir; /* slashes follow the component */
};

/* The reference of the place that is left goes, that of @to is taken over. */
static void move_to(struct walk *w, struct inode *to)
{
	inode_put(w->at);
	w->at = to;
}

/* The mount whose root is @root, or NULL. There are few: a list will do. */
static const struct mount *mount_of(const struct inode *root)
{
	const struct mount *m;

	for (m = mounts; m && m->root != root; m = m->next) {
	}
	return m;
}

/* "..": out of the root of a mounted file system it is that of the place. */
static int step_up(struct walk *w)
{
	const struct mount *m;
	struct inode *up;

	while (w->at != current->fs->root && (m = mount_of(w->at))) {
		inode_get(m->covered);
		move_to(w, m->covered);
	}
	if (w->at == current->fs->root || w->at == root_inode) {
		return 0;
	}
	up = w->at->ops->lookup(w->at, "..");
	if (!up) {
		return -ENOENT; /* of a directory that was removed */
	}
	move_to(w, up);
	return 0;
}

/* Cut the next component off the path. False: there is none. */
static bool next_component(struct walk *w)
{
	char *p = w->rest;

	while (*p == '/') {
		p++;
	}
	w->name = p;
	if (!*p) {
		return false;
	}
	while (*p && *p != '/') {
		p++;
	}
	w->wants_dir = *p == '/';
	if (*p) {
		*p++ = '\0';
	}
	while (*p == '/') {
		p++;
	}
	w->rest = p;
	w->is_last = !*p;
	return true;
}

/* Go on with the target of @link, and the rest of the path behind it. */
static int follow(struct walk *w, struct inode *link)
{
	char *to = buffers[!w->which];
	size_t rest = strlen(w->rest);
	int n;

	if (++w->links > LINKS_MAX) {
		return -ELOOP;
	}
	n = link->ops->readlink(link, to, PATH_MAX);
	if (n <= 0) {
		return n ? n : -ENOENT;
	}
	if ((size_t)n + w->wants_dir + rest + 1 > PATH_MAX) {
		return -ENAMETOOLONG;
	}
	if (w->wants_dir) {
		to[n++] = '/';
	}
	memcpy(to + n, w->rest, rest + 1);
	w->rest = to;
	w->which = !w->which;
	if (*to == '/') {
		inode_get(current->fs->root);
		move_to(w, current->fs->root);
	}
	return 0;
}

/* A link of /proc: what it shows as a text may not lead there, so ask it. */
static int jump(struct walk *w, struct inode *link)
{
	struct inode *to = link->ops->jump(link);

	if (!to) {
		return -ENOENT;
	}
	move_to(w, to);
	return 0;
}

/*
 * Links on the way are followed always; the last one unless the caller wants
 * the link itself, and a slash behind it says that it does not.
 */
static bool may_follow(const struct walk *w)
{
	return !w->is_last || w->wants_dir || !(w->flags & PATH_NOFOLLOW);
}

/* Go into @child, or into what is mounted over it. The reference goes over. */
static int enter(struct walk *w, struct inode *child)
{
	while (child->mounted) {
		struct inode *top = child->mounted;

		inode_get(top);
		inode_put(child);
		child = top;
	}
	move_to(w, child);
	return 0;
}

/* One component, which is not the end of a WALK_PARENT. */
static int step(struct walk *w)
{
	struct inode *child;
	int error;

	if (w->name[0] == '.' && !w->name[1]) {
		return 0;
	}
	if (w->name[0] == '.' && w->name[1] == '.' && !w->name[2]) {
		return step_up(w);
	}
	if (w->rest - w->name > NAME_MAX && strlen(w->name) > NAME_MAX) {
		return -ENAMETOOLONG;
	}
	child = w->at->ops->lookup(w->at, w->name);
	if (!child) {
		return -ENOENT;
	}
	if (!inode_is(child, S_IFLNK) || !may_follow(w)) {
		return enter(w, child);
	}
	error = child->ops->jump ? jump(w, child) : follow(w, child);
	inode_put(child);
	return error;
}

/*
 * The last component of a WALK_PARENT. 1: the walk goes on, for it is a
 * symbolic link to a name that may not exist yet.
 */
static int stop_before(struct walk *w)
{
	struct inode *child;
	int error = 0;

	if (strlen(w->name) > NAME_MAX) {
		return -ENAMETOOLONG;
	}
	if (w->flags & PATH_NOFOLLOW) {
		return 0;
	}
	child = w->at->ops->lookup(w->at, w->name);
	if (child && inode_is(child, S_IFLNK) && !child->ops->jump) {
		error = follow(w, child);
		error = error ? error : 1;
	}
	if (child) {
		inode_put(child);
	}
	return error;
}

/* With the path in buffers[0]. On success w->at is the caller's. */
static int walk(struct walk *w, struct inode *base, uint32_t flags)
{
	int error = 0;

	*w = (struct walk){ .rest = buffers[0], .flags = flags };
	w->at = base ? base : current->fs->cwd;
	if (buffers[0][0] == '/') {
		w->at = current->fs->root;
	} else if (!buffers[0][0]) {
		return -ENOENT;
	}
	inode_get(w->at);
	while (!error && next_component(w)) {
		if (!inode_is(w->at, S_IFDIR)) {
			error = -ENOTDIR;
		} else if (w->is_last && (flags & WALK_PARENT)) {
			error = stop_before(w);
			if (error <= 0) {
				break;
			}
			error = 0;
		} else {
			error = step(w);
		}
	}
	if (!error && !(flags & WALK_PARENT) && w->wants_dir &&
	    !inode_is(w->at, S_IFDIR)) {
		error = -ENOTDIR;
	}
	if (error) {
		inode_put(w->at);
	}
	return error;
}

/* Into the first buffer, where a walk begins. */
static int load(const char *path)
{
	size_t n = strlen(path);

	if (n >= PATH_MAX) {
		return -ENAMETOOLONG;
	}
	memcpy(buffers[0], path, n + 1);
	return 0;
}

int path_lookup(struct inode *base, const char *path, uint32_t flags,
		struct inode **out)
{
	struct walk w;
	int error = load(path);

	if (!error) {
		error = walk(&w, base, flags);
	}
	if (!error) {
		*out = w.at;
	}
	return error;
}

int path_parent(struct inode *base, const char *path, uint32_t flags,
		struct path_last *out)
{
	struct walk w;
	int error = load(path);

	if (!error) {
		error = walk(&w, base, flags | WALK_PARENT);
	}
	if (!error) {
		out->dir = w.at;
		out->wants_dir = w.wants_dir;
		strcpy(out->name, w.name);
	}
	return error;
}

int path_fetch(uint32_t from, const char **path)
{
	static char fetched[PATH_MAX];
	int n = copy_string_from_user(fetched, from, sizeof(fetched));

	*path = fetched;
	return n < 0 ? n : 0;
}

/* Written from the end: each step up puts a name before what is there. */
int path_of(struct inode *i, char *to, uint32_t size)
{
	char name[NAME_MAX + 1];
	uint32_t at = size - 1;
	const struct mount *m;
	struct inode *dir;
	uint32_t n;

	to[at] = '\0';
	while (i != current->fs->root && i != root_inode) {
		m = mount_of(i);
		if (m) {
			i = m->covered;
			continue;
		}
		if (!i->ops->where || i->ops->where(i, &dir, name)) {
			return -ENOENT;
		}
		n = strlen(name);
		if (n + 1 > at) {
			return -ENAMETOOLONG;
		}
		at -= n;
		memcpy(to + at, name, n);
		to[--at] = '/';
		i = dir;
	}
	if (!to[at]) {
		to[--at] = '/';
	}
	memmove(to, to + at, size - at);
	return (int)(size - 1 - at);
}

/* --- mounts --- */

int mount_add(struct inode *dir, struct inode *root, const char *type)
{
	struct mount *m, **end = &mounts;

	if (!inode_is(dir, S_IFDIR)) {
		return -ENOTDIR;
	}
	m = malloc(sizeof(*m));
	if (!m) {
		return -ENOMEM;
	}
	while (*end) {
		end = &(*end)->next;
	}
	inode_get(dir);
	inode_get(root);
	*m = (struct mount){ .covered = dir, .root = root, .type = type };
	*end = m;
	dir->mounted = root;
	return 0;
}

int mount_remove(struct inode *root)
{
	struct mount **p = &mounts, *m;

	while (*p && (*p)->root != root) {
		p = &(*p)->next;
	}
	m = *p;
	if (!m) {
		return -EINVAL;
	}
	/* Beside the caller's reference and ours. */
	if (root->mounted || root->refs > 2) {
		return -EBUSY;
	}
	*p = m->next;
	m->covered->mounted = NULL;
	inode_put(m->covered);
	inode_put(m->root);
	free(m);
	return 0;
}

const struct mount *mount_first(void)
{
	return mounts;
}

/* --- contexts --- */

struct fs_context *fs_context_new(void)
{
	struct fs_context *c = malloc(sizeof(*c));

	if (c) {
		*c = (struct fs_context){
			.refs = 1,
			.root = root_inode,
			.cwd = root_inode,
			.umask = 022,
		};
		root_inode->refs += 2;
	}
	return c;
}

struct fs_context *fs_context_copy(const struct fs_context *from)
{
	struct fs_context *c = malloc(sizeof(*c));

	if (c) {
		*c = *from;
		c->refs = 1;
		inode_get(c->root);
		inode_get(c->cwd);
	}
	return c;
}

struct fs_context *fs_context_get(struct fs_context *c)
{
	c->refs++;
	return c;
}

void fs_context_put(struct fs_context *c)
{
	if (--c->refs == 0) {
		inode_put(c->root);
		inode_put(c->cwd);
		free(c);
	}
}
