/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between ramfs.c and ramfs_dir.c: what a file in memory is.
 */
#pragma once

#include <stddef.h>

#include "guest/gnomon/fs/inode.h"

struct node;

/* A name in a directory: in the table of all names and in its directory. */
struct entry {
	struct entry *same_hash;
	struct entry *previous, *next; /* by place */
	struct node *dir, *node;       /* the node is referenced */
	uint32_t place;		       /* what readers remember */
	char name[];
};

struct node {
	struct inode inode; /* first, so that one is the other */
	/* The one it got or was found by last; NULL: that one is gone. */
	struct entry *name;
	union {
		struct {
			struct entry *first, *last;
			uint32_t places; /* given out */
		} dir;
		struct {
			uint32_t *frames; /* by page; 0: hole */
			uint32_t room;	  /* for so many */
		} file;
	};
	char target[]; /* of a link */
};

static inline struct node *node_of(struct inode *i)
{
	return (struct node *)i;
}

/* For names and nodes: zeroed, NULL if there is none left for them. */
void *ramfs_malloc(size_t size);
void ramfs_mfree(void *p);

/* Of what is no directory. */
const struct inode_ops *ramfs_ops(uint32_t mode);
/* Without a name yet; a link says @target. NULL: no memory. */
struct node *ramfs_node(const struct inode_ops *ops, uint32_t dev,
			uint32_t mode, const char *target);
void ramfs_free(struct inode *i); /* inode_ops.free of all */
int ramfs_where(struct inode *i, struct inode **dir, char name[NAME_MAX + 1]);
