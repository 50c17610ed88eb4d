/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals of Linux i386: numbers, flags, and what programs see of them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SIGHUP	 1
#define SIGINT	 2
#define SIGQUIT	 3
#define SIGILL	 4
#define SIGTRAP	 5
#define SIGBUS	 7
#define SIGFPE	 8
#define SIGKILL	 9
#define SIGSEGV	 11
#define SIGPIPE	 13
#define SIGALRM	 14
#define SIGCHLD	 17
#define SIGCONT	 18
#define SIGSTOP	 19
#define SIGTSTP	 20
#define SIGTTIN	 21
#define SIGTTOU	 22
#define SIGURG	 23
#define SIGWINCH 28

#define SIG_DFL 0
#define SIG_IGN 1

#define SA_NOCLDSTOP 0x00000001u
#define SA_NOCLDWAIT 0x00000002u
#define SA_SIGINFO   0x00000004u
#define SA_ONSTACK   0x08000000u
#define SA_RESTART   0x10000000u
#define SA_NODEFER   0x40000000u
#define SA_RESETHAND 0x80000000u

#define SIG_BLOCK   0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

#define SS_ONSTACK  1
#define SS_DISABLE  2
#define MINSIGSTKSZ 2048

/* si_code */
#define SI_KERNEL     0x80
#define SI_TKILL      (-6)
#define ILL_ILLOPN    2
#define FPE_INTDIV    1
#define FPE_FLTINV    7
#define SEGV_MAPERR   1
#define SEGV_ACCERR   2
#define BUS_ADRALN    1
#define BUS_ADRERR    2
#define TRAP_TRACE    2
#define CLD_EXITED    1
#define CLD_KILLED    2
#define CLD_STOPPED   5
#define CLD_CONTINUED 6

/* Of rt_sigaction(). */
struct signal_action {
	uint32_t handler, flags, restorer;
	uint64_t mask;
};

struct linux_stack {
	uint32_t sp, flags, size;
};

/* What is known of a signal: the beginning of linux_siginfo. */
struct signal_info {
	uint32_t number, error;
	int32_t code;
	union {
		int32_t pid;	  /* kill() and children */
		uint32_t address; /* faults */
	};
	uint32_t uid;
	int32_t status;
};

struct linux_siginfo {
	struct signal_info known;
	uint32_t rest[26];
};
_Static_assert(sizeof(struct linux_siginfo) == 128, "of Linux i386");

/* The FPU: what FNSAVE wrote, then what FXSAVE did. */
struct linux_fpstate {
	uint32_t environment[7];
	uint8_t st[80];
	uint16_t status, magic; /* 0: the rest is there */
	uint32_t fxsave[128];
};
_Static_assert(offsetof(struct linux_fpstate, fxsave) == 112, "of Linux i386");

struct linux_sigcontext {
	uint32_t gs, fs, es, ds;
	uint32_t edi, esi, ebp, esp, ebx, edx, ecx, eax;
	uint32_t trapno, error, eip, cs, eflags;
	uint32_t esp_at_signal, ss;
	uint32_t fpstate; /* user address of a linux_fpstate, or 0 */
	uint32_t oldmask, cr2;
};
_Static_assert(sizeof(struct linux_sigcontext) == 88, "of Linux i386");

struct linux_ucontext {
	uint32_t flags, link;
	struct linux_stack stack;
	struct linux_sigcontext mcontext;
	uint64_t mask;
};

/* What a handler finds on its stack, from its return address on. */
struct linux_sigframe {
	uint32_t return_to, signo;
	struct linux_sigcontext context;
	struct linux_fpstate unused;
	uint32_t extra_mask;
};
_Static_assert(offsetof(struct linux_sigframe, extra_mask) == 720,
	       "of Linux i386");

struct linux_rt_sigframe {
	uint32_t return_to, signo;
	uint32_t info_at, context_at;
	struct linux_siginfo info;
	struct linux_ucontext context;
};
_Static_assert(offsetof(struct linux_rt_sigframe, context) == 144,
	       "of Linux i386");
