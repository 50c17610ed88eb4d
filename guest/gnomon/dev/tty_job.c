// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The terminal's owner: sessions, the foreground group, and ioctl().
 *
 * There is one terminal, so a session has a terminal if it is this one's.
 * Read dev.c next.
 */
#include "guest/gnomon/dev/console.h"
#include "guest/gnomon/dev/tty.h"
#include "guest/gnomon/task/signal.h"
#include "guest/gnomon/task/wait.h"

bool tty_is_mine(void)
{
	return tty.session && tty.session == current->process->session;
}

int tty_check_job(uint32_t signal)
{
	const struct process *p = current->process;

	if (!tty_is_mine() || p->pgrp == tty.group) {
		return 0;
	}
	if (p->action[signal].handler == SIG_IGN ||
	    (current->blocked >> (signal - 1) & 1)) {
		/* Writing is allowed then; reading is not. */
		return signal == SIGTTOU ? 0 : -EIO;
	}
	if (process_is_orphaned(p)) {
		return -EIO;
	}
	signal_send_group(p->pgrp, signal);
	return -ERESTARTSYS;
}

/* --- whose it is --- */

/* A session that has one keeps it, unless root takes it away. */
long tty_take(bool steal)
{
	const struct process *p = current->process;

	if (tty_is_mine()) {
		return 0;
	}
	if (p->session != p->tgid || (tty.session && !steal)) {
		return -EPERM;
	}
	tty.session = p->session;
	tty.group = p->pgrp;
	return 0;
}

/* Who is in the foreground learns that the terminal is gone. */
void tty_session_ended(int32_t session)
{
	int32_t group = tty.group;

	if (tty.session == session) {
		tty.session = tty.group = 0;
		signal_send_group(group, SIGHUP);
		signal_send_group(group, SIGCONT);
	}
}

/*
 * The shell brings a job to the foreground, or itself back. Not a group of
 * another session, or it could hand the terminal to strangers.
 */
static long set_group(struct user_ptr arg)
{
	const struct process *member;
	uint32_t group;
	int error = tty_check_job(SIGTTOU);

	error = error ? error : read_user_u32(&group, arg);
	if (error) {
		return error;
	}
	member = process_member((int32_t)group);
	if (!member || member->session != tty.session) {
		return -EPERM;
	}
	tty.group = (int32_t)group;
	return 0;
}

/* --- ioctl --- */

/* Output is written at once, so there is never any to wait for. */
static long set_mode(struct user_ptr arg, bool flush)
{
	struct linux_termios mode;
	int error = tty_check_job(SIGTTOU);

	error = error ? error : copy_from_user(&mode, arg, sizeof(mode));
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
	if (!(mode.iflag & IXON)) {
		tty_set_stopped(false);
	}
	wait_wake(&tty.readable);
	console_input_room();
	return 0;
}

long tty_ioctl(struct file *f, uint32_t request, uint32_t arg)
{
	bool is_owners = request == TIOCGPGRP || request == TIOCSPGRP ||
			 request == TIOCGSID;
	struct user_ptr at = user_ptr(arg); /* if it is one */

	(void)f;
	if (is_owners && !tty_is_mine()) {
		return -ENOTTY;
	}
	switch (request) {
	case TCGETS:
		return copy_to_user(at, &tty.mode, sizeof(tty.mode));
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return set_mode(at, request == TCSETSF);
	case TCFLSH:
		if (arg != TCOFLUSH) {
			tty_flush_input();
			console_input_room();
		}
		return 0;
	case TCSBRK:
	case TCSBRKP:
		return 0;
	case TIOCGWINSZ:
		return copy_to_user(at, &tty.size, sizeof(tty.size));
	case TIOCSWINSZ:
		/* The kernel cannot see the screen; a program has asked it. */
		if (copy_from_user(&tty.size, at, sizeof(tty.size))) {
			return -EFAULT;
		}
		signal_send_group(tty.group, SIGWINCH);
		return 0;
	case TIOCSCTTY:
		return tty_take(arg);
	case TIOCGPGRP:
		return write_user_u32(at, (uint32_t)tty.group);
	case TIOCSPGRP:
		return set_group(at);
	case TIOCGSID:
		return write_user_u32(at, (uint32_t)tty.session);
	case FIONREAD:
		return write_user_u32(at, tty_available());
	default:
		return -ENOTTY;
	}
}
