// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Thread areas: descriptors that a program may load into GS. Whatever it asks
 * for, they are ones of data for ring 3: nothing else can be in the task's
 * part of the GDT.
 */
#include "guest/gnomon/arch/layout.h"
#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/linux/sched.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/process/process.h"
#include "guest/gnomon/task/task.h"

#define HIGH_DATA  0x0040f300u /* present, ring 3, 32 bits, writable, used */
#define HIGH_PAGES 0x00800000u

static bool is_empty(const struct linux_user_desc *d)
{
	return !d->base && !d->limit;
}

/* SDM 3A 3.4.5 "Segment Descriptors" */
static uint64_t descriptor(const struct linux_user_desc *d)
{
	uint32_t low = d->base << 16 | (d->limit & 0xffff);
	uint32_t high = HIGH_DATA | (d->base & 0xff000000) |
			(d->base >> 16 & 0xff) | (d->limit & 0xf0000);

	high |= d->flags & DESC_LIMIT_IN_PAGES ? HIGH_PAGES : 0;
	return is_empty(d) ? 0 : (uint64_t)high << 32 | low;
}

int task_set_tls(struct task *t, struct user_ptr from)
{
	struct linux_user_desc d;
	bool is_any;
	uint32_t i;

	if (copy_from_user(&d, from, sizeof(d))) {
		return -EFAULT;
	}
	is_any = d.number == UINT32_MAX;
	i = d.number - GDT_TLS;
	if (is_any) {
		for (i = 0; i < TLS_ENTRIES && t->tls[i]; i++) {
		}
	}
	if (i >= TLS_ENTRIES) {
		return is_any ? -ESRCH : -EINVAL;
	}
	if (!is_empty(&d) && (d.flags & DESC_KIND) != DESC_32BIT) {
		return -EINVAL;
	}
	if (is_any && write_user_u32(from, GDT_TLS + i)) {
		return -EFAULT;
	}
	t->tls[i] = descriptor(&d);
	return 0;
}

long sys_set_thread_area(const struct syscall_args *a)
{
	int error = task_set_tls(current, user_ptr(a->arg[0]));

	if (!error) {
		platform_load_tls(current->tls);
	}
	return error;
}
