// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /proc: a tree that is made up as it is looked at.
 *
 * An inode says what it is about by its entry and by a process or another
 * number; it keeps its directory, so that its name can be told. Nothing of a
 * process is kept but its number: it is looked up again each time.
 *
 * Read proc_entries.c for what there is.
 */
#include "guest/gnomon/procfs/proc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/fs/file.h"
#include "guest/gnomon/fs/path.h"
#include "guest/gnomon/task/task.h"

struct proc_inode {
	struct inode inode;
	const struct proc_entry *entry;
	int32_t number;	      /* which of those with this entry */
	int32_t pid;	      /* 0: it is the system's */
	struct inode *parent; /* referenced; NULL: the root */
};

static const struct inode_ops dir_ops, text_ops, link_ops;

static struct proc_inode *proc_of(struct inode *i)
{
	return (struct proc_inode *)i;
}

static uint32_t mode_of(const struct proc_entry *e)
{
	return e->entries ? S_IFDIR | 0555
	       : e->text  ? S_IFREG | 0444
			  : S_IFLNK | 0777;
}

static struct inode *make(struct proc_inode *dir, const struct proc_entry *e,
			  int32_t number)
{
	struct proc_inode *p = malloc(sizeof(*p));

	if (!p) {
		return NULL;
	}
	inode_init(&p->inode,
		   e->entries ? &dir_ops
		   : e->text  ? &text_ops
			      : &link_ops,
		   mode_of(e));
	p->inode.links = 1;
	p->entry = e;
	p->number = number;
	/* What is numbered is a process, or belongs to one. */
	p->pid = dir && dir->pid ? dir->pid : number;
	p->parent = dir ? inode_get(&dir->inode) : NULL;
	/* The same thing is the same inode each time it is looked up. */
	p->inode.ino = (uint32_t)(uintptr_t)e ^ (uint32_t)p->pid << 16 ^
		       (uint32_t)number << 8;
	return &p->inode;
}

static void proc_free(struct inode *i)
{
	inode_put(proc_of(i)->parent);
	free(i);
}

struct inode *proc_root(void)
{
	return make(NULL, &proc_top, 0);
}

void proc_init(void)
{
	mount_in_root("proc", proc_root(), "proc");
}

/* --- directories --- */

static void name_of(const struct proc_entry *e, int32_t number,
		    char name[NAME_MAX + 1])
{
	snprintf(name, NAME_MAX, e->name, number);
}

static int proc_where(struct inode *i, struct inode **dir,
		      char name[NAME_MAX + 1])
{
	const struct proc_inode *p = proc_of(i);

	*dir = p->parent;
	name_of(p->entry, p->number, name);
	return *dir ? 0 : -ENOENT;
}

static struct inode *dir_lookup(struct inode *i, const char *name)
{
	struct proc_inode *dir = proc_of(i);
	const struct proc_entry *e;
	char text[NAME_MAX + 1];
	int32_t n;

	if (strcmp(name, "..") == 0) {
		return dir->parent ? inode_get(dir->parent) : NULL;
	}
	for (e = dir->entry->entries; e->name; e++) {
		n = e->next ? (int32_t)strtol(name, NULL, 10) : 0;
		name_of(e, n, text);
		if (strcmp(name, text) == 0 && n >= 0 &&
		    (!e->next || e->next(dir->pid, n) == n)) {
			return make(dir, e, n);
		}
	}
	return NULL;
}

/*
 * Numbers come last, each at a place of its own: one that comes or goes
 * meanwhile moves nobody else's.
 */
static int dir_entry(struct inode *i, uint64_t *position,
		     char name[NAME_MAX + 1], uint32_t *ino, uint32_t *mode)
{
	struct proc_inode *dir = proc_of(i);
	const struct proc_entry *e = dir->entry->entries;
	uint32_t at = (uint32_t)*position, place = FIRST_PLACE;
	int32_t n = 0;

	while (e->name && !e->next && place < at) {
		e++;
		place++;
	}
	if (e->next) {
		n = e->next(dir->pid, (int32_t)(at - place));
	}
	if (!e->name || n < 0) {
		return 0;
	}
	name_of(e, n, name);
	*ino = place + (uint32_t)n;
	*mode = mode_of(e);
	*position = place + (uint32_t)n + 1;
	return 1;
}

static const struct inode_ops dir_ops = {
	.lookup = dir_lookup,
	.entry = dir_entry,
	.where = proc_where,
	.file_ops = &directory_file_ops,
	.free = proc_free,
};

/* --- links --- */

static struct inode *link_jump(struct inode *i)
{
	const struct proc_inode *p = proc_of(i);
	struct task *t = proc_task(process_find(p->pid));
	struct inode *to = NULL;

	if (t && p->entry->target) {
		to = p->entry->target(t, p->number);
	}
	return to ? inode_get(to) : NULL;
}

/* For people, but for "self"; who opens the link gets there by link_jump(). */
static int link_readlink(struct inode *i, char *to, uint32_t size)
{
	struct inode *target = link_jump(i);
	int n = target ? path_of(target, to, size) : -ENOENT;

	if (!proc_of(i)->entry->target) {
		n = snprintf(to, size, "%ld", (long)current->process->tgid);
	} else if (target && n == -ENOENT) {
		n = snprintf(to, size,
			     inode_is(target, S_IFIFO) ? "pipe:[%lu]"
						       : "deleted:[%lu]",
			     (unsigned long)target->ino);
	}
	inode_put(target);
	return n;
}

static const struct inode_ops link_ops = {
	.readlink = link_readlink,
	.jump = link_jump,
	.where = proc_where,
	.free = proc_free,
};

/* --- texts --- */

/*
 * A read at the beginning makes the text anew, so that rewinding shows what has
 * changed. Later reads take the same text, so that a reader sees one state.
 */
static long text_read(struct file *f, struct user_ptr buf, uint32_t n,
		      uint64_t *position)
{
	const struct proc_inode *i = proc_of(f->inode);
	const struct process *p = process_find(i->pid);
	struct text *t = f->data ? f->data : calloc(1, sizeof(*t));
	int error;

	f->data = t;
	if (!t) {
		return -ENOMEM;
	}
	if (!*position) {
		if (i->pid && !p) {
			return -ESRCH;
		}
		t->used = 0;
		i->entry->text(t, p);
	}
	if (*position >= t->used) {
		return 0;
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
	free(f->data);
}

static const struct file_ops text_file_ops = {
	.read = text_read,
	.release = text_release,
};

static const struct inode_ops text_ops = {
	.where = proc_where,
	.file_ops = &text_file_ops,
	.free = proc_free,
};
