// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From names to inodes: components, symbolic links, mounts.
 *
 * A walk goes from component to component and knows the last one's directory,
 * name and inode: whoever looks up takes the inode, whoever makes or removes
 * something the other two. It eats a path that lies in one of two static
 * buffers; a symbolic link is written to the other buffer with the rest of the
 * path behind it, and the walk goes on there. TRICK: the buffers can be static
 * because nothing here sleeps and the kernel is never interrupted.
 *
 * I1: the name of an entry is never "", "." or ".."; file systems see ".."
 * alone, in lookup().
 * I2: inode->mounted and the list of mounts tell the same.
 *
 * Programs are distrusted: lengths and the number of links are bounded. Read
 * ramfs.c next.
 */
#include "guest/gnomon/fs/path.h"

#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/lib/log.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/task.h"

#define LINKS_MAX 40

#define WALK_PARENT 0x100u /* beside PATH_*: the last link itself is wanted */

struct inode *root_inode;

struct mount *mounts;
static char buffers[2][PATH_MAX];

/* --- walks --- */

/* References are held to both inodes. */
struct walk {
	/* Where the component was looked up; NULL: not yet. */
	struct inode *dir;
	struct inode *here; /* what it is; NULL: there is no such name */
	const char *name;   /* the component, "" if it was a root */
	char *rest;	    /* of the path, within buffers[which] */
	uint32_t which;
	uint32_t flags;
	uint32_t links; /* followed */
	bool is_last;
	bool wants_dir; /* slashes follow the component */
};

/* Where the list of mounts names the one whose root is @root, or its end. */
static struct mount **find_mount(const struct inode *root)
{
	struct mount **p = &mounts;

	while (*p && (*p)->root != root) {
		p = &(*p)->next;
	}
	return p;
}

/* "..": above the root of a file system is what is above its place. */
static struct inode *look_up(struct inode *dir)
{
	const struct mount *m;

	while ((m = *find_mount(dir))) {
		dir = m->covered;
	}
	return dir == root_inode ? inode_get(dir) : dir->ops->lookup(dir, "..");
}

/* A name in @dir, or what is mounted there. */
static struct inode *look_down(struct inode *dir, const char *name)
{
	struct inode *i = dir->ops->lookup(dir, name), *covered;

	while (i && i->mounted) {
		covered = i;
		i = inode_get(i->mounted);
		inode_put(covered);
	}
	return i;
}

/* Cut the next component off the path. False: there is none. */
static bool next_component(struct walk *w)
{
	char *name = w->rest + strspn(w->rest, "/");
	char *end = name + strcspn(name, "/");

	if (!*name) {
		return false;
	}
	w->name = name;
	w->wants_dir = *end == '/';
	w->rest = end + strspn(end, "/");
	w->is_last = !*w->rest;
	*end = '\0';
	return true;
}

/*
 * Go on with the target of the link that was found, and the rest of the path
 * behind it. What a link of /proc shows as a text may not lead there: ask it.
 */
static int follow(struct walk *w)
{
	struct inode *link = w->here;
	char *to = buffers[!w->which];
	size_t rest = strlen(w->rest) + 1;
	int n;

	if (++w->links > LINKS_MAX) {
		return -ELOOP;
	}
	if (link->ops->jump && (w->here = link->ops->jump(link))) {
		inode_put(link);
		return 0;
	}
	w->here = link;
	n = link->ops->readlink(link, to, PATH_MAX);
	if (n <= 0) {
		return n ? n : -ENOENT;
	}
	if ((size_t)n + w->wants_dir + rest > PATH_MAX) {
		return -ENAMETOOLONG;
	}
	if (w->wants_dir) {
		to[n++] = '/';
	}
	memcpy(to + n, w->rest, rest);
	w->rest = to;
	w->which = !w->which;
	w->name = "";
	w->here = inode_get(*to == '/' ? root_inode : w->dir);
	inode_put(link);
	return 0;
}

/*
 * Links on the way are followed always; the last one unless the caller wants
 * the link itself, and a slash behind it says that it does not.
 */
static bool may_follow(const struct walk *w)
{
	return !w->is_last || !(w->flags & PATH_NOFOLLOW) ||
	       (w->wants_dir && !(w->flags & WALK_PARENT));
}

/* One component. That it is not there may be what the caller hopes for. */
static int step(struct walk *w)
{
	inode_put(w->dir);
	w->dir = w->here;
	w->here = NULL;
	if (!w->dir) {
		return -ENOENT;
	}
	if (!inode_is(w->dir, S_IFDIR)) {
		return -ENOTDIR;
	}
	if (strlen(w->name) > NAME_MAX) {
		return -ENAMETOOLONG;
	}
	if (strcmp(w->name, ".") == 0) {
		w->here = inode_get(w->dir);
	} else if (strcmp(w->name, "..") == 0) {
		w->here = look_up(w->dir);
	} else {
		w->here = look_down(w->dir, w->name);
	}
	return w->here && inode_is(w->here, S_IFLNK) && may_follow(w)
		       ? follow(w)
		       : 0;
}

static int walk(struct walk *w, struct inode *base, const char *path,
		uint32_t flags)
{
	size_t n = strlen(path) + 1;
	int error = 0;

	if (n == 1 || n > PATH_MAX) {
		return n == 1 ? -ENOENT : -ENAMETOOLONG;
	}
	memcpy(buffers[0], path, n);
	*w = (struct walk){ .rest = buffers[0], .name = "", .flags = flags };
	w->here = inode_get(*path == '/' ? root_inode
			    : base	 ? base
					 : current->process->cwd);
	while (!error && next_component(w)) {
		error = step(w);
	}
	if (!error && !(flags & WALK_PARENT)) {
		if (!w->here) {
			error = -ENOENT;
		} else if (w->wants_dir && !inode_is(w->here, S_IFDIR)) {
			error = -ENOTDIR;
		}
	}
	if (error) {
		inode_put(w->dir);
		inode_put(w->here);
	}
	return error;
}

int path_lookup(struct inode *base, const char *path, uint32_t flags,
		struct inode **out)
{
	struct walk w;
	int error = walk(&w, base, path, flags);

	if (!error) {
		inode_put(w.dir);
		*out = w.here;
	}
	return error;
}

int path_parent(struct inode *base, const char *path, uint32_t flags,
		struct path_last *out)
{
	struct walk w;
	int error = walk(&w, base, path, flags | WALK_PARENT);

	if (!error) {
		out->dir = w.dir;
		out->here = w.here;
		if (!*w.name) { /* a root is in itself */
			inode_put(w.dir);
			out->dir = inode_get(w.here);
		}
		out->wants_dir = w.wants_dir;
		strcpy(out->name, w.name);
	}
	return error;
}

int path_fetch(struct user_ptr from, const char **path)
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
	while (i != root_inode) {
		m = *find_mount(i);
		if (m) {
			i = m->covered;
			continue;
		}
		if (!i->ops->where || i->ops->where(i, &dir, name)) {
			return -ENOENT;
		}
		n = (uint32_t)strlen(name);
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
	struct mount *m = root ? malloc(sizeof(*m)) : NULL;
	int error = !m ? -ENOMEM : inode_is(dir, S_IFDIR) ? 0 : -ENOTDIR;

	if (error) {
		free(m);
		inode_put(root);
		return error;
	}
	*m = (struct mount){ .covered = inode_get(dir),
			     .root = root,
			     .type = type };
	*find_mount(NULL) = m;
	dir->mounted = root;
	return 0;
}

void mount_in_root(const char *name, struct inode *root, const char *type)
{
	struct inode *dir;
	int error;

	root_inode->ops->create(root_inode, name, S_IFDIR | 0755, 0, NULL);
	error = path_lookup(root_inode, name, 0, &dir);
	if (error) {
		inode_put(root);
	} else {
		error = mount_add(dir, root, type);
		inode_put(dir);
	}
	if (error) {
		log_info("no /%s: error %d", name, -error);
	}
}
