// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The stack frames between a program and its signal handlers.
 *
 * A handler is entered as if it had been called from where the program was,
 * with everything it needs to go back above its return address; sigreturn()
 * believes nothing of what it finds there, since the program could have
 * written it. The frames are static: nothing here sleeps.
 */
#include <string.h>

#include "guest/gnomon/layout.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"

#define FXSAVE_MXCSR  6 /* its place among 32-bit words */
#define FXSAVE_ALIGN  64u
#define MXCSR_DEFINED 0xffbfu /* of all processors; others could fault */

#define EFLAGS_TF   0x100u
#define EFLAGS_DF   0x400u
#define EFLAGS_USER 0x50dd5u /* what a program may set: AC RF OF DF TF SF... \
			      */

#define RPL_USER 3u

/* As after a call from where the stack was aligned to 16 bytes. */
#define STACK_POINTER_ALIGN(sp) ((((sp) + 4) & -16u) - 4)

/* --- the stack of SA_ONSTACK handlers --- */

static bool is_on_altstack(uint32_t esp)
{
	return esp - 1 - current->altstack < current->altstack_size;
}

static uint32_t stack_for(uint32_t esp, const struct signal_action *a)
{
	return (a->flags & SA_ONSTACK) && !is_on_altstack(esp) &&
			       current->altstack_size
		       ? current->altstack + current->altstack_size
		       : esp;
}

static struct linux_stack altstack(uint32_t esp)
{
	return (struct linux_stack){
		.sp = current->altstack,
		.size = current->altstack_size,
		.flags = !current->altstack_size ? SS_DISABLE
			 : is_on_altstack(esp)	 ? SS_ONSTACK
						 : 0,
	};
}

static int set_altstack(const struct linux_stack *from, uint32_t esp)
{
	bool is_none = from->flags & SS_DISABLE;

	if (is_on_altstack(esp)) {
		return -EPERM;
	}
	if (!is_none && (from->flags & ~SS_ONSTACK)) {
		return -EINVAL;
	}
	if (!is_none && from->size < MINSIGSTKSZ) {
		return -ENOMEM;
	}
	current->altstack = from->sp;
	current->altstack_size = is_none ? 0 : from->size;
	return 0;
}

/* new, old */
long sys_sigaltstack(const struct syscall_args *a)
{
	uint32_t esp = current->frame->esp;
	struct linux_stack new, old = altstack(esp);
	int error = 0;

	if (a->arg[0]) {
		error = copy_from_user(&new, a->arg[0], sizeof(new));
		error = error ? error : set_altstack(&new, esp);
	}
	return error || !a->arg[1] ? error
				   : copy_to_user(a->arg[1], &old, sizeof(old));
}

/* --- into the handler --- */

static void save_context(struct linux_sigcontext *c, const struct trap_frame *f)
{
	bool is_fault = f->vector < IRQ_VECTOR;

	memcpy(c->pusha, &f->edi, sizeof(c->pusha));
	__asm__("mov %%fs, %0" : "=r"(c->fs));
	__asm__("mov %%gs, %0" : "=r"(c->gs));
	c->es = f->es & 0xffff;
	c->ds = f->ds & 0xffff;
	c->esp = c->esp_at_signal = f->esp;
	c->trapno = is_fault ? f->vector : 0;
	c->error = is_fault ? f->error : 0;
	c->eip = f->eip;
	c->cs = SEL_USER_CODE;
	c->eflags = f->eflags;
	c->ss = SEL_USER_DATA;
}

/* The state goes to @to, the handler begins with a fresh one. */
static int save_fpu(uint32_t to)
{
	static struct linux_fpstate s;

	sched_fpu_save(current);
	__asm__ volatile("fnsave %0" : "=m"(s));
	s.status = (uint16_t)s.environment[1];
	s.magic = 0;
	memcpy(s.fxsave, task_fpu(current), sizeof(s.fxsave));
	sched_fpu_reset();
	return copy_to_user(to, &s, sizeof(s));
}

/* What FXSAVE wrote is aligned as programs expect. */
static uint32_t fpstate_below(uint32_t stack)
{
	struct linux_fpstate *s;

	return ((stack - sizeof(s->fxsave)) & -FXSAVE_ALIGN) -
	       offsetof(struct linux_fpstate, fxsave);
}

int signal_frame_push(struct trap_frame *f, const struct signal_action *a,
		      const struct signal_info *info, uint64_t mask)
{
	/* Both begin with where to return to and the number. */
	static union {
		struct linux_sigframe plain;
		struct linux_rt_sigframe rt;
	} s;
	bool is_rt = a->flags & SA_SIGINFO;
	uint32_t size = is_rt ? sizeof(s.rt) : sizeof(s.plain);
	uint32_t fpstate = fpstate_below(stack_for(f->esp, a));
	uint32_t at = STACK_POINTER_ALIGN(fpstate - size);
	struct linux_sigcontext *c =
		is_rt ? &s.rt.context.mcontext : &s.plain.context;

	memset(&s, 0, sizeof(s));
	s.plain.return_to = a->restorer;
	s.plain.signo = info->number;
	save_context(c, f);
	c->fpstate = fpstate;
	c->oldmask = (uint32_t)mask;
	if (is_rt) {
		s.rt.info_at = at + offsetof(struct linux_rt_sigframe, info);
		s.rt.context_at =
			at + offsetof(struct linux_rt_sigframe, context);
		s.rt.info.known = *info;
		s.rt.context.stack = altstack(f->esp);
		s.rt.context.mask = mask;
	} else {
		s.plain.extra_mask = (uint32_t)(mask >> 32);
	}
	if (f->vector == VECTOR_PAGE) {
		c->cr2 = info->address;
	}
	if (save_fpu(fpstate) || copy_to_user(at, &s, size)) {
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

static int load_fpu(uint32_t from)
{
	static struct linux_fpstate s;

	if (!from) {
		sched_fpu_reset();
		return 0;
	}
	if (copy_from_user(&s, from, sizeof(s))) {
		return -EFAULT;
	}
	s.fxsave[FXSAVE_MXCSR] &= MXCSR_DEFINED;
	memcpy(task_fpu(current), s.fxsave, sizeof(s.fxsave));
	sched_fpu_load();
	return 0;
}

/* Returns EAX, which becomes the result of the call. @error: there is no @c. */
static long load_context(int error, const struct linux_sigcontext *c,
			 uint64_t mask)
{
	struct trap_frame *f = current->frame;

	if (error || load_fpu(c->fpstate)) {
		signal_force(SIGSEGV, SI_KERNEL, 0);
		return 0;
	}
	signal_set_blocked(mask);
	memcpy(&f->edi, c->pusha, sizeof(c->pusha));
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
	uint32_t at =
		current->frame->esp - offsetof(struct linux_sigframe, context);
	struct linux_sigcontext c = { 0 };
	uint32_t high = 0;
	int error = copy_from_user(&c, current->frame->esp, sizeof(c));

	(void)a;
	error = error ? error
		      : read_user_u32(&high,
				      at + offsetof(struct linux_sigframe,
						    extra_mask));
	return load_context(error, &c, (uint64_t)high << 32 | c.oldmask);
}

/* Below ESP is the return address. */
long sys_rt_sigreturn(const struct syscall_args *a)
{
	uint32_t esp = current->frame->esp;
	uint32_t at = esp - offsetof(struct linux_rt_sigframe, signo);
	struct linux_ucontext c = { 0 };
	int error = copy_from_user(
		&c, at + offsetof(struct linux_rt_sigframe, context),
		sizeof(c));

	(void)a;
	/* A handler may have given its program another stack. */
	set_altstack(&c.stack, esp);
	return load_context(error, &c.mcontext, c.mask);
}
