// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Futexes: sleeping until another thread changes a word of memory.
 *
 * A word in shared memory is the same for everybody who maps it: it is named
 * by file and page. All others belong to an address space.
 * Waiters live on the stacks of those who wait.
 */
#include "guest/gnomon/futex.h"

#include <stdbool.h>
#include <stddef.h>

#include "guest/gnomon/layout.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/futex.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/user_time.h"
#include "guest/gnomon/vm.h"

#define BUCKETS 64

struct key {
	const void *owner;
	uint32_t page, offset;
};

struct waiter {
	struct key key;
	uint32_t bits;
	bool is_woken;
	struct wait_queue queue;
	struct waiter *next;
};

static struct waiter *buckets[BUCKETS];

static bool is_same(const struct key *a, const struct key *b)
{
	return a->owner == b->owner && a->page == b->page &&
	       a->offset == b->offset;
}

static struct waiter **bucket(const struct key *k)
{
	return &buckets[((uint32_t)k->owner / 16 ^ k->page ^ k->offset / 4) %
			BUCKETS];
}

static int find_key(uint32_t at, struct key *k)
{
	const struct vm_area *a;

	if (at & 3) {
		return -EINVAL;
	}
	a = vm_find(current->vm, at);
	if (!a) {
		return -EFAULT;
	}
	*k = (struct key){ current->vm, at >> PAGE_SHIFT, at & PAGE_MASK };
	if (a->flags & VM_SHARED) {
		k->owner = a->inode;
		k->page = a->page + ((at - a->start) >> PAGE_SHIFT);
	}
	return 0;
}

/* In order of arrival. */
static void enqueue(struct waiter *w)
{
	struct waiter **link = bucket(&w->key);

	while (*link) {
		link = &(*link)->next;
	}
	w->next = NULL;
	*link = w;
}

static void dequeue(struct waiter *w)
{
	struct waiter **link = bucket(&w->key);

	while (*link != w) {
		link = &(*link)->next;
	}
	*link = w->next;
}

static long wait(uint32_t at, uint32_t value, uint64_t deadline, uint32_t bits)
{
	struct waiter w = { .bits = bits };
	uint32_t is;
	int error = bits ? find_key(at, &w.key) : -EINVAL;

	if (!error && read_user_u32(&is, at)) {
		error = -EFAULT;
	}
	if (error) {
		return error;
	}
	if (is != value) {
		return -EAGAIN;
	}
	enqueue(&w);
	error = wait_on(&w.queue, deadline);
	if (!w.is_woken) {
		dequeue(&w);
		return error ? error : -EAGAIN;
	}
	return 0;
}

static long wake(uint32_t at, uint32_t n, uint32_t bits)
{
	struct waiter **link;
	struct key k;
	long woken = 0;
	int error = bits ? find_key(at, &k) : -EINVAL;

	if (error) {
		return error;
	}
	link = bucket(&k);
	while (*link && woken < (long)n) {
		struct waiter *w = *link;

		if (!is_same(&w->key, &k) || !(w->bits & bits)) {
			link = &w->next;
			continue;
		}
		*link = w->next;
		w->is_woken = true;
		wait_wake(&w->queue);
		woken++;
	}
	return woken;
}

void futex_wake_address(uint32_t at)
{
	wake(at, 1, FUTEX_BITSET_ALL);
}

/* Wake @n of those at @at, and let up to @limit of the rest wait at @to. */
static long requeue(uint32_t at, uint32_t n, uint32_t to, uint32_t limit)
{
	struct waiter **link;
	struct key from, target;
	long moved = 0, woken;
	int error = find_key(at, &from);

	if (!error) {
		error = find_key(to, &target);
	}
	if (error) {
		return error;
	}
	woken = wake(at, n, FUTEX_BITSET_ALL);
	link = bucket(&from);
	while (*link && moved < (long)limit && !is_same(&from, &target)) {
		struct waiter *w = *link;

		if (!is_same(&w->key, &from)) {
			link = &w->next;
			continue;
		}
		*link = w->next;
		w->key = target;
		enqueue(w);
		moved++;
	}
	return woken + moved;
}

static uint32_t at_most_max(uint32_t n)
{
	return n > INT32_MAX ? INT32_MAX : n;
}

/* FUTEX_WAIT's time is relative, that of the bit set form is not. */
static int get_deadline(const struct syscall_args *a, bool is_64,
			uint64_t *deadline)
{
	uint32_t op = a->arg[1];
	int error;

	if ((op & FUTEX_CMD) == FUTEX_WAIT || !a->arg[3]) {
		return user_deadline_get(a->arg[3], is_64, deadline);
	}
	error = user_time_get(a->arg[3], is_64, deadline);
	if (!error && (op & FUTEX_CLOCK_REALTIME)) {
		*deadline = user_time_of_wall(*deadline);
	}
	*deadline += !*deadline;
	return error;
}

/* address, operation, value, timeout or second value, second address, third */
static long futex(const struct syscall_args *a, bool is_64)
{
	uint64_t deadline;
	uint32_t is;
	int error;

	switch (a->arg[1] & FUTEX_CMD) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
		error = get_deadline(a, is_64, &deadline);
		return error ? error
			     : wait(a->arg[0], a->arg[2], deadline,
				    (a->arg[1] & FUTEX_CMD) == FUTEX_WAIT
					    ? FUTEX_BITSET_ALL
					    : a->arg[5]);
	case FUTEX_WAKE:
		return wake(a->arg[0], at_most_max(a->arg[2]),
			    FUTEX_BITSET_ALL);
	case FUTEX_WAKE_BITSET:
		return wake(a->arg[0], at_most_max(a->arg[2]), a->arg[5]);
	case FUTEX_CMP_REQUEUE:
		if (read_user_u32(&is, a->arg[0])) {
			return -EFAULT;
		}
		if (is != a->arg[5]) {
			return -EAGAIN;
		}
		/* fallthrough */
	case FUTEX_REQUEUE:
		return requeue(a->arg[0], at_most_max(a->arg[2]), a->arg[4],
			       at_most_max(a->arg[3]));
	default:
		return -ENOSYS;
	}
}

long sys_futex(const struct syscall_args *a)
{
	return futex(a, false);
}

long sys_futex_time64(const struct syscall_args *a)
{
	return futex(a, true);
}
