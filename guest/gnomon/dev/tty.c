// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The terminal as a file: who may read what, and when.
 *
 * Input that finds no room stays with the console's driver, which is told
 * when there is some again; nothing that was typed is lost but what an
 * endless line leaves no other choice for. Read tty_line.c next.
 */
#include "guest/gnomon/dev/tty.h"

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/dev/console.h"
#include "guest/gnomon/task/wait.h"

#define TURN	     0x4000u /* a console can be slow */
#define NS_PER_TENTH 100000000u /* the unit of VTIME */

uint32_t tty_room(void)
{
	uint32_t room = TTY_INPUT - (tty.tail - tty.head);

	/* A line without end must not keep its own end out, nor Ctrl-C. */
	if (!room || (room == 1 && tty_is_canonical())) {
		return tty_is_canonical() && tty.line == tty.head;
	}
	return room;
}

/* Readers are woken once for all that came, echo is written once. */
uint32_t tty_input(const char *bytes, uint32_t n)
{
	uint32_t done = 0;

	while (done < n && tty_room()) {
		tty_type((uint8_t)bytes[done++]);
	}
	tty_flush_output();
	if (tty_available()) {
		wait_wake(&tty.readable);
	}
	return done;
}

/*
 * Wait for a line, or as VMIN and VTIME say: with VMIN, the time is that from
 * one byte to the next; without, it is that of the whole read(), which ends
 * with the first.
 */
static int wait_for_input(const struct file *f, uint32_t n)
{
	bool is_raw = !tty_is_canonical();
	uint32_t least = is_raw ? tty.mode.cc[VMIN] : 1;
	uint64_t patience =
		is_raw ? (uint64_t)tty.mode.cc[VTIME] * NS_PER_TENTH : 0;
	uint32_t wanted = least ? (least < n ? least : n) : patience != 0;
	uint64_t deadline = 0;
	int error = 0;

	while (!error && tty_available() < wanted) {
		if (patience && (!least || tty_available())) {
			deadline = platform_now() + patience;
		}
		error = file_wait(f, &tty.readable, deadline);
	}
	return error == -ETIMEDOUT || tty_available() ? 0 : error;
}

/* Move up to @n bytes of the input to the program, or to the end of a line. */
static long take(struct user_ptr buf, uint32_t n)
{
	uint32_t ends = tty_is_canonical() ? TTY_LINE_END | TTY_EOF : 0;
	uint32_t done = 0;
	uint16_t c = 0;

	while (tty_available() && !(c & ends)) {
		c = tty.input[tty.head % TTY_INPUT];
		if (done == n && !(c & TTY_EOF)) {
			break;
		}
		tty.head++;
		if (!(c & TTY_EOF) &&
		    copy_to_user(user_rest(buf, done++), &c, 1)) {
			return -EFAULT;
		}
	}
	return (long)done;
}

static long tty_read(struct file *f, struct user_ptr buf, uint32_t n,
		     uint64_t *position)
{
	int error = tty_check_job(SIGTTIN);
	long done;

	(void)position;
	if (!error && n) {
		error = wait_for_input(f, n);
	}
	if (error || !n) {
		return error;
	}
	done = take(buf, n);
	console_input_room();
	return done;
}

/* Through a buffer, for each byte may become two on the way out. */
static long tty_write(struct file *f, struct buffer from, uint32_t n,
		      uint64_t *position)
{
	static char part[512];
	uint32_t done = 0, k;
	int error = tty.mode.lflag & TOSTOP ? tty_check_job(SIGTTOU) : 0;

	(void)position;
	while (!error && done < n) {
		if (tty.is_stopped) {
			error = file_wait(f, &tty.writable, 0);
			continue;
		}
		if (done && !(done % TURN) && (error = cond_resched())) {
			break;
		}
		k = n - done < sizeof(part) ? n - done : sizeof(part);
		error = copy_from_buffer(part, buffer_rest(from, done), k);
		if (!error) {
			tty_output(part, k);
			done += k;
		}
	}
	tty_flush_output();
	return done ? (long)done : error;
}

/* As much as read() would wait for. */
static uint32_t tty_poll(struct file *f)
{
	bool is_any = tty_is_canonical() || tty.mode.cc[VTIME];
	uint32_t wanted = is_any ? 1 : tty.mode.cc[VMIN];

	(void)f;
	return (tty_available() && tty_available() >= wanted ? POLLIN : 0) |
	       (tty.is_stopped ? 0 : POLLOUT);
}

const struct file_ops tty_file_ops = {
	.read = tty_read,
	.write = tty_write,
	.poll = tty_poll,
	.ioctl = tty_ioctl,
	.is_stream = true,
};

int tty_open(struct file *f, bool may_take)
{
	f->ops = &tty_file_ops;
	if (may_take) {
		tty_take(false);
	}
	return 0;
}

void tty_init(void)
{
	static const struct console_input input = { tty_room, tty_input };
	struct linux_winsize size = tty.size;

	console_init(&input);
	if (console_size(&size.columns, &size.rows)) {
		tty.size = size;
	}
}
