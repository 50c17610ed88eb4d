// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Thread areas. Whatever a program asks for, its descriptors are ones of
 * data or readable code for ring 3: nothing else can be in the task's part of
 * the GDT.
 */
#include "guest/gnomon/task_tls.h"

#include "guest/gnomon/layout.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/sched.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"

#define DESC_LOW_TYPE 0xf100u /* present, ring 3, no gate, accessed */
#define TYPE_WRITE    0x0200u /* of code: readable */
#define TYPE_DOWN     0x0400u
#define TYPE_CODE     0x0800u
#define HIGH_AVL      0x00100000u
#define HIGH_32BIT    0x00400000u
#define HIGH_PAGES    0x00800000u

static bool is_empty(const struct linux_user_desc *d)
{
	return !d->base && !d->limit &&
	       (d->flags | DESC_USEABLE) ==
		       (DESC_READ_ONLY | DESC_NOT_PRESENT | DESC_USEABLE);
}

/* SDM 3A 3.4.5 "Segment Descriptors" */
static uint64_t descriptor(const struct linux_user_desc *d)
{
	uint32_t contents = d->flags & DESC_CONTENTS;
	uint32_t low = (d->base << 16) | (d->limit & 0xffff);
	uint32_t high = (d->base & 0xff000000u) | (d->base >> 16 & 0xff) |
			(d->limit & 0x000f0000u) | DESC_LOW_TYPE;

	if (is_empty(d) || (d->flags & DESC_NOT_PRESENT)) {
		return 0;
	}
	if (contents & 4) {
		high |= TYPE_CODE | TYPE_WRITE;
	} else {
		high |= d->flags & DESC_READ_ONLY ? 0 : TYPE_WRITE;
		high |= contents ? TYPE_DOWN : 0;
	}
	high |= d->flags & DESC_32BIT ? HIGH_32BIT : 0;
	high |= d->flags & DESC_LIMIT_IN_PAGES ? HIGH_PAGES : 0;
	high |= d->flags & DESC_USEABLE ? HIGH_AVL : 0;
	return (uint64_t)high << 32 | low;
}

int task_set_tls(struct task *t, uint32_t from)
{
	struct linux_user_desc d;
	uint32_t i;

	if (copy_from_user(&d, from, sizeof(d))) {
		return -EFAULT;
	}
	if (d.number == UINT32_MAX) {
		for (i = 0; i < TLS_ENTRIES && t->tls[i]; i++) {
		}
		if (i == TLS_ENTRIES) {
			return -ESRCH;
		}
		if (write_user_u32(from, GDT_TLS + i)) {
			return -EFAULT;
		}
	} else {
		i = d.number - GDT_TLS;
		if (i >= TLS_ENTRIES) {
			return -EINVAL;
		}
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

long sys_get_thread_area(const struct syscall_args *a)
{
	struct linux_user_desc d;
	uint32_t low, high, i;

	if (read_user_u32(&d.number, a->arg[0])) {
		return -EFAULT;
	}
	i = d.number - GDT_TLS;
	if (i >= TLS_ENTRIES) {
		return -EINVAL;
	}
	low = (uint32_t)current->tls[i];
	high = (uint32_t)(current->tls[i] >> 32);
	d.base = low >> 16 | (high & 0xff) << 16 | (high & 0xff000000u);
	d.limit = (low & 0xffff) | (high & 0xf0000);
	d.flags = (high & HIGH_32BIT ? DESC_32BIT : 0) |
		  (high & TYPE_CODE   ? 4
		   : high & TYPE_DOWN ? 2
				      : 0) |
		  (high & TYPE_WRITE ? 0 : DESC_READ_ONLY) |
		  (high & HIGH_PAGES ? DESC_LIMIT_IN_PAGES : 0) |
		  (high ? 0 : DESC_NOT_PRESENT) |
		  (high & HIGH_AVL ? DESC_USEABLE : 0);
	return copy_to_user(a->arg[0], &d, sizeof(d));
}
