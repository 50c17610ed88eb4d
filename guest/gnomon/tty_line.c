// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The line discipline: what becomes of bytes on their way in and out.
 *
 * I1: head <= line <= tail <= head + TTY_INPUT, as differences.
 * I2: in canonical mode one place stays free for the end of the line, so
 * that a line that is too long can still be ended.
 *
 * Runs from the console's interrupt as well: nothing here sleeps. Read
 * tty_job.c next.
 */
#include <string.h>

#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/signal.h"
#include "guest/gnomon/tty.h"
#include "guest/gnomon/tty_priv.h"

#define TAB_WIDTH 8
#define DELETE	  0x7f

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

static void put_raw(char c)
{
	if (pending_bytes == sizeof(pending)) {
		tty_flush_output();
	}
	pending[pending_bytes++] = c;
}

/* Where the cursor is, so that tabs can be taken back. */
static void move_column(uint8_t c)
{
	if (c == '\r' || c == '\n') {
		tty.column = 0;
	} else if (c == '\b') {
		tty.column -= tty.column != 0;
	} else if (c == '\t') {
		tty.column = (tty.column | (TAB_WIDTH - 1)) + 1;
	} else if (c >= ' ') {
		tty.column++;
	}
}

static void put_processed(uint8_t c)
{
	uint32_t flags = tty.mode.oflag;

	if (c == '\n' && (flags & ONLCR)) {
		put_raw('\r');
	}
	if (c == '\r' && (flags & OCRNL)) {
		c = '\n';
	}
	if (c == '\t' && (flags & TABDLY) == XTABS) {
		uint32_t n = TAB_WIDTH - tty.column % TAB_WIDTH;

		tty.column += n;
		while (n--) {
			put_raw(' ');
		}
		return;
	}
	put_raw((char)c);
	move_column(c);
}

void tty_output(const char *bytes, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++) {
		if (tty.mode.oflag & OPOST) {
			put_processed((uint8_t)bytes[k]);
		} else {
			put_raw(bytes[k]);
		}
	}
}

void tty_set_stopped(bool is_stopped)
{
	tty.is_stopped = is_stopped;
	if (!is_stopped) {
		wait_wake(&tty.writable);
	}
}

/* --- echo --- */

static bool has_flag(uint32_t flag)
{
	return tty.mode.lflag & flag;
}

static bool is_control(uint8_t c)
{
	return (c < ' ' && c != '\t' && c != '\n') || c == DELETE;
}

/* Control characters are shown as ^ and a letter, if the mode says so. */
static void show(uint8_t c)
{
	char text[2] = { (char)c };

	if (is_control(c) && has_flag(ECHOCTL)) {
		text[0] = '^';
		text[1] = (char)(c ^ 0x40);
		tty_output(text, 2);
	} else {
		tty_output(text, 1);
	}
}

static void echo(uint8_t c)
{
	if (has_flag(ECHO) || (c == '\n' && has_flag(ECHONL))) {
		show(c);
	}
}

/* Columns that byte @at of the line being edited takes on the screen. */
static uint32_t width_at(uint32_t at)
{
	uint32_t column = tty.line_column, width = 0;

	for (uint32_t k = tty.line; k - tty.line <= at - tty.line; k++) {
		uint8_t c = (uint8_t)tty.input[k % TTY_INPUT];

		if (c == '\t') {
			width = TAB_WIDTH - column % TAB_WIDTH;
		} else if (is_control(c)) {
			width = has_flag(ECHOCTL) ? 2 : 0;
		} else {
			width = 1;
		}
		column += width;
	}
	return width;
}

/* --- editing --- */

static void put_input(uint16_t c)
{
	if (tty.tail == tty.line) {
		tty.line_column = tty.column;
	}
	tty.input[tty.tail++ % TTY_INPUT] = c;
}

/* The place that I2 keeps free is for this. */
static void end_line(uint16_t c)
{
	if (tty.tail - tty.head < TTY_INPUT) {
		put_input(c);
		tty.line = tty.tail;
	}
}

/* A byte without a meaning. One that does not fit rings the bell. */
static void put_ordinary(uint8_t c)
{
	bool is_full = tty.tail - tty.head >= TTY_INPUT - tty_is_canonical();

	if (is_full) {
		tty_output("\a", 1);
		return;
	}
	put_input(c);
	echo(c);
	if (!tty_is_canonical()) {
		tty.line = tty.tail;
	}
}

/* There is one. The screen is mended by as many columns as it took. */
static void erase_last(void)
{
	uint32_t width = width_at(tty.tail - 1);

	tty.tail--;
	if (!has_flag(ECHO)) {
		return;
	}
	if (!has_flag(ECHOE)) {
		show(tty.mode.cc[VERASE]);
		return;
	}
	while (width--) {
		tty_output("\b \b", 3);
	}
}

static bool is_word(uint16_t c)
{
	uint8_t lower = (uint8_t)(c | 0x20);

	return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') ||
	       c == '_' || c >= 0x80;
}

/* What is no word, and the word before it. */
static void erase_word(void)
{
	bool in_word = false;

	while (tty.tail != tty.line) {
		bool word = is_word(tty.input[(tty.tail - 1) % TTY_INPUT]);

		if (in_word && !word) {
			return;
		}
		in_word = word;
		erase_last();
	}
}

static void kill_line(void)
{
	if (has_flag(ECHO) && !(has_flag(ECHOE) && has_flag(ECHOKE))) {
		tty.tail = tty.line;
		show(tty.mode.cc[VKILL]);
		if (has_flag(ECHOK)) {
			tty_output("\n", 1);
		}
		return;
	}
	while (tty.tail != tty.line) {
		erase_last();
	}
}

/* After output of others has torn the line apart. */
static void reprint(void)
{
	show(tty.mode.cc[VREPRINT]);
	tty_output("\n", 1);
	tty.line_column = 0;
	for (uint32_t k = tty.line; k != tty.tail; k++) {
		echo((uint8_t)tty.input[k % TTY_INPUT]);
	}
}

void tty_flush_input(void)
{
	tty.head = tty.line = tty.tail;
}

/* --- what a byte means --- */

static bool is_key(uint8_t c, uint32_t key)
{
	return c && c == tty.mode.cc[key];
}

/* Ctrl-S and Ctrl-Q. True: the byte is used up. */
static bool type_flow(uint8_t c)
{
	if (!(tty.mode.iflag & IXON)) {
		return false;
	}
	if (is_key(c, VSTART) || is_key(c, VSTOP)) {
		tty_set_stopped(is_key(c, VSTOP));
		return true;
	}
	if (tty.mode.iflag & IXANY) {
		tty_set_stopped(false);
	}
	return false;
}

/* The keys that send signals to the foreground. True: used up. */
static bool type_signal(uint8_t c)
{
	uint32_t signal = is_key(c, VINTR)   ? SIGINT
			  : is_key(c, VQUIT) ? SIGQUIT
			  : is_key(c, VSUSP) ? SIGTSTP
					     : 0;

	if (!signal || !has_flag(ISIG)) {
		return false;
	}
	if (!has_flag(NOFLSH)) {
		tty_flush_input();
	}
	tty_set_stopped(false);
	echo(c);
	if (tty.group) {
		signal_send_group(tty.group, signal);
	}
	return true;
}

/* The keys that change the line, or end it. True: used up. */
static bool type_edit(uint8_t c)
{
	bool is_extended = has_flag(IEXTEN);

	if (is_key(c, VERASE)) {
		if (tty.tail != tty.line) {
			erase_last();
		}
	} else if (is_key(c, VKILL)) {
		kill_line();
	} else if (is_key(c, VWERASE) && is_extended) {
		erase_word();
	} else if (is_key(c, VREPRINT) && is_extended) {
		reprint();
	} else if (is_key(c, VEOF)) {
		end_line(TTY_EOF);
	} else if (c == '\n' || is_key(c, VEOL) || is_key(c, VEOL2)) {
		echo(c);
		end_line(c | TTY_LINE_END);
	} else {
		return false;
	}
	return true;
}

void tty_type(uint8_t c)
{
	if (tty.mode.iflag & ISTRIP) {
		c &= 0x7f;
	}
	if (tty.is_literal) {
		tty.is_literal = false;
		put_ordinary(c);
		return;
	}
	if (type_flow(c) || type_signal(c)) {
		return;
	}
	if (c == '\r' && (tty.mode.iflag & IGNCR)) {
		return;
	}
	if (c == '\r' && (tty.mode.iflag & ICRNL)) {
		c = '\n';
	} else if (c == '\n' && (tty.mode.iflag & INLCR)) {
		c = '\r';
	}
	if (tty_is_canonical()) {
		if (is_key(c, VLNEXT) && has_flag(IEXTEN)) {
			tty.is_literal = true;
			return;
		}
		if (type_edit(c)) {
			return;
		}
	}
	put_ordinary(c);
}
