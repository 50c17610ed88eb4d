/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * First instructions of a program, system calls, and what cannot be said in
 * C about threads and signals. Linux i386: the number in EAX, arguments in
 * EBX ECX EDX ESI EDI EBP, the result in EAX, negative for an error.
 */

#define SYS_EXIT	 1
#define SYS_SIGRETURN	 119
#define SYS_CLONE	 120
#define SYS_RT_SIGRETURN 173

	.text

/* At entry ESP points to argc, argv[], 0, envp[], 0, auxiliary vector. */
	.globl _start
_start:
	xorl %ebp, %ebp
	movl %esp, %eax
	andl $-16, %esp
	subl $12, %esp
	pushl %eax
	call program_start
	hlt

/*
 * long sys(long number, ...): takes six arguments off the stack whether they
 * were passed or not; a call looks at those it has.
 */
	.globl sys
sys:
	pushl %ebx
	pushl %esi
	pushl %edi
	pushl %ebp
	movl 20(%esp), %eax
	movl 24(%esp), %ebx
	movl 28(%esp), %ecx
	movl 32(%esp), %edx
	movl 36(%esp), %esi
	movl 40(%esp), %edi
	movl 44(%esp), %ebp
	int $0x80
	popl %ebp
	popl %edi
	popl %esi
	popl %ebx
	ret

/*
 * long thread_clone(u32 flags, void *stack_top, int *parent_tid, void *tls,
 *		     int *child_tid, void (*fn)(void *), void *arg)
 *
 * Returns the number of the new thread, which runs fn(arg) and ends. All
 * that the thread needs is on its stack: it returns from no function.
 */
	.globl thread_clone
thread_clone:
	pushl %ebx
	pushl %esi
	pushl %edi
	movl 16(%esp), %ebx
	movl 20(%esp), %ecx
	movl 24(%esp), %edx
	movl 28(%esp), %esi
	movl 32(%esp), %edi
	subl $16, %ecx
	movl 40(%esp), %eax
	movl %eax, (%ecx)	/* argument of fn */
	movl 36(%esp), %eax
	movl %eax, 4(%ecx)
	movl $SYS_CLONE, %eax
	int $0x80
	testl %eax, %eax
	jz 1f
	popl %edi
	popl %esi
	popl %ebx
	ret
1:
	xorl %ebp, %ebp
	call *4(%esp)
	movl $SYS_EXIT, %eax
	xorl %ebx, %ebx
	int $0x80
	hlt

/* Where handlers return to: without and with SA_SIGINFO. */
	.globl signal_restorer, signal_restorer_rt
signal_restorer:
	popl %eax		/* the signal's number */
	movl $SYS_SIGRETURN, %eax
	int $0x80
signal_restorer_rt:
	movl $SYS_RT_SIGRETURN, %eax
	int $0x80

/*
 * bool probe_read(const u32 *from, u32 *value), bool probe_write(u32 *to,
 * u32 value): false when the access faulted. The SIGSEGV handler that
 * lib/probe.c installs continues at probe_failed.
 */
	.globl probe_read, probe_write, probe_start, probe_end, probe_failed
probe_start:
probe_read:
	movl 4(%esp), %ecx
	movl 8(%esp), %edx
	movl (%ecx), %eax
	movl %eax, (%edx)
	movl $1, %eax
	ret
probe_write:
	movl 4(%esp), %ecx
	movl 8(%esp), %edx
	movl %edx, (%ecx)
	movl $1, %eax
	ret
probe_end:
probe_failed:
	xorl %eax, %eax
	ret

	.section .note.GNU-stack, "", @progbits
