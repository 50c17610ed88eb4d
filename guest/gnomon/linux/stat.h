/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the stat() and statfs() families and getdents() fill in.
 */
#pragma once

#include <stdint.h>

struct linux_time {
	uint32_t seconds, ns;
};

/* 64-bit fields are aligned to four bytes on i386. */
#define LINUX_PACKED __attribute__((packed, aligned(4)))

struct linux_stat64 {
	uint64_t dev;
	uint32_t unused0, ino32;
	uint32_t mode, nlink, uid, gid;
	uint64_t rdev;
	uint32_t unused1;
	uint64_t size;
	uint32_t blksize;
	uint64_t blocks;
	struct linux_time atime, mtime, ctime;
	uint64_t ino;
} LINUX_PACKED;

struct linux_statx_time {
	int64_t seconds;
	uint32_t ns, unused;
};

#define STATX_BASIC_STATS 0x7ffu

struct linux_statx {
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, unused0;
	uint64_t ino, size, blocks, attributes_mask;
	struct linux_statx_time atime, btime, ctime, mtime;
	uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
	uint64_t unused1[14];
} LINUX_PACKED;

struct linux_statfs64 {
	uint32_t type, bsize;
	uint64_t blocks, bfree, bavail, files, ffree;
	uint32_t fsid[2], namelen, frsize, flags, unused[4];
} LINUX_PACKED;

_Static_assert(sizeof(struct linux_stat64) == 96, "as i386 has it");
_Static_assert(sizeof(struct linux_statx) == 256, "as i386 has it");
_Static_assert(sizeof(struct linux_statfs64) == 84, "as i386 has it");

struct linux_dirent64 {
	uint64_t ino, next;
	uint16_t size;
	uint8_t type;
	char name[]; /* with NUL, and zeros up to @size */
} __attribute__((packed));

/* statfs type */
#define RAMFS_MAGIC 0x858458f6u
#define PROC_MAGIC  0x9fa0u
