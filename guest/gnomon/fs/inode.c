// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What all inodes have in common: references, numbers, time.
 *
 * I1: whoever keeps a pointer to an inode has a reference; a directory entry
 * is one.
 */
#include "guest/gnomon/fs/inode.h"

#include <stdlib.h>

#include "guest/gnomon/arch/platform.h"

static uint32_t last_ino;
uint32_t inode_count;

void inode_init(struct inode *i, const struct inode_ops *ops, uint32_t mode)
{
	*i = (struct inode){
		.ops = ops,
		.refs = 1,
		.ino = ++last_ino,
		.mode = mode,
		.mtime = platform_wall(),
	};
	inode_count++;
}

struct inode *inode_get(struct inode *i)
{
	i->refs++;
	return i;
}

/* The last one: the file system takes the inode apart, names and contents. */
void inode_put(struct inode *i)
{
	if (i && --i->refs == 0) {
		inode_count--;
		i->ops->free(i);
	}
}

void inode_touch(struct inode *i)
{
	i->mtime = platform_wall();
}
