/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between ramfs.c and ramfs_dir.c: what a file in memory is.
 */
#pragma once

#include "guest/gnomon/inode.h"
#include "guest/gnomon/layout.h"

#define RAMFS_DIRECT	8 /* pages named in the node */
#define RAMFS_PER_FRAME (PAGE_SIZE / sizeof(uint32_t)) /* names in a frame */
#define RAMFS_PAGES	(RAMFS_DIRECT + RAMFS_PER_FRAME * RAMFS_PER_FRAME)

struct node;

/* A name in a directory: in its hash table, in its list, and of its node. */
struct entry {
	struct entry *same_hash;
	struct entry *previous, *next; /* by place */
	struct entry *same_node;
	struct node *dir, *node; /* the node is referenced */
	uint32_t hash;
	uint32_t place; /* what readers of the directory remember */
	char name[];
};

struct directory {
	struct node *parent; /* not referenced; NULL: the root, or removed */
	struct entry **table;
	uint32_t buckets; /* power of two, or 0 */
	uint32_t entries;
	uint32_t next_place;
	struct entry *first, *last;
	struct entry *cursor; /* the last one that was read */
};

struct contents {
	uint32_t direct[RAMFS_DIRECT]; /* frames; 0: hole */
	uint32_t top; /* frame of names of frames of names of frames */
};

struct node {
	struct inode inode; /* first, so that one is the other */
	struct entry *names;
	struct node *doomed; /* next of those to be freed */
	union {
		struct directory dir;
		struct contents file;
		char *target; /* malloc */
	};
};

static inline struct node *node_of(struct inode *i)
{
	return (struct node *)i;
}

/*
 * Memory for names and nodes: zeroed, NULL if there is none left for them.
 * Whoever gives it back says how much it was.
 */
void *ramfs_malloc(uint32_t size);
void ramfs_mfree(void *p, uint32_t size);

/* Without a name yet. NULL: no memory. */
struct node *ramfs_node(uint32_t dev, uint32_t mode);
void ramfs_free(struct inode *i); /* inode_ops.free of all */
extern const struct inode_ops ramfs_dir_ops;

int ramfs_where(struct inode *i, struct inode **dir, char name[NAME_MAX + 1]);
void ramfs_dir_clear(struct node *dir); /* before it is freed */
