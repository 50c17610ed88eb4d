// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Between the terminal and what carries its bytes: the virtio console where
 * there is one, else whatever the platform has by itself. The kernel's own
 * lines, and its last words.
 */
#include "guest/gnomon/dev/console.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "guest/gnomon/arch/irq.h"
#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/dev/tty.h"
#include "guest/gnomon/lib/log.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/wait.h"
#include "guest/lib/newlib.h"
#include "guest/lib/virtio_console.h"

#define INPUT_MAX 64
#define LINE_MAX  200
#define LOG_SIZE  8192u
#define UART_LINE 4

static bool has_virtio;
static bool is_panicking; /* last words go where no driver is needed */

/* --- the terminal's bytes ------------------------------------------------- */

/* Bytes stay where they are for as long as the terminal has no room. */
static uint32_t take(char bytes[INPUT_MAX])
{
	uint32_t room = tty_room() < INPUT_MAX ? tty_room() : INPUT_MAX;

	return has_virtio ? vconsole_read(bytes, room)
			  : platform->read(bytes, room);
}

void console_input_room(void)
{
	char bytes[INPUT_MAX];
	uint32_t n;

	while ((n = take(bytes))) {
		tty_input(bytes, n);
	}
}

static void interrupt(void)
{
	if (!has_virtio || vconsole_interrupt()) {
		console_input_room();
	}
}

void console_init(void)
{
	int line = vconsole_open();
	struct linux_winsize size = tty.size;

	has_virtio = line > 0;
	if (has_virtio && vconsole_size(&size.columns, &size.rows)) {
		tty.size = size;
	}
	if (!has_virtio && !platform->read) {
		panic("no console");
	}
	irq_set_handler(has_virtio ? (uint32_t)line : UART_LINE, interrupt);
	/* What was typed before raises no interrupt. */
	console_input_room();
}

void console_write(const char *bytes, uint32_t n)
{
	if (has_virtio && !is_panicking) {
		vconsole_write(bytes, n);
	} else {
		platform->write(bytes, n);
	}
}

/* --- the kernel's lines --------------------------------------------------- */

/* As syslog() gives them: "<level>text". Counters that wrap. */
static char kept[LOG_SIZE];
static uint32_t kept_start, kept_end;
static uint32_t unread, uncleared; /* where READ and READ_ALL go on */
static struct wait_queue log_readers;
static char hidden_level = '7'; /* this and above are not shown */
static char level_before; /* until the console was off, or 0 */

/* Whole lines make room for a new one, which is shorter than the log. */
static void keep(const char *line)
{
	uint32_t end = kept_end + strlen(line);

	while (end - kept_start > LOG_SIZE) {
		while (kept[kept_start++ % LOG_SIZE] != '\n') {
		}
	}
	unread = (int32_t)(unread - kept_start) < 0 ? kept_start : unread;
	uncleared = (int32_t)(uncleared - kept_start) < 0 ? kept_start
							  : uncleared;
	while (kept_end != end) {
		kept[kept_end++ % LOG_SIZE] = *line++;
	}
	if (!is_panicking) {
		wait_wake(&log_readers);
	}
}

/* @start is "<level>" and the first words. */
static void put_line(const char *start, const char *fmt, va_list args)
{
	char line[LINE_MAX];
	uint32_t n = strlen(strcpy(line, start));

	vsnprintf(line + n, sizeof(line) - n - 2, fmt, args);
	n = strlen(strcat(line, "\n"));
	keep(line);
	if (line[1] < hidden_level) {
		memcpy(line + n - 1, "\r\n", 2);
		console_write("gnomon: ", 8);
		console_write(line + 3, n - 2);
	}
}

void log_debug(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put_line("<7>", fmt, args);
	va_end(args);
}

void log_info(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put_line("<6>", fmt, args);
	va_end(args);
}

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
		if (copy_to_user(user_rest(to, k), &kept[(at + k) % LOG_SIZE],
				 1)) {
			return -EFAULT;
		}
	}
	return (long)n;
}

/* Up to @n bytes, the newest, which can be read again. */
static long read_all(struct user_ptr to, uint32_t n)
{
	uint32_t held = kept_end - uncleared;

	n = n < held ? n : held;
	return copy_kept(to, kept_end - n, n);
}

/* Up to @n bytes, the oldest that nobody has read; waits until there are. */
static long read_next(struct user_ptr to, uint32_t n)
{
	uint32_t at;
	int error = 0;

	while (n && unread == kept_end && !error) {
		error = wait_on(&log_readers, 0);
	}
	if (error) {
		return error;
	}
	at = unread;
	n = n < kept_end - at ? n : kept_end - at;
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
	hidden_level = (char)('0' + level);
	level_before = 0;
	return 0;
}

static long switch_console(uint32_t action)
{
	char before = level_before ? level_before : hidden_level;

	hidden_level = action == CONSOLE_ON ? before : '0' + LEVEL_LOWEST;
	level_before = action == CONSOLE_ON ? 0 : before;
	return 0;
}

/* action, buffer, its size or a level */
long sys_syslog(const struct syscall_args *a)
{
	uint32_t action = a->arg[0];
	long result = 0;

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
		return (long)(kept_end - unread);
	case COUNT_ALL:
		return LOG_SIZE;
	default:
		return -EINVAL;
	}
	if (result >= 0 && (action == CLEAR || action == READ_CLEAR)) {
		uncleared = kept_end;
	}
	return result;
}

/* A panic on the way is the end without words. */
void panic(const char *fmt, ...)
{
	bool is_first = !is_panicking;
	va_list args;

	is_panicking = true;
	va_start(args, fmt);
	if (is_first) {
		put_line("<0>panic: ", fmt, args);
	}
	va_end(args);
	platform->crash();
}
