// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Thread areas: descriptors that a program may load into GS. Whatever it asks
 * for, they are ones of data for ring 3: nothing else can be in the task's
 * part of the GDT.
 */
#include "guest/gnomon/task.h"

#include "guest/gnomon/layout.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/sched.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/uaccess.h"

#define HIGH_DATA  0x0040f100u /* present, ring 3, 32 bits, accessed */
#define HIGH_WRITE 0x00000200u
#define HIGH_DOWN  0x00000400u
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

	high |= d->flags & DESC_READ_ONLY ? 0 : HIGH_WRITE;
	high |= d->flags & DESC_DOWN ? HIGH_DOWN : 0;
	high |= d->flags & DESC_LIMIT_IN_PAGES ? HIGH_PAGES : 0;
	return is_empty(d) ? 0 : (uint64_t)high << 32 | low;
}

int task_set_tls(struct task *t, uint32_t from)
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
	int error = task_set_tls(current, a->arg[0]);

	if (!error) {
		platform_load_tls(current->tls);
	}
	return error;
}
