// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System call: the kernel's own lines, for dmesg.
 */
#include "guest/gnomon/lib/log.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/task.h"
#include "guest/gnomon/task/wait.h"

/* In the log: where READ and READ_ALL go on. */
static uint32_t unread, uncleared;
static struct wait_queue log_readers;
static char level_before; /* until the console was off, or 0 */

/* Of Linux: what syslog() is to do. */
#define CLOSE	     0
#define OPEN	     1
#define READ	     2
#define READ_ALL     3
#define READ_CLEAR   4
#define CLEAR	     5
#define CONSOLE_OFF  6
#define CONSOLE_ON   7
#define SET_LEVEL    8
#define COUNT_UNREAD 9
#define COUNT_ALL    10

#define LEVEL_LOWEST  1 /* shows panics alone */
#define LEVEL_HIGHEST 8

/* Memory for the copy may cost a line itself. */
static long copy_kept(struct user_ptr to, uint32_t at, uint32_t n)
{
	uint32_t k;

	for (k = 0; k < n; k++) {
		if (copy_to_user(user_rest(to, k), log_byte(at + k), 1)) {
			return -EFAULT;
		}
	}
	return (long)n;
}

/* What has made room for newer lines cannot be read any more. */
static void skip_lost(void)
{
	uint32_t start = log_start();

	unread = (int32_t)(unread - start) < 0 ? start : unread;
	uncleared = (int32_t)(uncleared - start) < 0 ? start : uncleared;
}

static void wake_readers(void)
{
	wait_wake(&log_readers);
}

/* Up to @n bytes, the newest, which can be read again. */
static long read_all(struct user_ptr to, uint32_t n)
{
	uint32_t held = log_end() - uncleared;

	n = n < held ? n : held;
	return copy_kept(to, log_end() - n, n);
}

/* Up to @n bytes, the oldest that nobody has read; waits until there are. */
static long read_next(struct user_ptr to, uint32_t n)
{
	uint32_t at;
	int error = 0;

	log_set_listener(wake_readers);
	while (n && unread == log_end() && !error) {
		error = wait_on(&log_readers, 0);
	}
	if (error) {
		return error;
	}
	skip_lost();
	at = unread;
	n = n < log_end() - at ? n : log_end() - at;
	unread += n;
	return copy_kept(to, at, n);
}

static long read_log(uint32_t action, struct user_ptr to, uint32_t n)
{
	if (!to.at || (int32_t)n < 0) {
		return -EINVAL;
	}
	return action == READ ? read_next(to, n) : read_all(to, n);
}

/* It switches the console on as well. */
static long set_level(uint32_t level)
{
	if (level < LEVEL_LOWEST || level > LEVEL_HIGHEST) {
		return -EINVAL;
	}
	log_hidden_level = (char)('0' + level);
	level_before = 0;
	return 0;
}

static long switch_console(uint32_t action)
{
	char before = level_before ? level_before : log_hidden_level;

	log_hidden_level = action == CONSOLE_ON ? before : '0' + LEVEL_LOWEST;
	level_before = action == CONSOLE_ON ? 0 : before;
	return 0;
}

/* action, buffer, its size or a level */
long sys_syslog(const struct syscall_args *a)
{
	uint32_t action = a->arg[0];
	long result = 0;

	skip_lost();
	switch (action) {
	case CLOSE:
	case OPEN:
		return 0;
	case READ:
	case READ_ALL:
	case READ_CLEAR:
		result = read_log(action, user_ptr(a->arg[1]), a->arg[2]);
		break;
	case CLEAR:
		break;
	case CONSOLE_OFF:
	case CONSOLE_ON:
		return switch_console(action);
	case SET_LEVEL:
		return set_level(a->arg[2]);
	case COUNT_UNREAD:
		return (long)(log_end() - unread);
	case COUNT_ALL:
		return LOG_SIZE;
	default:
		return -EINVAL;
	}
	if (result >= 0 && (action == CLEAR || action == READ_CLEAR)) {
		uncleared = log_end();
	}
	return result;
}
