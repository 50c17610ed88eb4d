// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /proc: a tree that is made up as it is looked at.
 *
 * An inode says what it is about by a kind, a process and an index; it keeps
 * its directory, so that its name can be told. Nothing of a process is kept
 * but its number: it is looked up again each time.
 *
 * Read proc_system.c and proc_process.c for what the files say.
 */
#include "guest/gnomon/proc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/file.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/log.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/vm.h"

enum kind {
	K_ROOT,
	K_PROCESS, /* directory /proc/PID */
	K_FILES,   /* directory /proc/PID/fd */
	K_SYSTEM,  /* text, index in proc_system[] */
	K_TEXT,	   /* text, index in proc_process[] */
	K_LINK,	   /* index in links[] */
	K_FILE,	   /* /proc/PID/fd/INDEX */
	K_SELF,
};

enum link_index {
	LINK_CWD,
	LINK_EXE,
	LINK_ROOT,
	LINKS
};

static const char *const links[LINKS] = { "cwd", "exe", "root" };

struct proc_inode {
	struct inode inode;
	enum kind kind;
	int32_t pid;
	uint32_t index;
	struct inode *parent; /* referenced; NULL: the root */
};

static struct proc_inode *proc_of(struct inode *i)
{
	return (struct proc_inode *)i;
}

static const struct inode_ops dir_ops, text_ops, link_ops, self_ops;

/* The same thing has the same number each time it is looked up. */
static uint32_t number_of(enum kind kind, int32_t pid, uint32_t index)
{
	return 1 +
	       ((uint32_t)pid << 15 | (uint32_t)kind << 12 | (index & 0xfff));
}

static uint32_t mode_of(enum kind kind)
{
	switch (kind) {
	case K_ROOT:
	case K_PROCESS:
	case K_FILES:
		return S_IFDIR | 0555;
	case K_SYSTEM:
	case K_TEXT:
		return S_IFREG | 0444;
	default:
		return S_IFLNK | 0777;
	}
}

/* The tree is made of what is in use: nothing is remembered. */
static struct inode *make(struct inode *parent, enum kind kind, int32_t pid,
			  uint32_t index)
{
	static const struct inode_ops *const ops[] = {
		[K_ROOT] = &dir_ops,  [K_PROCESS] = &dir_ops,
		[K_FILES] = &dir_ops, [K_SYSTEM] = &text_ops,
		[K_TEXT] = &text_ops, [K_LINK] = &link_ops,
		[K_FILE] = &link_ops, [K_SELF] = &self_ops,
	};
	struct proc_inode *p = malloc(sizeof(*p));

	if (!p) {
		return NULL;
	}
	inode_init(&p->inode, ops[kind], mode_of(kind));
	p->inode.ino = number_of(kind, pid, index);
	p->inode.links = 1;
	p->kind = kind;
	p->pid = pid;
	p->index = index;
	p->parent = parent;
	if (parent) {
		inode_get(parent);
	}
	return &p->inode;
}

static void proc_free(struct inode *i)
{
	struct inode *parent = proc_of(i)->parent;

	free(i);
	if (parent) {
		inode_put(parent);
	}
}

struct inode *proc_root(void)
{
	return make(NULL, K_ROOT, 0, 0);
}

struct task *proc_task(struct process *p)
{
	struct task *t = NULL;

	while (p && (t = process_thread(p, t)) && !(t->vm && t->fds && t->fs)) {
	}
	return t;
}

/* --- names --- */

/* A decimal number and nothing else, or -1. */
static int32_t number_in(const char *name)
{
	uint32_t n = 0;

	if (!*name || (*name == '0' && name[1])) {
		return -1;
	}
	for (; *name; name++) {
		if (*name < '0' || *name > '9' || n > INT32_MAX / 10 - 1) {
			return -1;
		}
		n = n * 10 + (uint32_t)(*name - '0');
	}
	return (int32_t)n;
}

static void name_of(const struct proc_inode *p, char name[NAME_MAX + 1])
{
	switch (p->kind) {
	case K_PROCESS:
		snprintf(name, NAME_MAX, "%ld", (long)p->pid);
		break;
	case K_FILE:
		snprintf(name, NAME_MAX, "%lu", (unsigned long)p->index);
		break;
	case K_FILES:
		strcpy(name, "fd");
		break;
	case K_SYSTEM:
		strcpy(name, proc_system[p->index].name);
		break;
	case K_TEXT:
		strcpy(name, proc_process[p->index].name);
		break;
	case K_LINK:
		strcpy(name, links[p->index]);
		break;
	default:
		strcpy(name, "self");
		break;
	}
}

static int proc_where(struct inode *i, struct inode **dir,
		      char name[NAME_MAX + 1])
{
	*dir = proc_of(i)->parent;
	name_of(proc_of(i), name);
	return *dir ? 0 : -ENOENT;
}

/* The @n-th of what is always in a directory: *@kind and *@index. */
static bool fixed_entry(const struct proc_inode *dir, uint32_t n,
			enum kind *kind, uint32_t *index)
{
	*index = n;
	switch (dir->kind) {
	case K_ROOT:
		*kind = n == PROC_SYSTEM_TEXTS ? K_SELF : K_SYSTEM;
		return n <= PROC_SYSTEM_TEXTS;
	case K_PROCESS:
		*kind = K_TEXT;
		if (n >= PROC_PROCESS_TEXTS) {
			*index = n - PROC_PROCESS_TEXTS;
			*kind = K_LINK;
		}
		if (n == PROC_PROCESS_TEXTS + LINKS) {
			*kind = K_FILES;
		}
		return n <= PROC_PROCESS_TEXTS + LINKS;
	default:
		return false;
	}
}

/* The first number from @from on that is in a directory, or -1. */
static int32_t numbered_entry(const struct proc_inode *dir, int32_t from)
{
	int32_t best = -1;

	if (dir->kind == K_ROOT) {
		for (struct process *p = process_first(); p; p = p->next) {
			if (p->tgid >= from && (best < 0 || p->tgid < best)) {
				best = p->tgid;
			}
		}
	} else if (dir->kind == K_FILES) {
		struct task *t = proc_task(process_find(dir->pid));
		uint32_t fd = (uint32_t)from;

		while (t && fd < fd_table_size(t->fds) &&
		       !fd_table_file(t->fds, fd)) {
			fd++;
		}
		best = t && fd < fd_table_size(t->fds) ? (int32_t)fd : -1;
	}
	return best;
}

/* A number that is there now; it may be gone when it is used. */
static struct inode *numbered_inode(struct proc_inode *dir, int32_t n)
{
	if (n < 0 || numbered_entry(dir, n) != n) {
		return NULL;
	}
	return dir->kind == K_ROOT
		       ? make(&dir->inode, K_PROCESS, n, 0)
		       : make(&dir->inode, K_FILE, dir->pid, (uint32_t)n);
}

/* What is always there by name, the rest by number. */
static struct inode *dir_lookup(struct inode *i, const char *name)
{
	struct proc_inode *dir = proc_of(i);
	struct proc_inode it = { .pid = dir->pid };
	char text[NAME_MAX + 1];

	if (strcmp(name, "..") == 0) {
		if (dir->parent) {
			inode_get(dir->parent);
		}
		return dir->parent;
	}
	if (dir->kind != K_ROOT && !process_find(dir->pid)) {
		return NULL;
	}
	for (uint32_t k = 0; fixed_entry(dir, k, &it.kind, &it.index); k++) {
		name_of(&it, text);
		if (strcmp(name, text) == 0) {
			return make(i, it.kind, dir->pid, it.index);
		}
	}
	return numbered_inode(dir, number_in(name));
}

/* Places: ".", "..", what is always there, and the numbers behind that. */
#define PLACE_FIXED    2u
#define PLACE_NUMBERED 64u

/* A process that comes or goes meanwhile moves nobody else's place. */
static int dir_entry(struct inode *i, uint64_t *position,
		     char name[NAME_MAX + 1], uint32_t *ino, uint32_t *mode)
{
	const struct proc_inode *dir = proc_of(i);
	struct proc_inode it = { .pid = dir->pid };
	uint32_t at = (uint32_t)*position;
	int32_t n;

	if (dir->kind != K_ROOT && !process_find(dir->pid)) {
		return 0;
	}
	if (at < PLACE_FIXED) {
		strcpy(name, at ? ".." : ".");
		it.kind = dir->kind;
		it.index = dir->index;
	} else if (at < PLACE_NUMBERED &&
		   fixed_entry(dir, at - PLACE_FIXED, &it.kind, &it.index)) {
		name_of(&it, name);
	} else {
		at = at < PLACE_NUMBERED ? PLACE_NUMBERED : at;
		n = numbered_entry(dir, (int32_t)(at - PLACE_NUMBERED));
		if (n < 0) {
			return 0;
		}
		it.kind = dir->kind == K_ROOT ? K_PROCESS : K_FILE;
		it.pid = dir->kind == K_ROOT ? n : dir->pid;
		it.index = dir->kind == K_ROOT ? 0 : (uint32_t)n;
		at = PLACE_NUMBERED + (uint32_t)n;
		name_of(&it, name);
	}
	*ino = number_of(it.kind, it.pid, it.index);
	*mode = mode_of(it.kind);
	*position = at + 1;
	return 1;
}

static int dir_open(struct inode *i, struct file *f)
{
	(void)i;
	f->ops = &directory_file_ops;
	return 0;
}

static const struct inode_ops dir_ops = {
	.lookup = dir_lookup,
	.entry = dir_entry,
	.where = proc_where,
	.open = dir_open,
	.free = proc_free,
};

/* --- links --- */

static int self_readlink(struct inode *i, char *to, uint32_t size)
{
	(void)i;
	return snprintf(to, size, "%ld", (long)current->process->tgid);
}

static const struct inode_ops self_ops = {
	.readlink = self_readlink,
	.where = proc_where,
	.free = proc_free,
};

/* What a link leads to, without a reference. */
static struct inode *target_of(const struct proc_inode *p)
{
	struct task *t = proc_task(process_find(p->pid));
	struct file *f;

	if (!t) {
		return NULL;
	}
	if (p->kind == K_FILE) {
		f = fd_table_file(t->fds, p->index);
		return f ? f->inode : NULL;
	}
	return p->index == LINK_CWD   ? t->fs->cwd
	       : p->index == LINK_EXE ? t->vm->exe
				      : t->fs->root;
}

static struct inode *link_jump(struct inode *i)
{
	struct inode *to = target_of(proc_of(i));

	if (to) {
		inode_get(to);
	}
	return to;
}

/* For people; who opens the link gets there by link_jump(). */
static int link_readlink(struct inode *i, char *to, uint32_t size)
{
	struct inode *target = target_of(proc_of(i));
	int n;

	if (!target) {
		return -ENOENT;
	}
	n = path_of(target, to, size);
	if (n != -ENOENT) {
		return n;
	}
	return snprintf(to, size,
			inode_is(target, S_IFIFO) ? "pipe:[%lu]"
						  : "deleted:[%lu]",
			(unsigned long)target->ino);
}

static const struct inode_ops link_ops = {
	.readlink = link_readlink,
	.jump = link_jump,
	.where = proc_where,
	.free = proc_free,
};

/* --- texts --- */

void text_add_bytes(struct text *t, const char *bytes, uint32_t n)
{
	if (t->used + n >= t->size) {
		uint32_t size = 2 * t->size + n + 512;
		char *more = realloc(t->bytes, size);

		if (!more) {
			t->has_failed = true;
			return;
		}
		t->bytes = more;
		t->size = size;
	}
	memcpy(t->bytes + t->used, bytes, n);
	t->used += n;
}

void text_add(struct text *t, const char *fmt, ...)
{
	static char line[PATH_MAX + 128];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	text_add_bytes(t, line,
		       (uint32_t)n < sizeof(line) ? (uint32_t)n
						  : sizeof(line) - 1);
}

void text_number(struct text *t, const char *name, uint32_t value)
{
	text_add(t, "%s %lu\n", name, (unsigned long)value);
}

/* At its beginning a file is made anew, so that rewinding shows news. */
static long text_make(struct proc_inode *i, struct text *t)
{
	struct process *p = NULL;

	t->used = 0;
	t->has_failed = false;
	if (i->kind == K_SYSTEM) {
		proc_system[i->index].make(t, NULL);
	} else {
		p = process_find(i->pid);
		if (!p) {
			return -ESRCH;
		}
		proc_process[i->index].make(t, p);
	}
	return t->has_failed ? -ENOMEM : 0;
}

/* Later parts come from the same text, so that a reader sees one state. */
static long text_read(struct file *f, uint32_t buf, uint32_t n,
		      uint64_t *position)
{
	struct text *t = f->data;
	long error = *position ? 0 : text_make(proc_of(f->inode), t);

	if (error || *position >= t->used) {
		return error;
	}
	if (n > t->used - *position) {
		n = t->used - (uint32_t)*position;
	}
	error = copy_to_user(buf, t->bytes + *position, n);
	if (error) {
		return error;
	}
	*position += n;
	return (long)n;
}

static void text_release(struct file *f)
{
	struct text *t = f->data;

	free(t->bytes);
	free(t);
}

static const struct file_ops text_file_ops = {
	.read = text_read,
	.release = text_release,
};

static int text_open(struct inode *i, struct file *f)
{
	(void)i;
	if ((f->flags & O_ACCMODE) != O_RDONLY) {
		return -EACCES;
	}
	f->data = calloc(1, sizeof(struct text));
	f->ops = &text_file_ops;
	return f->data ? 0 : -ENOMEM;
}

static const struct inode_ops text_ops = {
	.open = text_open,
	.where = proc_where,
	.free = proc_free,
};
