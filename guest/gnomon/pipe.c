// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pipes, with and without a name.
 *
 * A ring of bytes over page frames that come when they are first written. A
 * pipe that is empty begins anew at its first frame, so that small messages
 * need no more than that one.
 *
 * I1: at most PIPE_BUF bytes written at once stay together.
 * I2: readers and writers count open files; a pipe ends with the last one.
 *
 * Read poll.c next.
 */
#include <stdlib.h>

#include "guest/gnomon/file.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/ioctl.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/wait.h"

#define PIPE_FRAMES 16
#define PIPE_SIZE   (PIPE_FRAMES * PAGE_SIZE)
#define PIPE_BUF    4096

struct pipe {
	uint32_t readers, writers;
	uint32_t reads, writes; /* ends that were ever opened */
	uint32_t head, used;	/* bytes: the first one's place, how many */
	uint32_t frames[PIPE_FRAMES];
	struct wait_queue readable, writable;
};

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint8_t *byte_at(const struct pipe *p, uint32_t at)
{
	return (uint8_t *)frame_at(p->frames[at >> PAGE_SHIFT]) +
	       (at & PAGE_MASK);
}

/* Move up to @n bytes out: how many, or -EFAULT. */
static long take(struct pipe *p, uint32_t buf, uint32_t n)
{
	uint32_t done = 0, part;

	n = least(n, p->used);
	while (done < n) {
		part = frame_part(p->head, n - done);
		if (copy_to_user(buf + done, byte_at(p, p->head), part)) {
			return done ? (long)done : -EFAULT;
		}
		p->head = (p->head + part) % PIPE_SIZE;
		p->used -= part;
		done += part;
	}
	if (!p->used) {
		p->head = 0;
	}
	return (long)done;
}

/* Move up to @n bytes in: how many, or -E*. */
static long put(const struct file *f, struct pipe *p, uint32_t buf, uint32_t n)
{
	uint32_t done = 0, part, tail, *frame;

	n = least(n, PIPE_SIZE - p->used);
	while (done < n) {
		tail = (p->head + p->used) % PIPE_SIZE;
		part = frame_part(tail, n - done);
		frame = &p->frames[tail >> PAGE_SHIFT];
		if (!*frame && !(*frame = frame_alloc())) {
			return done ? (long)done : -ENOMEM;
		}
		if (file_copy_in(f, byte_at(p, tail), buf + done, part)) {
			return done ? (long)done : -EFAULT;
		}
		p->used += part;
		done += part;
	}
	return (long)done;
}

/* Whatever is there is enough; nobody waits for the whole of @n. */
static long pipe_read(struct file *f, uint32_t buf, uint32_t n,
		      uint64_t *position)
{
	struct pipe *p = f->data;
	long done;

	(void)position;
	if (!n) {
		return 0;
	}
	while (!p->used) {
		int error = f->flags & O_NONBLOCK ? -EAGAIN : 0;

		if (!p->writers) {
			return 0;
		}
		error = error ? error : wait_on(&p->readable, 0);
		if (error) {
			return error;
		}
	}
	done = take(p, buf, n);
	wait_wake(&p->writable);
	return done;
}

/* Wait until there is room for @n bytes, or for some of them if they are many.
 */
static int wait_for_room(struct file *f, struct pipe *p, uint32_t n)
{
	uint32_t wanted = n <= PIPE_BUF ? n : 1;

	for (;;) {
		int error = f->flags & O_NONBLOCK ? -EAGAIN : 0;

		if (!p->readers) {
			return -EPIPE;
		}
		if (PIPE_SIZE - p->used >= wanted) {
			return 0;
		}
		error = error ? error : wait_on(&p->writable, 0);
		if (error) {
			return error;
		}
	}
}

/*
 * Waits in between, as often as it takes. Readers are woken for each part:
 * they make the room for the next one.
 */
static long pipe_write(struct file *f, uint32_t buf, uint32_t n,
		       uint64_t *position)
{
	struct pipe *p = f->data;
	uint32_t done = 0;
	long part;

	(void)position;
	while (done < n) {
		/* The rest of a long one may come apart: what is done is n. */
		part = wait_for_room(f, p, n);
		if (!part) {
			part = put(f, p, buf + done, n - done);
		}
		if (part == -EPIPE) {
			signal_send_task(current, SIGPIPE, NULL);
		}
		if (part < 0) {
			return done ? (long)done : part;
		}
		done += (uint32_t)part;
		wait_wake(&p->readable);
	}
	return (long)done;
}

static bool is_reader(const struct file *f)
{
	return (f->flags & O_ACCMODE) != O_WRONLY;
}

static bool is_writer(const struct file *f)
{
	return (f->flags & O_ACCMODE) != O_RDONLY;
}

/* A FIFO nobody has written to yet is not at its end. */
static uint32_t pipe_poll(struct file *f)
{
	const struct pipe *p = f->data;
	uint32_t events = 0;

	if (is_reader(f)) {
		events |= p->used ? POLLIN : 0;
		events |= p->writers || !p->writes ? 0 : POLLHUP;
	}
	if (is_writer(f)) {
		events |= PIPE_SIZE - p->used >= PIPE_BUF ? POLLOUT : 0;
		events |= p->readers ? 0 : POLLERR;
	}
	return events;
}

static long pipe_ioctl(struct file *f, uint32_t request, uint32_t arg)
{
	const struct pipe *p = f->data;

	return request == FIONREAD ? write_user_u32(arg, p->used) : -ENOTTY;
}

/* Both sides are woken: the end of the other is what they may wait for. */
static void pipe_release(struct file *f)
{
	struct pipe *p = f->data;

	p->readers -= is_reader(f);
	p->writers -= is_writer(f);
	wait_wake(&p->readable);
	wait_wake(&p->writable);
	if (p->readers || p->writers) {
		return;
	}
	for (uint32_t k = 0; k < PIPE_FRAMES; k++) {
		if (p->frames[k]) {
			frame_put(p->frames[k]);
		}
	}
	f->inode->data = NULL;
	free(p);
}

static const struct file_ops pipe_file_ops = {
	.read = pipe_read,
	.write = pipe_write,
	.poll = pipe_poll,
	.ioctl = pipe_ioctl,
	.release = pipe_release,
	.is_stream = true,
};

/* Make @f an end of the pipe of its inode. */
static int attach(struct file *f)
{
	struct pipe *p = f->inode->data;

	if (!p) {
		p = calloc(1, sizeof(*p));
		if (!p) {
			return -ENOMEM;
		}
		f->inode->data = p;
	}
	f->data = p;
	f->ops = &pipe_file_ops;
	p->readers += is_reader(f);
	p->reads += is_reader(f);
	p->writers += is_writer(f);
	p->writes += is_writer(f);
	wait_wake(&p->readable);
	wait_wake(&p->writable);
	return 0;
}

/* A FIFO is open when both of its ends are; one may be closed again by then. */
static int wait_for_other_end(struct file *f)
{
	struct pipe *p = f->data;
	bool reads = is_reader(f);
	uint32_t seen = reads ? p->writes : p->reads;
	int error = 0;

	while (!error && !(reads ? p->writers : p->readers) &&
	       seen == (reads ? p->writes : p->reads)) {
		error = wait_on(reads ? &p->readable : &p->writable, 0);
	}
	return error;
}

int pipe_open_fifo(struct inode *i, struct file *f)
{
	const struct pipe *p = i->data;
	bool both = is_reader(f) && is_writer(f);
	int error;

	if ((f->flags & O_NONBLOCK) && !is_reader(f) && !(p && p->readers)) {
		return -ENXIO;
	}
	error = attach(f);
	if (!error && !both && !(f->flags & O_NONBLOCK)) {
		error = wait_for_other_end(f);
		if (error) {
			pipe_release(f);
		}
	}
	return error;
}

static void nameless_free(struct inode *i)
{
	free(i);
}

static const struct inode_ops nameless_ops = {
	.open = pipe_open_fifo, /* through /proc/PID/fd */
	.free = nameless_free,
};

/* The inode is shared by both ends and goes with the last one. */
static struct file *end_new(struct inode *i, uint32_t flags)
{
	struct file *f = file_new(i, flags);

	if (f && attach(f)) {
		file_put(f);
		f = NULL;
	}
	return f;
}

int pipe_new(uint32_t flags, struct file **reader, struct file **writer)
{
	struct inode *i = malloc(sizeof(*i));

	if (!i) {
		return -ENOMEM;
	}
	inode_init(i, &nameless_ops, S_IFIFO | 0600);
	*reader = end_new(i, flags | O_RDONLY);
	*writer = *reader ? end_new(i, flags | O_WRONLY) : NULL;
	inode_put(i);
	if (*writer) {
		return 0;
	}
	if (*reader) {
		file_put(*reader);
	}
	return -ENOMEM;
}
