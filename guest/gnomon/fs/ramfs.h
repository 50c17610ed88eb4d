/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files in memory.
 */
#pragma once

#include <stdint.h>

struct file;
struct inode;

/* The root of a new file system. NULL: no memory. */
struct inode *ramfs_new(uint32_t mode);
/* A file without a name: memory that processes share. NULL: no memory. */
struct inode *ramfs_new_file(uint64_t size);
uint32_t ramfs_frames(void); /* in all of them */
/* What open() of a device does; until then there are none. */
void ramfs_set_devices(int (*open)(struct inode *i, struct file *f));
