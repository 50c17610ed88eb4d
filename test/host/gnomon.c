/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames lie where the kernel's address of them, a 32-bit sum that wraps, is
 * low memory of the host.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>

#include "test/host/gnomon.h"

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/dev/console.h"
#include "guest/gnomon/dev/disk.h"
#include "guest/gnomon/lib/log.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/mm/frame.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/procfs/proc.h"
#include "guest/gnomon/task/sched.h"
#include "guest/gnomon/task/signal.h"
#include "guest/gnomon/task/wait.h"

#define POOL	   0x10000000u
#define POOL_FIRST (POOL - KERNEL_BASE)
#define POOL_PAGES 16384u
#define TEXT_SIZE  8192u

struct fake fake;
struct task *current;
uint32_t trap_work;

static uint16_t refs[POOL_PAGES];
static uint32_t next_frame;

uint64_t platform_now(void)
{
	return fake.now;
}

uint64_t platform_wall(void)
{
	return fake.now + fake.wall_ahead;
}

void platform_set_wall(uint64_t ns)
{
	fake.wall_ahead = ns - fake.now;
}

static const struct platform fake_platform = { .name = "fake" };
const struct platform *platform = &fake_platform;

/* --- frames --- */

static uint16_t *refs_of(uint32_t pa)
{
	uint32_t n = (pa - POOL_FIRST) / PAGE_SIZE;

	assert_true(n < POOL_PAGES && !(pa & PAGE_MASK));
	return &refs[n];
}

uint32_t frame_alloc(void)
{
	if (!fake.frames_left) {
		return 0;
	}
	while (refs[next_frame]) {
		next_frame = (next_frame + 1) % POOL_PAGES;
	}
	fake.frames_left--;
	fake.frames_used++;
	refs[next_frame] = 1;
	memset((void *)(uintptr_t)(POOL + next_frame * PAGE_SIZE), 0xaa,
	       PAGE_SIZE);
	return POOL_FIRST + next_frame * PAGE_SIZE;
}

uint32_t frame_alloc_zero(void)
{
	uint32_t pa = frame_alloc();

	if (pa) {
		memset(frame_at(pa), 0, PAGE_SIZE);
	}
	return pa;
}

void frame_get(uint32_t pa)
{
	++*refs_of(pa);
}

void frame_put(uint32_t pa)
{
	assert_true(*refs_of(pa) > 0);
	if (--*refs_of(pa) == 0) {
		fake.frames_left++;
		fake.frames_used--;
	}
}

uint32_t frame_count_free(void)
{
	return fake.frames_left;
}

uint32_t frame_count_all(void)
{
	return POOL_PAGES;
}

/* --- user memory --- */

static uint8_t *user_at(struct user_ptr p, size_t n)
{
	uint32_t at = p.at;

	if (at < FAKE_USER || at - FAKE_USER > FAKE_USER_SIZE ||
	    n > FAKE_USER_SIZE - (at - FAKE_USER)) {
		return NULL;
	}
	return fake.user + (at - FAKE_USER);
}

int copy_from_user(void *to, struct user_ptr from, size_t n)
{
	if (!user_at(from, n)) {
		return n ? -EFAULT : 0;
	}
	memcpy(to, user_at(from, n), n);
	return 0;
}

int copy_to_user(struct user_ptr to, const void *from, size_t n)
{
	if (!user_at(to, n)) {
		return n ? -EFAULT : 0;
	}
	memcpy(user_at(to, n), from, n);
	return 0;
}

int clear_user(struct user_ptr to, size_t n)
{
	if (!user_at(to, n)) {
		return n ? -EFAULT : 0;
	}
	memset(user_at(to, n), 0, n);
	return 0;
}

int copy_string_from_user(char *to, struct user_ptr from, size_t max)
{
	for (size_t n = 0; n < max; n++) {
		if (copy_from_user(to + n, user_rest(from, (uint32_t)n), 1)) {
			return -EFAULT;
		}
		if (!to[n]) {
			return (int)n;
		}
	}
	return -ENAMETOOLONG;
}

int read_user_u32(uint32_t *to, struct user_ptr from)
{
	return copy_from_user(to, from, sizeof(*to));
}

int write_user_u32(struct user_ptr to, uint32_t value)
{
	return copy_to_user(to, &value, sizeof(value));
}

uint32_t fake_text(uint32_t slot, const char *text)
{
	uint32_t at = FAKE_USER + slot * TEXT_SIZE;

	assert_int_equal(copy_to_user(user_ptr(at), text, strlen(text) + 1), 0);
	return at;
}

/* --- tasks --- */

int wait_on(struct wait_queue *q, uint64_t deadline)
{
	(void)q;
	if (fake.wait) {
		return fake.wait();
	}
	if (deadline) {
		fake.now = deadline;
		return -ETIMEDOUT;
	}
	return -ERESTARTSYS;
}

int wait_poll(uint64_t deadline)
{
	return wait_on(NULL, deadline);
}

int cond_resched(void)
{
	return 0;
}

void wait_wake(struct wait_queue *q)
{
	(void)q;
}

void signal_send_task(struct task *t, uint32_t n,
		      const struct signal_info *info)
{
	(void)t;
	(void)info;
	fake.signal = n;
	fake.signals++;
}

void signal_send_group(int32_t pgrp, uint32_t n)
{
	(void)pgrp;
	signal_send_task(current, n, NULL);
}

int signal_set_get(uint64_t *set, struct user_ptr from, uint32_t size)
{
	return size == sizeof(*set) ? copy_from_user(set, from, size) : -EINVAL;
}

bool process_is_orphaned(const struct process *p)
{
	(void)p;
	return false;
}

struct process *process_member(int32_t number)
{
	return current->process->pgrp == number ? current->process : NULL;
}

void signal_send_process(struct process *p, uint32_t n,
			 const struct signal_info *info)
{
	(void)p;
	signal_send_task(current, n, info);
}

/* --- clocks: alarms never ring --- */

void timer_set(struct timer *t, uint64_t at, void (*fire)(struct timer *t))
{
	(void)fire;
	t->at = at;
}

void timer_cancel(struct timer *t)
{
	(void)t;
}

uint64_t task_run_ns(const struct task *t)
{
	(void)t;
	return fake.now;
}

uint64_t process_run_ns(const struct process *p)
{
	(void)p;
	return fake.now;
}

/* --- console --- */

void console_write(const char *bytes, uint32_t n)
{
	assert_true(n < sizeof(fake.console) - fake.console_bytes);
	memcpy(fake.console + fake.console_bytes, bytes, n);
	fake.console_bytes += n;
}

void console_init(const struct console_input *to)
{
	(void)to;
}

bool console_size(uint16_t *columns, uint16_t *rows)
{
	(void)columns;
	(void)rows;
	return false;
}

void console_input_room(void)
{
}

void fake_console_clear(void)
{
	memset(fake.console, 0, sizeof(fake.console));
	fake.console_bytes = 0;
}

void log_info(const char *fmt, ...)
{
	(void)fmt;
}

/* --- what tests of files do without --- */

struct inode *proc_root(void)
{
	return NULL;
}

int block_flush(void)
{
	return 0;
}

int fake_setup(void **state)
{
	static struct task task;
	static struct process process;

	(void)state;
	memset(&fake, 0, sizeof(fake));
	fake.frames_left = POOL_PAGES;
	fake.now = 1000000007;
	mmap((void *)(uintptr_t)POOL, POOL_PAGES * PAGE_SIZE,
	     PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
	     -1, 0);
	memset(&task, 0, sizeof(task));
	memset(&process, 0, sizeof(process));
	process.tgid = process.pgrp = process.session = 1;
	process.limit[7].soft = 1024;
	task.process = &process;
	current = &task;
	root_inode = ramfs_new(0755);
	process.cwd = inode_get(root_inode);
	process.umask = 022;
	task.fds = fd_table_copy(NULL);
	return task.fds ? 0 : -1;
}

/* Remove all names below @dir. */
static void clear(struct inode *dir)
{
	char name[NAME_MAX + 1];
	uint64_t at = FIRST_PLACE;
	uint32_t ino, mode;
	struct inode *i;

	while (dir->ops->entry(dir, &at, name, &ino, &mode)) {
		i = dir->ops->lookup(dir, name);
		if (inode_is(i, S_IFDIR)) {
			clear(i);
		}
		assert_int_equal(
			dir->ops->unlink(dir, name, inode_is(i, S_IFDIR)), 0);
		inode_put(i);
	}
}

int fake_teardown(void **state)
{
	(void)state;
	fd_table_put(current->fds);
	inode_put(current->process->cwd);
	clear(root_inode);
	inode_put(root_inode);
	assert_int_equal(inode_count, 0);
	assert_int_equal(file_count, 0);
	assert_int_equal(ramfs_frames(), 0);
	assert_int_equal(fake.frames_used, 0);
	return 0;
}

long fake_call(long (*serve)(const struct syscall_args *a), const long arg[6])
{
	struct syscall_args a;

	for (uint32_t i = 0; i < 6; i++) {
		a.arg[i] = (uint32_t)arg[i];
	}
	return serve(&a);
}
