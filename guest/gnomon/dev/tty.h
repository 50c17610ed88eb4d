/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one terminal, on the console: line discipline and job control.
 */
#pragma once

#include "guest/gnomon/fs/file.h"
#include "guest/gnomon/linux/ioctl.h"
#include "guest/gnomon/task/task.h"

#define TTY_INPUT 4096u /* power of two */

/* Beside a byte of the input; the highest bits are the width of its echo. */
#define TTY_LINE_END 0x100u
#define TTY_EOF	     0x200u /* a line end that is no byte */

struct tty {
	struct linux_termios mode;
	struct linux_winsize size;
	/* The session whose terminal it is, its foreground group; 0: none. */
	int32_t session, group;

	/*
	 * The input. Counters that wrap: read up to head, finished lines up
	 * to line, the line that is being edited up to tail; in raw mode
	 * there is no such line.
	 */
	uint16_t input[TTY_INPUT];
	uint32_t head, line, tail;
	uint32_t column; /* of the cursor */

	bool is_stopped; /* output: Ctrl-S */
	struct wait_queue readable, writable;
};

extern struct tty tty;
extern const struct file_ops tty_file_ops;

static inline bool tty_is_canonical(void)
{
	return tty.mode.lflag & ICANON;
}

/* How much a reader could have now. */
static inline uint32_t tty_available(void)
{
	return tty.line - tty.head;
}

/* --- tty.c --- */

/* Starts the console. */
void tty_init(void);
/* open(): @may_take: it may become the terminal of the session. */
int tty_open(struct file *f, bool may_take);

/* Bytes that were typed. Returns how many fit. */
uint32_t tty_input(const char *bytes, uint32_t n);
uint32_t tty_room(void);

/* --- tty_line.c --- */

/* One byte that was typed. */
void tty_type(uint8_t c);
/* From a program, or an echo; shown by tty_flush_output() at the latest. */
void tty_output(const char *bytes, uint32_t n);
void tty_flush_output(void);
void tty_flush_input(void);
void tty_set_stopped(bool is_stopped);

/* --- tty_job.c --- */

/* Is it the terminal of the current process's session? */
bool tty_is_mine(void);
/*
 * May the current process use its terminal, or must it be stopped by @signal?
 * 0, -ERESTARTSYS: it got the signal, or -EIO: it would not hear it.
 */
int tty_check_job(uint32_t signal);
/*
 * The terminal becomes that of the current process's session, which it leads;
 * @steal: even if it is another's. 0 or -EPERM.
 */
long tty_take(bool steal);
long tty_ioctl(struct file *f, uint32_t request, uint32_t arg);
/* The leader of @session has ended. */
void tty_session_ended(int32_t session);
