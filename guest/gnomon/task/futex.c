// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Futexes: sleeping until another thread changes a word of memory.
 *
 * All who wait are in one queue, in order of arrival; each says for what. A
 * word in shared memory is the same for everybody who maps it: it is named by
 * file and page. All others belong to an address space.
 *
 * LIMIT: the set of FUTEX_WAIT_BITSET, which C libraries use for its deadline,
 * is not looked at, and there is no FUTEX_WAKE_BITSET to go with it.
 */
#include "guest/gnomon/task/futex.h"

#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/linux/futex.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/task.h"
#include "guest/gnomon/task/user_time.h"
#include "guest/gnomon/task/wait.h"
#include "guest/gnomon/vm/vm.h"

static struct wait_queue waiters;

static int find_key(struct user_ptr at, struct futex_key *k)
{
	const struct vm_area *a;

	if (at.at & 3) {
		return -EINVAL;
	}
	a = vm_find(current->vm, at.at);
	if (!a) {
		return -EFAULT;
	}
	*k = (struct futex_key){ current->vm, at.at };
	if (a->flags & VM_SHARED) {
		*k = (struct futex_key){
			a->inode, at.at - a->start + a->page * PAGE_SIZE
		};
	}
	return 0;
}

static long wait(struct user_ptr at, uint32_t value, uint64_t deadline)
{
	uint32_t is;
	int error = find_key(at, &current->futex);

	if (!error) {
		error = read_user_u32(&is, at);
	}
	if (!error && is != value) {
		error = -EAGAIN;
	}
	return error ? error : wait_on(&waiters, deadline);
}

/* Wake @n of those that wait at @at, let up to @limit others wait at @to. */
static long wake(struct user_ptr at, uint32_t n, struct user_ptr to,
		 uint32_t limit)
{
	struct futex_key from, target;
	struct task *next;
	uint32_t woken = 0, moved = 0;
	int error = find_key(at, &from);

	if (!error && to.at != at.at) {
		error = find_key(to, &target);
	}
	if (error) {
		return error;
	}
	for (struct task *t = waiters.first; t; t = next) {
		next = t->queue_next;
		if (t->futex.owner != from.owner || t->futex.at != from.at) {
			continue;
		}
		if (woken < n) {
			wait_end(t, 0);
			woken++;
		} else if (moved < limit) {
			t->futex = target;
			moved++;
		}
	}
	return (long)(woken + moved);
}

void futex_wake_address(struct user_ptr at)
{
	wake(at, 1, at, 0);
}

/* address, operation, value, timeout or second value, second address, third */
static long futex(const uint32_t *arg, enum user_time form)
{
	uint32_t command = arg[1] & FUTEX_CMD;
	enum user_since since = command == FUTEX_WAIT ? USER_FROM_NOW
				: arg[1] & FUTEX_CLOCK_REALTIME
					? USER_FROM_1970
					: USER_FROM_BOOT;
	uint64_t deadline;
	uint32_t is;
	int error;

	switch (command) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
		error = user_deadline_get(user_ptr(arg[3]), form, since,
					  &deadline);
		return error ? error : wait(user_ptr(arg[0]), arg[2], deadline);
	case FUTEX_WAKE:
		return wake(user_ptr(arg[0]), arg[2], user_ptr(arg[0]), 0);
	case FUTEX_CMP_REQUEUE:
		error = read_user_u32(&is, user_ptr(arg[0]));
		if (error || is != arg[5]) {
			return error ? error : -EAGAIN;
		}
		/* fallthrough */
	case FUTEX_REQUEUE:
		return wake(user_ptr(arg[0]), arg[2], user_ptr(arg[4]), arg[3]);
	default:
		return -ENOSYS;
	}
}

SYSCALL(futex, futex(arg, USER_TIMESPEC))
SYSCALL(futex_time64, futex(arg, USER_TIMESPEC64))
