// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The terminal's owner: sessions, the foreground group, and ioctl().
 *
 * There is one terminal, so a session has a terminal if it is this one's.
 * Read dev.c next.
 */
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/tty.h"
#include "guest/gnomon/tty_priv.h"
#include "guest/gnomon/uaccess.h"

int32_t tty_session(void)
{
	return tty.session;
}

int32_t tty_group(void)
{
	return tty.group;
}

bool tty_is_mine(void)
{
	return tty.session && tty.session == current->process->session;
}

/* Would the current process not stop on @signal? */
static bool is_unheard(uint32_t signal)
{
	return current->process->action[signal].handler == SIG_IGN ||
	       (current->blocked >> (signal - 1) & 1);
}

int tty_check_job(uint32_t signal)
{
	int32_t group = current->process->pgrp;

	if (!tty_is_mine() || group == tty.group) {
		return 0;
	}
	if (is_unheard(signal)) {
		/* Writing is allowed then; reading is not. */
		return signal == SIGTTOU ? 0 : -EIO;
	}
	if (process_group_is_orphaned(group, NULL)) {
		return -EIO;
	}
	signal_send_group(group, signal);
	return -ERESTARTSYS;
}

/* Who is in the foreground learns that the terminal is gone. */
static void give_up(void)
{
	int32_t group = tty.group;

	tty.session = tty.group = 0;
	if (group) {
		signal_send_group(group, SIGHUP);
		signal_send_group(group, SIGCONT);
	}
}

void tty_session_ended(int32_t session)
{
	if (tty.session == session) {
		give_up();
	}
}

static bool is_leader(void)
{
	return current->process->session == current->process->tgid;
}

static void take_terminal(void)
{
	tty.session = current->process->session;
	tty.group = current->process->pgrp;
}

int tty_open(struct file *f, bool may_take)
{
	f->ops = &tty_file_ops;
	if (may_take && is_leader() && !tty.session) {
		take_terminal();
	}
	return 0;
}

/* A session that has one keeps it, unless root takes it away. */
static long set_controlling(uint32_t steal)
{
	if (tty_is_mine()) {
		return 0;
	}
	if (!is_leader() || (tty.session && !steal)) {
		return -EPERM;
	}
	take_terminal();
	return 0;
}

static long drop_controlling(void)
{
	if (!tty_is_mine()) {
		return -ENOTTY;
	}
	if (is_leader()) {
		give_up();
	}
	return 0;
}

/* Or a shell could hand the terminal to strangers. */
static bool group_is_in_session(int32_t group)
{
	const struct process *p;

	for (p = process_first(); p; p = p->next) {
		if (p->pgrp == group && p->session == tty.session) {
			return true;
		}
	}
	return false;
}

/* The shell brings a job to the foreground, or itself back. */
static long set_group(uint32_t arg)
{
	uint32_t group;
	int error = read_user_u32(&group, arg);

	if (!error && !tty_is_mine()) {
		error = -ENOTTY;
	}
	if (!error) {
		error = tty_check_job(SIGTTOU);
	}
	if (error) {
		return error;
	}
	if ((int32_t)group < 0) {
		return -EINVAL;
	}
	if (!group_is_in_session((int32_t)group)) {
		return -EPERM;
	}
	tty.group = (int32_t)group;
	return 0;
}

/* Output is written at once, so there is never any to wait for. */
static long set_mode(uint32_t arg, bool flush)
{
	struct linux_termios mode;
	int error = tty_check_job(SIGTTOU);

	if (!error) {
		error = copy_from_user(&mode, arg, sizeof(mode));
	}
	if (error) {
		return error;
	}
	if (flush) {
		tty_flush_input();
	}
	if ((mode.lflag ^ tty.mode.lflag) & ICANON) {
		tty.line = tty.tail; /* what was typed is a line as it is */
	}
	tty.mode = mode;
	if (!(mode.iflag & IXON) && tty.is_stopped) {
		tty_set_stopped(false);
	}
	if (tty_available()) {
		wait_wake(&tty.readable);
	}
	console_input_room();
	return 0;
}

/* Nobody tells the kernel how large the screen is; programs ask for it. */
static long set_size(uint32_t arg)
{
	struct linux_winsize size;
	int error = copy_from_user(&size, arg, sizeof(size));
	bool is_new;

	if (error) {
		return error;
	}
	is_new = size.rows != tty.size.rows || size.columns != tty.size.columns;
	tty.size = size;
	if (is_new && tty.group) {
		signal_send_group(tty.group, SIGWINCH);
	}
	return 0;
}

static long flush(uint32_t queue)
{
	if (queue > TCIOFLUSH) {
		return -EINVAL;
	}
	if (queue != TCOFLUSH) {
		tty_flush_input();
		console_input_room();
	}
	return 0;
}

static long flow(uint32_t action)
{
	if (action == TCOOFF || action == TCOON) {
		tty_set_stopped(action == TCOOFF);
	}
	return 0;
}

long tty_ioctl(struct file *f, uint32_t request, uint32_t arg)
{
	(void)f;
	switch (request) {
	case TCGETS:
		return copy_to_user(arg, &tty.mode, sizeof(tty.mode));
	case TCSETS:
	case TCSETSW:
		return set_mode(arg, false);
	case TCSETSF:
		return set_mode(arg, true);
	case TCFLSH:
		return flush(arg);
	case TCXONC:
		return flow(arg);
	case TCSBRK:
	case TCSBRKP:
	case TIOCEXCL:
	case TIOCNXCL:
		return 0;
	case TIOCGWINSZ:
		return copy_to_user(arg, &tty.size, sizeof(tty.size));
	case TIOCSWINSZ:
		return set_size(arg);
	case TIOCSCTTY:
		return set_controlling(arg);
	case TIOCNOTTY:
		return drop_controlling();
	case TIOCGPGRP:
		return tty_is_mine() ? write_user_u32(arg, (uint32_t)tty.group)
				     : -ENOTTY;
	case TIOCSPGRP:
		return set_group(arg);
	case TIOCGSID:
		return tty_is_mine()
			       ? write_user_u32(arg, (uint32_t)tty.session)
			       : -ENOTTY;
	case TIOCOUTQ:
		return write_user_u32(arg, 0);
	case FIONREAD:
		return write_user_u32(arg, tty_available());
	default:
		return -ENOTTY;
	}
}
