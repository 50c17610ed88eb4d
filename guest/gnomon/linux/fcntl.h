/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes with descriptors, beside the O_* of file.h.
 */
#pragma once

#include <stdint.h>

#define AT_FDCWD	    0xffffff9cu /* -100: the working directory */
#define AT_SYMLINK_NOFOLLOW 0x100u
#define AT_REMOVEDIR	    0x200u
#define AT_SYMLINK_FOLLOW   0x400u
#define AT_EMPTY_PATH	    0x1000u

#define F_DUPFD		0
#define F_GETFD		1
#define F_SETFD		2
#define F_GETFL		3
#define F_SETFL		4
#define F_GETLK		5
#define F_SETLK		6
#define F_SETLKW	7
#define F_GETLK64	12
#define F_SETLK64	13
#define F_SETLKW64	14
#define F_DUPFD_CLOEXEC 1030

#define FD_CLOEXEC 1u
#define F_UNLCK	   2

#define SEEK_CUR 1
#define SEEK_END 2

#define R_OK 4u
#define W_OK 2u
#define X_OK 1u

#define RENAME_NOREPLACE 1u

struct linux_iovec {
	uint32_t base, size;
};

#define IOV_MAX 1024u
