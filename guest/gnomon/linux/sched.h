/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clone(), wait4() and thread areas of Linux i386.
 */
#pragma once

#include <stdint.h>

#define CSIGNAL		     0x000000ffu
#define CLONE_VM	     0x00000100u
#define CLONE_FS	     0x00000200u
#define CLONE_FILES	     0x00000400u
#define CLONE_SIGHAND	     0x00000800u
#define CLONE_VFORK	     0x00004000u
#define CLONE_PARENT	     0x00008000u
#define CLONE_THREAD	     0x00010000u
#define CLONE_SETTLS	     0x00080000u
#define CLONE_PARENT_SETTID  0x00100000u
#define CLONE_CHILD_CLEARTID 0x00200000u
#define CLONE_CHILD_SETTID   0x01000000u

#define WNOHANG	   0x00000001u
#define WUNTRACED  0x00000002u
#define WCONTINUED 0x00000008u

/* What wait4() shows: these, or an exit status << 8. */
#define STATUS_SIGNAL	 0x007fu /* that ended it */
#define STATUS_STOPPED	 0x007fu /* by a signal << 8 */
#define STATUS_CONTINUED 0xffffu

/* Bits of linux_user_desc.flags */
#define DESC_32BIT	    0x01u
#define DESC_LIMIT_IN_PAGES 0x10u
/* With those of data that grow down, code, read-only, and not there at all. */
#define DESC_KIND 0x2fu

struct linux_user_desc {
	uint32_t number, base, limit, flags;
};

#define PR_SET_NAME 15
#define PR_GET_NAME 16
