// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Stands in for parts of the kernel that are not there yet.
 */
#include <stddef.h>
#include <string.h>

#include "guest/gnomon/block.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/log.h"
#include "guest/gnomon/mmu.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/tty.h"
#include "guest/gnomon/vm.h"

#define WEAK __attribute__((weak))

WEAK struct task *current;
WEAK void sched_init(void)
{
}
WEAK void sched_check(void)
{
}
WEAK bool signal_is_pending(const struct task *t)
{
	(void)t;
	return false;
}
WEAK void signal_deliver(struct trap_frame *f)
{
	(void)f;
}
WEAK int device_open(struct inode *i, struct file *f)
{
	(void)i;
	(void)f;
	return -ENXIO;
}
WEAK void wait_wake(struct wait_queue *q)
{
	(void)q;
}
WEAK int wait_on(struct wait_queue *q, uint64_t d)
{
	(void)q;
	(void)d;
	return -EINTR;
}
WEAK void signal_send_task(struct task *t, uint32_t n,
			   const struct signal_info *i)
{
	(void)t;
	(void)n;
	(void)i;
}
WEAK void tty_init(void)
{
}
WEAK uint32_t tty_room(void)
{
	return 64;
}
WEAK uint32_t tty_input(const char *b, uint32_t n)
{
	log_info("typed %u bytes: %c", (unsigned)n, *b);
	return n;
}
WEAK void ramfs_init(void)
{
}
WEAK void dev_init(void)
{
}
WEAK void proc_init(void)
{
}
WEAK int cpio_unpack(const uint8_t *s, uint32_t n, const char **why)
{
	(void)s;
	(void)n;
	(void)why;
	return 0;
}

/* --- a program of a few instructions --- */

#define LOOPS	 100000u
#define TOUCHED	 256u
#define CODE_AT	 0x08048000u
#define TOUCH_AT 0x10000000u

/* null calls; touch pages; exit */
__asm__(".pushsection .rodata\n"
	".balign 4096\n"
	"demo:\n"
	"mov $100000, %esi\n"
	"1: mov $20, %eax\n"
	"int $0x80\n"
	"dec %esi\n"
	"jnz 1b\n"
	"mov $36, %eax\n"
	"int $0x80\n"
	"mov $256, %esi\n"
	"mov $0x10000000, %edi\n"
	"2: movl $1, (%edi)\n"
	"add $4096, %edi\n"
	"dec %esi\n"
	"jnz 2b\n"
	"mov $64, %eax\n"
	"int $0x80\n"
	"mov $1, %eax\n"
	"int $0x80\n"
	".balign 4096\n"
	".popsection\n");
extern const uint8_t demo[];

static struct mmu_space space;
static uint64_t started;

long sys_getpid(const struct syscall_args *a);
long sys_sync(const struct syscall_args *a);
long sys_getppid(const struct syscall_args *a);
long sys_exit(const struct syscall_args *a);
WEAK long sys_getpid(const struct syscall_args *a)
{
	(void)a;
	return 1;
}
WEAK long sys_sync(const struct syscall_args *a)
{
	(void)a;
	log_info("%u ns each", (unsigned)(platform->now() - started) / LOOPS);
	started = platform->now();
	return 0;
}
WEAK long sys_getppid(const struct syscall_args *a)
{
	(void)a;
	log_info("%u ns per page",
		 (unsigned)(platform->now() - started) / TOUCHED);
	return 0;
}
WEAK long sys_exit(const struct syscall_args *a)
{
	(void)a;
	platform->power_off("demo is done");
}

WEAK int vm_fault(uint32_t va, bool is_write, bool is_exec, int32_t *code)
{
	uint64_t pte = PTE_P | PTE_US | PTE_A | PTE_D | PTE_RW;

	(void)is_write;
	(void)is_exec;
	(void)code;
	va &= ~0xfffu;
	if (va == CODE_AT) {
		pte |= frame_of(demo);
	} else {
		pte |= frame_alloc_zero();
	}
	mmu_write(mmu_pte_make(&space, va), pte);
	mmu_changed(&space, va, pte);
	return 0;
}

WEAK void signal_force(uint32_t n, int32_t code, uint32_t address)
{
	panic("signal %u code %d at 0x%x", (unsigned)n, (int)code,
	      (unsigned)address);
}

WEAK void exec_init(const char *path, const char *const argv[],
		    const char *const envp[])
{
	uint32_t stack = frame_alloc_order(KERNEL_STACK_ORDER);
	uint32_t top = (uint32_t)frame_at(stack) + KERNEL_STACK_SIZE;
	struct trap_frame *f = (struct trap_frame *)top - 1;
	uint32_t saved;

	(void)argv;
	(void)envp;
	log_info("running %s", path);
	mmu_create(&space);
	mmu_activate(&space);
	platform->set_kernel_stack(top);
	platform->mmu_sync();
	memset(f, 0, sizeof(*f));
	f->es = f->ds = f->ss = SEL_USER_DATA;
	f->cs = SEL_USER_CODE;
	f->eip = CODE_AT;
	f->eflags = 0x202;
	started = platform->now();
	((uint32_t *)f)[-1] = (uint32_t)f;
	((uint32_t *)f)[-3] = (uint32_t)trap_return;
	context_switch(&saved, (uint32_t)f - 28);
	panic("came back");
}
