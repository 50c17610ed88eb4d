// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The stack frames between a program and its signal handlers.
 *
 * A handler is entered as if it had been called from where the program was,
 * with everything it needs to go back above its return address; sigreturn()
 * believes nothing of what it finds there, since the program could have
 * written it. The frames are static: nothing here sleeps.
 *
 * LIMIT: a handler comes back by what SA_RESTORER names, which every C library
 * has. The stack for SA_ONSTACK, FS and GS are shown in the frame, but not
 * taken from it.
 */
#include <string.h>

#include "guest/gnomon/arch/layout.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/linux/elf.h"
#include "guest/gnomon/linux/ioctl.h"
#include "guest/gnomon/linux/stat.h"
#include "guest/gnomon/linux/system.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/process/signal_deliver.h"
#include "guest/gnomon/task/sched.h"
#include "guest/gnomon/task/signal.h"
#include "guest/lib/trap.h"
#include "hv/abi/lguest.h"
#include "hv/abi/umbra.h"

#define FXSAVE_MXCSR  6 /* its place among 32-bit words */
#define FXSAVE_ALIGN  64u
#define MXCSR_DEFINED 0xffbfu /* of all processors; others could fault */

#define EFLAGS_TF 0x100u
#define EFLAGS_DF 0x400u
/* What a program may set: AC RF OF DF TF SF ZF AF PF CF */
#define EFLAGS_USER 0x50dd5u

#define RPL_USER 3u

/* As after a call from where the stack was aligned to 16 bytes. */
#define STACK_POINTER_ALIGN(sp) ((((sp) + 4) & -16u) - 4)

/* A context has registers in the order of a trap frame, from EDI to SS. */
#define BYTES(type, from, to) \
	(offsetof(type, to) - offsetof(type, from) + sizeof(uint32_t))
#define GENERAL_BYTES BYTES(struct trap_frame, edi, eax)
#define CONTEXT_BYTES BYTES(struct trap_frame, edi, ss)
_Static_assert(BYTES(struct linux_sigcontext, edi, ss) == CONTEXT_BYTES,
	       "to be copied as a whole");

/* --- the stack of SA_ONSTACK handlers --- */

static struct linux_stack altstack(uint32_t esp)
{
	struct linux_stack s = current->altstack;
	bool is_on_it = esp - 1 - s.sp < s.size;

	s.flags = !s.size ? SS_DISABLE : is_on_it ? SS_ONSTACK : 0;
	return s;
}

/* new, old */
long sys_sigaltstack(const struct syscall_args *a)
{
	struct linux_stack new, old = altstack(current->frame->esp);

	if (a->arg[0]) {
		if (copy_from_user(&new, user_ptr(a->arg[0]), sizeof(new))) {
			return -EFAULT;
		}
		if (old.flags & SS_ONSTACK) {
			return -EPERM;
		}
		if (new.flags & SS_DISABLE) {
			new.size = 0;
		} else if (new.flags & ~(uint32_t)SS_ONSTACK) {
			return -EINVAL;
		} else if (new.size < MINSIGSTKSZ) {
			return -ENOMEM;
		}
		current->altstack = new;
	}
	return a->arg[1] ? copy_to_user(user_ptr(a->arg[1]), &old, sizeof(old))
			 : 0;
}

/* --- into the handler --- */

/*
 * Where the handler's frame begins, at its upper end: with the state of the
 * FPU, in which what FXSAVE wrote is aligned as programs expect.
 */
static uint32_t fpstate_at(uint32_t esp, const struct signal_action *a)
{
	struct linux_fpstate *s;

	if ((a->flags & SA_ONSTACK) && !altstack(esp).flags) {
		esp = current->altstack.sp + current->altstack.size;
	}
	return ((esp - sizeof(s->fxsave)) & -FXSAVE_ALIGN) -
	       offsetof(struct linux_fpstate, fxsave);
}

/* The state goes to @to, the handler begins with a fresh one. */
static int save_fpu(struct user_ptr to)
{
	static struct linux_fpstate s __attribute__((aligned(FXSAVE_ALIGN)));

	sched_fpu_save(s.fxsave);
	__asm__ volatile("fnsave %0" : "=m"(s.environment), "=m"(s.st));
	s.status = (uint16_t)s.environment[1];
	sched_fpu_reset();
	return copy_to_user(to, &s, sizeof(s));
}

static void save_context(struct linux_sigcontext *c, const struct trap_frame *f)
{
	memcpy(&c->edi, &f->edi, CONTEXT_BYTES);
	c->esp = f->esp;
	c->ds = f->ds & 0xffff;
	c->es = f->es & 0xffff;
	__asm__("mov %%fs, %0" : "=r"(c->fs));
	__asm__("mov %%gs, %0" : "=r"(c->gs));
}

int signal_frame_push(struct trap_frame *f, const struct signal_action *a,
		      const struct signal_info *info, uint64_t mask)
{
	/* What is not written below is never written: it stays 0. */
	static struct linux_sigframe plain;
	static struct linux_rt_sigframe rt;
	bool is_rt = a->flags & SA_SIGINFO;
	uint32_t size = is_rt ? sizeof(rt) : sizeof(plain);
	uint32_t fpstate = fpstate_at(f->esp, a);
	uint32_t at = STACK_POINTER_ALIGN(fpstate - size);
	struct linux_sigcontext *c =
		is_rt ? &rt.context.mcontext : &plain.context;

	save_context(c, f);
	c->fpstate = fpstate;
	c->oldmask = (uint32_t)mask;
	c->cr2 = f->vector == VECTOR_PAGE ? info->address : 0;
	if (is_rt) {
		rt.return_to = a->restorer;
		rt.signo = info->number;
		rt.info_at = at + offsetof(struct linux_rt_sigframe, info);
		rt.context_at =
			at + offsetof(struct linux_rt_sigframe, context);
		rt.info.known = *info;
		rt.context.stack = altstack(f->esp);
		rt.context.mask = mask;
	} else {
		plain.return_to = a->restorer;
		plain.signo = info->number;
		plain.extra_mask = (uint32_t)(mask >> 32);
	}
	if (save_fpu(user_ptr(fpstate)) ||
	    copy_to_user(user_ptr(at), is_rt ? (void *)&rt : &plain, size)) {
		return -EFAULT;
	}
	f->esp = at;
	f->eip = a->handler;
	f->eflags &= ~(EFLAGS_DF | EFLAGS_TF);
	f->cs = SEL_USER_CODE;
	f->ds = f->es = f->ss = SEL_USER_DATA;
	return 0;
}

/* --- and back --- */

static int load_fpu(struct user_ptr from)
{
	static struct linux_fpstate s __attribute__((aligned(FXSAVE_ALIGN)));

	if (copy_from_user(&s, from, sizeof(s))) {
		return -EFAULT;
	}
	s.fxsave[FXSAVE_MXCSR] &= MXCSR_DEFINED;
	sched_fpu_load(s.fxsave);
	return 0;
}

/* Returns EAX, which becomes the result of the call. @error: there is no @c. */
static long load_context(int error, const struct linux_sigcontext *c,
			 uint64_t mask)
{
	struct trap_frame *f = current->frame;

	if (error || load_fpu(user_ptr(c->fpstate))) {
		signal_force(SIGSEGV, SI_KERNEL, 0);
		return 0;
	}
	signal_set_blocked(mask);
	memcpy(&f->edi, &c->edi, GENERAL_BYTES);
	f->esp = c->esp;
	f->eip = c->eip;
	f->eflags = (f->eflags & ~EFLAGS_USER) | (c->eflags & EFLAGS_USER);
	f->cs = SEL_USER_CODE;
	f->ss = SEL_USER_DATA;
	/* None of the kernel's; the way out makes bad ones null. */
	f->ds = c->ds | RPL_USER;
	f->es = c->es | RPL_USER;
	f->error = FRAME_NO_CALL;
	return (long)c->eax;
}

/* Below ESP are the return address and the number, popped. */
long sys_sigreturn(const struct syscall_args *a)
{
	static struct linux_sigframe s;
	uint32_t at =
		current->frame->esp - offsetof(struct linux_sigframe, context);
	int error = copy_from_user(&s, user_ptr(at), sizeof(s));

	(void)a;
	return load_context(error, &s.context,
			    (uint64_t)s.extra_mask << 32 | s.context.oldmask);
}

/* Below ESP is the return address. */
long sys_rt_sigreturn(const struct syscall_args *a)
{
	static struct linux_rt_sigframe s;
	uint32_t at =
		current->frame->esp - offsetof(struct linux_rt_sigframe, signo);
	int error = copy_from_user(&s, user_ptr(at), sizeof(s));

	(void)a;
	return load_context(error, &s.context.mcontext, s.context.mask);
}
