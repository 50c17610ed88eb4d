/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Raw system calls of Linux i386: numbers and the way in.
 *
 * These are literals of their own, not those of the kernel: a test that
 * included the kernel's would repeat its mistakes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef int32_t s32;
typedef uint64_t u64;

#define SYS_EXIT	    1
#define SYS_FORK	    2
#define SYS_READ	    3
#define SYS_WRITE	    4
#define SYS_OPEN	    5
#define SYS_CLOSE	    6
#define SYS_UNLINK	    10
#define SYS_EXECVE	    11
#define SYS_CHDIR	    12
#define SYS_LSEEK	    19
#define SYS_GETPID	    20
#define SYS_MOUNT	    21
#define SYS_ALARM	    27
#define SYS_PAUSE	    29
#define SYS_SYNC	    36
#define SYS_KILL	    37
#define SYS_MKDIR	    39
#define SYS_DUP		    41
#define SYS_PIPE	    42
#define SYS_BRK		    45
#define SYS_IOCTL	    54
#define SYS_SETPGID	    57
#define SYS_DUP2	    63
#define SYS_GETPPID	    64
#define SYS_SETSID	    66
#define SYS_REBOOT	    88
#define SYS_MUNMAP	    91
#define SYS_FTRUNCATE	    93
#define SYS_SYSLOG	    103
#define SYS_SETITIMER	    104
#define SYS_WAIT4	    114
#define SYS_SIGRETURN	    119
#define SYS_MPROTECT	    125
#define SYS_SCHED_YIELD	    158
#define SYS_NANOSLEEP	    162
#define SYS_POLL	    168
#define SYS_RT_SIGRETURN    173
#define SYS_RT_SIGACTION    174
#define SYS_RT_SIGPROCMASK  175
#define SYS_RT_SIGPENDING   176
#define SYS_RT_SIGTIMEDWAIT 177
#define SYS_RT_SIGSUSPEND   179
#define SYS_SIGALTSTACK	    186
#define SYS_VFORK	    190
#define SYS_MMAP2	    192
#define SYS_FSTAT64	    197
#define SYS_GETTID	    224
#define SYS_FUTEX	    240
#define SYS_SET_THREAD_AREA 243
#define SYS_EXIT_GROUP	    252
#define SYS_CLOCK_GETTIME   265
#define SYS_TGKILL	    270

/* Returns a value, or a negative error number. */
long sys(long number, ...);

/* Is @result an error number instead of an address or a count? */
static inline bool is_error(long result)
{
	return (u32)result >= (u32)-4095;
}
