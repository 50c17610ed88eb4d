// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pipes, with and without a name.
 *
 * A ring of bytes over page frames that come when they are first written. A
 * pipe that is empty begins anew at its first frame, so that small messages
 * need no more than that one.
 *
 * I1: at most PIPE_BUF bytes written at once stay together.
 * I2: each end counts the open files that are of it; a pipe goes with the last.
 *
 * Read sys_poll.c next.
 */
#include <stdlib.h>

#include "guest/gnomon/fs/fd.h"
#include "guest/gnomon/fs/file.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/mm/frame.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/signal.h"
#include "guest/gnomon/task/wait.h"

#define PIPE_FRAMES 16
#define PIPE_SIZE   (PIPE_FRAMES * PAGE_SIZE)
#define PIPE_BUF    4096

enum {
	READERS,
	WRITERS,
	ENDS
};

struct pipe {
	struct {
		uint32_t open, ever; /* files that are, that ever were */
		struct wait_queue queue;
	} end[ENDS];
	uint32_t head, used; /* bytes: the first one's place, how many */
	uint32_t frames[PIPE_FRAMES];
};

static uint8_t *byte_at(const struct pipe *p, uint32_t at)
{
	return (uint8_t *)frame_at(p->frames[at >> PAGE_SHIFT]) +
	       (at & PAGE_MASK);
}

/* Whatever is there is enough; nobody waits for the whole of @n. */
static long pipe_read(struct file *f, struct user_ptr buf, uint32_t n,
		      uint64_t *position)
{
	struct pipe *p = f->data;
	uint32_t done, part;
	int error = 0;

	(void)position;
	while (!p->used && !error) {
		if (!n || !p->end[WRITERS].open) {
			return 0;
		}
		error = file_wait(f, &p->end[READERS].queue, 0);
	}
	n = n < p->used ? n : p->used;
	for (done = 0; done < n && !error; done += part) {
		part = frame_part(p->head, n - done);
		error = copy_to_user(user_rest(buf, done), byte_at(p, p->head),
				     part);
		part = error ? 0 : part;
		p->head = (p->head + part) % PIPE_SIZE;
		p->used -= part;
	}
	if (!p->used) {
		p->head = 0;
	}
	wait_wake(&p->end[WRITERS].queue);
	return done ? (long)done : error;
}

/* Move what goes into one frame in: how many bytes, or -E*. */
static long put(struct pipe *p, struct buffer from, uint32_t n)
{
	uint32_t tail = (p->head + p->used) % PIPE_SIZE;
	uint32_t *frame = &p->frames[tail >> PAGE_SHIFT];
	uint32_t room = PIPE_SIZE - p->used;

	n = frame_part(tail, n < room ? n : room);
	if (!*frame) {
		*frame = frame_alloc();
	}
	if (!*frame || copy_from_buffer(byte_at(p, tail), from, n)) {
		return *frame ? -EFAULT : -ENOMEM;
	}
	p->used += n;
	return (long)n;
}

/*
 * Waits in between, as often as it takes: for all of a short one, for any
 * room if it may come apart. Readers are woken for each part, for they make
 * the room for the next one.
 */
static long pipe_write(struct file *f, struct buffer from, uint32_t n,
		       uint64_t *position)
{
	struct pipe *p = f->data;
	uint32_t done = 0;
	long part = 0;

	(void)position;
	while (done < n && part >= 0) {
		if (!p->end[READERS].open) {
			signal_send_task(current, SIGPIPE, NULL);
			part = -EPIPE;
		} else if (PIPE_SIZE - p->used <
			   (n <= PIPE_BUF ? n - done : 1)) {
			part = file_wait(f, &p->end[WRITERS].queue, 0);
		} else {
			part = put(p, buffer_rest(from, done), n - done);
			done += part > 0 ? (uint32_t)part : 0;
			wait_wake(&p->end[READERS].queue);
		}
	}
	return done ? (long)done : part;
}

/* A FIFO nobody has written to yet is not at its end. */
static uint32_t pipe_poll(struct file *f)
{
	const struct pipe *p = f->data;
	uint32_t events = 0;

	if (file_reads(f)) {
		events |= p->used ? POLLIN : 0;
		events |= p->end[WRITERS].open || !p->end[WRITERS].ever
				  ? 0
				  : POLLHUP;
	}
	if (file_writes(f)) {
		events |= PIPE_SIZE - p->used >= PIPE_BUF ? POLLOUT : 0;
		events |= p->end[READERS].open ? 0 : POLLERR;
	}
	return events;
}

/*
 * @by files more are at the ends that @f is of. All are woken: that the others
 * come or go is what they may wait for.
 */
static void count(struct pipe *p, const struct file *f, int32_t by)
{
	const bool is_of[ENDS] = { file_reads(f), file_writes(f) };

	for (uint32_t k = 0; k < ENDS; k++) {
		p->end[k].open += is_of[k] ? (uint32_t)by : 0;
		p->end[k].ever += is_of[k] && by > 0;
		wait_wake(&p->end[k].queue);
	}
}

static void pipe_release(struct file *f)
{
	struct pipe *p = f->data;

	count(p, f, -1);
	if (p->end[READERS].open || p->end[WRITERS].open) {
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
	.release = pipe_release,
	.is_stream = true,
};

static const struct inode_ops nameless_ops;

/*
 * Make @f an end of the pipe of its inode. A FIFO is open when both of its
 * ends are, but for who wants to read and not to wait; the other may be closed
 * again by the time this one hears of it.
 */
int pipe_open(struct inode *i, struct file *f)
{
	struct pipe *p = i->data ? i->data : calloc(1, sizeof(*p));
	uint32_t end = file_reads(f) ? READERS : WRITERS, ever;
	bool is_open = i->ops == &nameless_ops ||
		       (file_reads(f) && (f->flags & O_NONBLOCK));
	int error = 0;

	if (!p) {
		return -ENOMEM;
	}
	i->data = f->data = p;
	f->ops = &pipe_file_ops;
	count(p, f, 1);
	ever = p->end[!end].ever;
	while (!is_open && !error && !p->end[!end].open &&
	       p->end[!end].ever == ever) {
		error = file_wait(f, &p->end[end].queue, 0);
		error = error == -EAGAIN ? -ENXIO : error;
	}
	if (error) {
		pipe_release(f);
	}
	return error;
}

static void nameless_free(struct inode *i)
{
	free(i);
}

static const struct inode_ops nameless_ops = {
	.open = pipe_open, /* by new_pipe(), or through /proc/PID/fd */
	.free = nameless_free,
};

/*
 * Both ends or none, even if their numbers cannot be told. The inode is shared
 * by them and goes with the last one.
 */
static long new_pipe(struct user_ptr at, uint32_t flags)
{
	struct inode *i = malloc(sizeof(*i));
	int32_t fds[2] = { -1, -1 };
	struct file *f;
	int error = 0;

	if (!i || (flags & ~(O_CLOEXEC | O_NONBLOCK))) {
		free(i);
		return i ? -EINVAL : -ENOMEM;
	}
	inode_init(i, &nameless_ops, S_IFIFO | 0600);
	for (uint32_t k = O_RDONLY; k <= O_WRONLY && !error; k++) {
		error = file_open(i, k | flags, &f);
		if (!error) {
			fds[k] = fd_install(f, 0, flags & O_CLOEXEC);
			error = fds[k] < 0 ? fds[k] : 0;
		}
	}
	inode_put(i);
	error = error ? error : copy_to_user(at, fds, sizeof(fds));
	for (uint32_t k = 0; k < 2 && error; k++) {
		fd_close((uint32_t)fds[k]);
	}
	return error;
}

SYSCALL(pipe, new_pipe(user_ptr(arg[0]), 0))
SYSCALL(pipe2, new_pipe(user_ptr(arg[0]), arg[1]))
