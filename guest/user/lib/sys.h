/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flags, error numbers and structures of Linux i386. Where newlib has a name
 * for such a thing the values may differ: never include its <errno.h>,
 * <fcntl.h> or <signal.h> beside this.
 */
#pragma once

#include "guest/user/lib/call.h"

#define EPERM	  1
#define ESRCH	  3
#define EINTR	  4
#define EAGAIN	  11
#define ENOMEM	  12
#define EFAULT	  14
#define EINVAL	  22
#define ECHILD	  10
#define ETIMEDOUT 110

#define O_RDONLY   0
#define O_WRONLY   1
#define O_RDWR	   2
#define O_CREAT	   0100
#define O_TRUNC	   01000
#define O_APPEND   02000
#define O_NONBLOCK 04000

#define PROT_NONE     0
#define PROT_READ     1
#define PROT_WRITE    2
#define PROT_EXEC     4
#define MAP_SHARED    1
#define MAP_PRIVATE   2
#define MAP_FIXED     0x10
#define MAP_ANONYMOUS 0x20

#define SIGHUP	1
#define SIGINT	2
#define SIGILL	4
#define SIGTRAP 5
#define SIGFPE	8
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20

#define SIG_DFL ((void *)0)
#define SIG_IGN ((void *)1)

#define SA_SIGINFO   0x00000004u
#define SA_RESTORER  0x04000000u
#define SA_ONSTACK   0x08000000u
#define SA_RESTART   0x10000000u
#define SA_NODEFER   0x40000000u
#define SA_RESETHAND 0x80000000u

#define SIG_BLOCK   0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

#define WNOHANG	  1
#define WUNTRACED 2

#define CLONE_VM	     0x00000100u
#define CLONE_FS	     0x00000200u
#define CLONE_FILES	     0x00000400u
#define CLONE_SIGHAND	     0x00000800u
#define CLONE_THREAD	     0x00010000u
#define CLONE_SYSVSEM	     0x00040000u
#define CLONE_SETTLS	     0x00080000u
#define CLONE_PARENT_SETTID  0x00100000u
#define CLONE_CHILD_CLEARTID 0x00200000u
#define CLONE_THREAD_ALL                                                    \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | \
	 CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID |               \
	 CLONE_CHILD_CLEARTID)

#define FUTEX_WAIT 0
#define FUTEX_WAKE 1

struct linux_timespec {
	s32 sec, nsec;
};

struct linux_itimerval {
	struct {
		s32 sec, usec;
	} interval, value;
};

struct linux_sigaction {
	void *handler;
	u32 flags;
	void *restorer;
	u64 mask __attribute__((packed, aligned(4)));
};

_Static_assert(sizeof(struct linux_sigaction) == 20, "rt_sigaction");

struct linux_siginfo {
	s32 signo, error, code;
	union {
		struct {
			s32 pid, uid, status;
		} child;
		void *address; /* of a fault */
		u32 padding[29];
	};
};

_Static_assert(sizeof(struct linux_siginfo) == 128, "siginfo");

struct linux_ucontext {
	u32 flags;
	struct linux_ucontext *link;
	void *stack_base;
	u32 stack_flags, stack_size;
	u32 gs, fs, es, ds, edi, esi, ebp, esp, ebx, edx, ecx, eax;
	u32 trap, error, eip, cs, eflags, user_esp, ss;
	void *fpu;
	u32 old_mask, cr2;
	u64 mask __attribute__((packed, aligned(4)));
};

_Static_assert(offsetof(struct linux_ucontext, eip) == 76, "ucontext");

struct linux_stack {
	void *base;
	u32 flags, size;
};

struct linux_user_desc {
	s32 entry;
	u32 base, limit, flags;
};

#define USER_DESC_DATA 0x51u /* 32 bits, limit in pages, usable */

long thread_clone(u32 flags, void *stack_top, int *parent_tid, void *tls,
		  int *child_tid, void (*fn)(void *), void *arg);

void signal_restorer(void);
void signal_restorer_rt(void);

static inline u64 rdtsc(void)
{
	u64 t;

	__asm__ volatile("rdtsc" : "=A"(t));
	return t;
}
