// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The stack frames between a program and its signal handlers.
 *
 * A handler is entered as if it had been called from where the program was,
 * with everything it needs to go back above its return address; sigreturn()
 * believes nothing of what it finds there, since the program could have
 * written it. The frames are static: nothing here sleeps.
 */
#include "guest/gnomon/signal_frame.h"

#include <string.h>

#include "guest/gnomon/layout.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"

#define FXSAVE_SIZE   512
#define FXSAVE_MXCSR  24 /* offset */
#define FXSAVE_ALIGN  64
#define FNSAVE_SIZE   108
#define MXCSR_DEFINED 0xffbfu /* of all processors; others could fault */
#define FPU_ONLY      0xffffu /* linux_fpstate.magic */

#define EFLAGS_TF 0x100u
#define EFLAGS_DF 0x400u
#define EFLAGS_USER                                              \
	0x50dd5u /* what a program may set: AC RF OF DF TF SF... \
		  */

#define SYS_sigreturn	 119
#define SYS_rt_sigreturn 173

#define STACK_POINTER_ALIGN(sp) ((((sp) + 4) & -16u) - 4)

static void read_segments(struct linux_sigcontext *c)
{
	__asm__("mov %%fs, %0" : "=r"(c->fs));
	__asm__("mov %%gs, %0" : "=r"(c->gs));
	c->fs &= 0xffff;
	c->gs &= 0xffff;
}

static void save_context(struct linux_sigcontext *c, const struct trap_frame *f,
			 const struct signal_info *info, uint64_t mask,
			 uint32_t fpstate)
{
	*c = (struct linux_sigcontext){
		.es = f->es & 0xffff,
		.ds = f->ds & 0xffff,
		.edi = f->edi,
		.esi = f->esi,
		.ebp = f->ebp,
		.esp = f->esp,
		.ebx = f->ebx,
		.edx = f->edx,
		.ecx = f->ecx,
		.eax = f->eax,
		.trapno = f->vector < VECTOR_SYSCALL ? f->vector : 0,
		.error = f->vector < VECTOR_SYSCALL ? f->error : 0,
		.eip = f->eip,
		.cs = f->cs & 0xffff,
		.eflags = f->eflags,
		.esp_at_signal = f->esp,
		.ss = f->ss & 0xffff,
		.fpstate = fpstate,
		.oldmask = (uint32_t)mask,
		.cr2 = info->address,
	};
	read_segments(c);
}

/* The state goes to @to, the handler begins with a fresh one. */
static int save_fpu(uint32_t to)
{
	static struct linux_fpstate s;
	int error;

	sched_fpu_save(current);
	__asm__ volatile("fnsave %0" : "=m"(s));
	s.status = (uint16_t)s.environment[1];
	s.magic = 0;
	memcpy(s.fxsave, task_fpu(current), FXSAVE_SIZE);
	error = copy_to_user(to, &s, sizeof(s));
	sched_fpu_reset();
	return error;
}

static int load_fpu(uint32_t from)
{
	static struct linux_fpstate s;
	uint32_t mxcsr;

	if (!from) {
		sched_fpu_reset();
		return 0;
	}
	if (copy_from_user(&s, from, sizeof(s))) {
		return -EFAULT;
	}
	if (s.magic == FPU_ONLY) {
		__asm__ volatile("frstor %0" : : "m"(s));
		return 0;
	}
	memcpy(&mxcsr, s.fxsave + FXSAVE_MXCSR, sizeof(mxcsr));
	mxcsr &= MXCSR_DEFINED;
	memcpy(s.fxsave + FXSAVE_MXCSR, &mxcsr, sizeof(mxcsr));
	memcpy(task_fpu(current), s.fxsave, FXSAVE_SIZE);
	sched_fpu_load();
	return 0;
}

static bool is_on_altstack(uint32_t esp)
{
	return esp - 1 - current->altstack < current->altstack_size;
}

static uint32_t stack_for(const struct trap_frame *f,
			  const struct signal_action *a)
{
	if ((a->flags & SA_ONSTACK) && current->altstack_size &&
	    !is_on_altstack(f->esp)) {
		return current->altstack + current->altstack_size;
	}
	return f->esp;
}

void signal_stack_show(struct linux_stack *to, uint32_t esp)
{
	to->sp = current->altstack;
	to->size = current->altstack_size;
	to->flags = !to->size		  ? SS_DISABLE
		    : is_on_altstack(esp) ? SS_ONSTACK
					  : 0;
}

void signal_info_show(struct linux_siginfo *to, uint32_t n,
		      const struct signal_info *info)
{
	memset(to, 0, sizeof(*to));
	to->signo = (int32_t)n;
	to->code = info->code;
	if (info->address) {
		to->u.address = info->address;
		return;
	}
	to->u.from.pid = info->pid;
	to->u.from.status = info->status;
}

/* pop %eax; mov $sigreturn, %eax; int $0x80 */
static const uint8_t retcode[8] = { 0x58, 0xb8, SYS_sigreturn, 0,
				    0,	  0,	0xcd,	       0x80 };
/* mov $rt_sigreturn, %eax; int $0x80 */
static const uint8_t rt_retcode[8] = { 0xb8, SYS_rt_sigreturn, 0, 0, 0, 0xcd,
				       0x80 };

static uint32_t return_address(const struct signal_action *a, uint32_t code)
{
	return a->flags & SA_RESTORER ? a->restorer : code;
}

static int push_plain(const struct trap_frame *f, uint32_t at, uint32_t n,
		      const struct signal_action *a,
		      const struct signal_info *info, uint64_t mask,
		      uint32_t fpstate)
{
	static struct linux_sigframe s;

	s.return_to = return_address(
		a, at + offsetof(struct linux_sigframe, retcode));
	s.signo = n;
	save_context(&s.context, f, info, mask, fpstate);
	s.extra_mask = (uint32_t)(mask >> 32);
	memcpy(s.retcode, retcode, sizeof(retcode));
	return copy_to_user(at, &s, sizeof(s));
}

static int push_rt(const struct trap_frame *f, uint32_t at, uint32_t n,
		   const struct signal_action *a,
		   const struct signal_info *info, uint64_t mask,
		   uint32_t fpstate)
{
	static struct linux_rt_sigframe s;

	s.return_to = return_address(
		a, at + offsetof(struct linux_rt_sigframe, retcode));
	s.signo = n;
	s.info_at = at + offsetof(struct linux_rt_sigframe, info);
	s.context_at = at + offsetof(struct linux_rt_sigframe, context);
	signal_info_show(&s.info, n, info);
	signal_stack_show(&s.context.stack, f->esp);
	save_context(&s.context.mcontext, f, info, mask, fpstate);
	s.context.mask[0] = (uint32_t)mask;
	s.context.mask[1] = (uint32_t)(mask >> 32);
	memcpy(s.retcode, rt_retcode, sizeof(rt_retcode));
	return copy_to_user(at, &s, sizeof(s));
}

int signal_frame_push(struct trap_frame *f, uint32_t n,
		      const struct signal_action *a,
		      const struct signal_info *info, uint64_t mask)
{
	bool is_rt = a->flags & SA_SIGINFO;
	uint32_t fpstate =
		((stack_for(f, a) - FXSAVE_SIZE) & -(uint32_t)FXSAVE_ALIGN) -
		offsetof(struct linux_fpstate, fxsave);
	uint32_t size = is_rt ? sizeof(struct linux_rt_sigframe)
			      : sizeof(struct linux_sigframe);
	uint32_t at = STACK_POINTER_ALIGN(fpstate - size);

	if (save_fpu(fpstate) ||
	    (is_rt ? push_rt : push_plain)(f, at, n, a, info, mask, fpstate)) {
		return -EFAULT;
	}
	f->esp = at;
	f->eip = a->handler;
	f->eax = n;
	f->edx = is_rt ? at + offsetof(struct linux_rt_sigframe, info) : 0;
	f->ecx = is_rt ? at + offsetof(struct linux_rt_sigframe, context) : 0;
	f->eflags &= ~(EFLAGS_DF | EFLAGS_TF);
	f->cs = SEL_USER_CODE;
	f->ds = f->es = f->ss = SEL_USER_DATA;
	return 0;
}

/* --- and back --- */

/* Data segments of programs; others would fault on the way out. */
static uint32_t data_selector(uint32_t selector)
{
	selector &= 0xffff;
	return (selector & 3) == 3 ? selector : 0;
}

/* Returns EAX, which becomes the result of the call. */
static long load_context(struct trap_frame *f, const struct linux_sigcontext *c,
			 uint64_t mask)
{
	if (load_fpu(c->fpstate)) {
		signal_force(SIGSEGV, SI_KERNEL, 0);
		return 0;
	}
	current->blocked = signal_blockable(mask);
	trap_work = 1;
	f->edi = c->edi;
	f->esi = c->esi;
	f->ebp = c->ebp;
	f->esp = c->esp;
	f->ebx = c->ebx;
	f->edx = c->edx;
	f->ecx = c->ecx;
	f->eip = c->eip;
	f->eflags = (f->eflags & ~EFLAGS_USER) | (c->eflags & EFLAGS_USER);
	f->cs = SEL_USER_CODE;
	f->ss = SEL_USER_DATA;
	f->ds = data_selector(c->ds);
	f->es = data_selector(c->es);
	f->error = FRAME_NO_CALL;
	return (long)c->eax;
}

/* Below ESP are the return address and, unless RT, the number, popped. */
long sys_sigreturn(const struct syscall_args *a)
{
	static struct linux_sigframe s;
	struct trap_frame *f = current->frame;

	(void)a;
	if (copy_from_user(&s,
			   f->esp - offsetof(struct linux_sigframe, context),
			   sizeof(s))) {
		signal_force(SIGSEGV, SI_KERNEL, 0);
		return 0;
	}
	return load_context(f, &s.context,
			    (uint64_t)s.extra_mask << 32 | s.context.oldmask);
}

long sys_rt_sigreturn(const struct syscall_args *a)
{
	static struct linux_rt_sigframe s;
	struct trap_frame *f = current->frame;

	(void)a;
	if (copy_from_user(&s,
			   f->esp - offsetof(struct linux_rt_sigframe, signo),
			   sizeof(s))) {
		signal_force(SIGSEGV, SI_KERNEL, 0);
		return 0;
	}
	/* A handler may have given its program another stack. */
	signal_stack_set(&s.context.stack, f->esp);
	return load_context(f, &s.context.mcontext,
			    (uint64_t)s.context.mask[1] << 32 |
				    s.context.mask[0]);
}

int signal_stack_set(const struct linux_stack *from, uint32_t esp)
{
	if (is_on_altstack(esp)) {
		return -EPERM;
	}
	if (from->flags & SS_DISABLE) {
		current->altstack = current->altstack_size = 0;
		return 0;
	}
	if (from->flags & ~SS_ONSTACK) {
		return -EINVAL;
	}
	if (from->size < MINSIGSTKSZ) {
		return -ENOMEM;
	}
	current->altstack = from->sp;
	current->altstack_size = from->size;
	return 0;
}
