// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The line discipline: what becomes of bytes on their way in and out.
 *
 * I1: head <= line <= tail <= head + TTY_INPUT, as differences.
 * I2: in canonical mode one place stays free for the end of the line, so
 * that a line that is too long can still be ended.
 *
 * LIMIT: flags for paper terminals, seven-bit lines and other ends of lines
 * than a newline are kept for who reads them back, and not looked at.
 *
 * Runs from the console's interrupt as well: nothing here sleeps. Read
 * tty_job.c next.
 */
#include "guest/gnomon/dev/console.h"
#include "guest/gnomon/dev/tty.h"
#include "guest/gnomon/task/signal.h"
#include "guest/gnomon/task/wait.h"
#include "guest/lib/newlib.h"

#define TAB_WIDTH   8u
#define DELETE	    0x7f
#define WIDTH_SHIFT 12 /* in the input: the columns that a byte's echo took */

#define CONTROL(letter) ((letter)&0x1f)

struct tty tty = {
	.mode = {
		.iflag = ICRNL | IXON,
		.oflag = OPOST | ONLCR,
		.cflag = B38400 | CS8 | CREAD | HUPCL,
		.lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL |
			 ECHOKE | IEXTEN,
		.cc = { [VINTR] = CONTROL('C'), [VQUIT] = CONTROL('\\'),
			[VERASE] = 0x7f, [VKILL] = CONTROL('U'),
			[VEOF] = CONTROL('D'), [VMIN] = 1,
			[VSTART] = CONTROL('Q'), [VSTOP] = CONTROL('S'),
			[VSUSP] = CONTROL('Z'), [VWERASE] = CONTROL('W') },
	},
	.size = { .rows = 24, .columns = 80 },
};

/* --- output --- */

static char pending[256];
static uint32_t pending_bytes;

/* Many small pieces are one write for the driver. */
void tty_flush_output(void)
{
	if (pending_bytes) {
		console_write(pending, pending_bytes);
		pending_bytes = 0;
	}
}

/* The column tells how wide an echo was, so that it can be taken back. */
static void put(char c)
{
	if (pending_bytes == sizeof(pending)) {
		tty_flush_output();
	}
	pending[pending_bytes++] = c;
	if (c == '\r') {
		tty.column = 0;
	} else if (c == '\b') {
		tty.column -= tty.column != 0;
	} else if (c == '\t') {
		tty.column += TAB_WIDTH - tty.column % TAB_WIDTH;
	} else if ((uint8_t)c >= ' ') {
		tty.column++;
	}
}

void tty_output(const char *bytes, uint32_t n)
{
	uint32_t newline = OPOST | ONLCR;

	while (n--) {
		if (*bytes == '\n' && (tty.mode.oflag & newline) == newline) {
			put('\r');
		}
		put(*bytes++);
	}
}

void tty_set_stopped(bool is_stopped)
{
	tty.is_stopped = is_stopped;
	if (!is_stopped) {
		wait_wake(&tty.writable);
	}
}

/* --- input --- */

/* Control characters are shown as ^ and a letter, if the mode says so. */
static void echo(uint8_t c)
{
	bool is_control = (c < ' ' && c != '\t' && c != '\n') || c == DELETE;
	char text[2] = { '^', (char)(c ^ 0x40) };

	if (!(tty.mode.lflag & ECHO)) {
		return;
	}
	if (is_control && (tty.mode.lflag & ECHOCTL)) {
		tty_output(text, 2);
	} else {
		tty_output((const char *)&c, 1);
	}
}

/* A byte or the end of a line. One that does not fit rings the bell. */
static void put_input(uint32_t c)
{
	bool is_end = !tty_is_canonical() || c >= TTY_LINE_END;
	uint32_t column = tty.column, width = 0;

	if (tty.tail - tty.head >= TTY_INPUT - !is_end) {
		tty_output("\a", 1);
		return;
	}
	if (c != TTY_EOF) {
		echo((uint8_t)c);
	}
	if (tty.column > column) {
		width = tty.column - column;
	}
	tty.input[tty.tail++ % TTY_INPUT] =
		(uint16_t)(c | width << WIDTH_SHIFT);
	if (is_end) {
		tty.line = tty.tail;
	}
}

void tty_flush_input(void)
{
	tty.head = tty.line = tty.tail;
}

/* --- editing --- */

/*
 * By VERASE the last byte of the line, by VWERASE blanks and the word before
 * them, by VKILL everything; the screen is mended by as many columns as each
 * byte took.
 */
static void erase(uint32_t key)
{
	bool in_word = false;

	while (tty.tail != tty.line) {
		uint16_t c = tty.input[(tty.tail - 1) % TTY_INPUT];
		bool is_blank = (uint8_t)c == ' ';

		if (key == VWERASE && in_word && is_blank) {
			return;
		}
		in_word |= !is_blank;
		tty.tail--;
		for (uint32_t k = 0; k < c >> WIDTH_SHIFT; k++) {
			tty_output("\b \b", 3);
		}
		if (key == VERASE) {
			return;
		}
	}
}

/* --- what a byte means --- */

static bool is_key(uint8_t c, uint32_t key)
{
	return c && c == tty.mode.cc[key];
}

/* In canonical mode: the keys that change the line, or end it. */
static void type_line(uint8_t c)
{
	if (is_key(c, VERASE)) {
		erase(VERASE);
	} else if (is_key(c, VKILL)) {
		erase(VKILL);
	} else if (is_key(c, VWERASE)) {
		erase(VWERASE);
	} else if (is_key(c, VEOF)) {
		put_input(TTY_EOF);
	} else {
		put_input(c == '\n' ? c | TTY_LINE_END : c);
	}
}

/* The signal that a key sends to the foreground; 0: none. */
static uint32_t signal_of(uint8_t c)
{
	return !(tty.mode.lflag & ISIG) ? 0
	       : is_key(c, VINTR)	? SIGINT
	       : is_key(c, VQUIT)	? SIGQUIT
	       : is_key(c, VSUSP)	? SIGTSTP
					: 0;
}

static void type_signal(uint8_t c)
{
	tty_flush_input();
	tty_set_stopped(false);
	echo(c);
	signal_send_group(tty.group, signal_of(c));
}

void tty_type(uint8_t c)
{
	bool is_flow = (tty.mode.iflag & IXON) &&
		       (is_key(c, VSTART) || is_key(c, VSTOP));

	if (c == '\r' && (tty.mode.iflag & ICRNL)) {
		c = '\n';
	}
	if (is_flow) {
		tty_set_stopped(is_key(c, VSTOP));
	} else if (signal_of(c)) {
		type_signal(c);
	} else if (tty_is_canonical()) {
		type_line(c);
	} else {
		put_input(c);
	}
}
