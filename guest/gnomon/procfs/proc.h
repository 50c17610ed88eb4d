/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc; and, between proc.c and proc_entries.c, what a name in it stands for.
 */
#pragma once

#include <stdint.h>

struct inode;
struct process;
struct task;

void proc_init(void);	       /* mounts /proc */
struct inode *proc_root(void); /* of another; NULL: no memory */

#define TEXT_MAX 8192

/* LIMIT: what does not fit is not shown. */
struct text {
	uint32_t used;
	char bytes[TEXT_MAX];
};

/* A text, a target or entries; none of them: a link to who looks. */
struct proc_entry {
	const char *name; /* NULL: the end of a table */
	/* A file: what it says; @p: whose file it is, if it is not the
	 * system's. */
	void (*text)(struct text *t, const struct process *p);
	/* A link to an inode, without a reference; NULL: it is gone. */
	struct inode *(*target)(const struct task *t, int32_t number);
	const struct proc_entry *entries; /* a directory */
	/*
	 * There are many of it, and the name is the format of their numbers:
	 * the first one from @from on, or -1.
	 */
	int32_t (*next)(int32_t pid, int32_t from);
};

extern const struct proc_entry proc_top; /* the root */

/* A thread that still has its memory and files, or NULL. */
struct task *proc_task(const struct process *p);
