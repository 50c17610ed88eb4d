// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files in memory: their contents, links, and ends.
 *
 * The first pages of a file are named in its node, the others through two
 * levels of frames. Mappings share the frames.
 *
 * I1: a frame named here has one reference for that.
 * I2: bytes behind the end, in the last page, are zero, unless a mapping wrote
 * there.
 *
 * Files leave some memory to programs and some of the heap to the kernel: a
 * full file system is an error, a machine on which nothing can be started to
 * clean up is worse. Read ramfs_dir.c next.
 */
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/file.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/ramfs.h"

/* One part of so many stays free of files. */
#define RESERVE_PART 16
#define HEAP_MAX     (HEAP_SIZE / 4 * 3)

static uint32_t frames;
static uint32_t heap_used;
static uint32_t last_dev;

/* Counts are kept by the allocator: asking before each page is cheap. */
static bool has_frames(void)
{
	return frame_count_free() > frame_count_all() / RESERVE_PART;
}

void *ramfs_malloc(uint32_t size)
{
	void *p = NULL;

	if (has_frames() && size <= HEAP_MAX - heap_used) {
		p = calloc(1, size);
	}
	heap_used += p ? size : 0;
	return p;
}

void ramfs_mfree(void *p, uint32_t size)
{
	if (p) {
		heap_used -= size;
		free(p);
	}
}

static uint32_t take_frame(void)
{
	uint32_t pa = 0;

	if (has_frames()) {
		pa = frame_alloc_zero();
		frames += pa != 0;
	}
	return pa;
}

static void drop_frame(uint32_t *pa)
{
	if (*pa) {
		frame_put(*pa);
		frames--;
		*pa = 0;
	}
}

uint32_t ramfs_frames(void)
{
	return frames;
}

/* Where frame @n of names is named. */
static uint32_t *name_in(uint32_t pa, uint32_t n)
{
	return (uint32_t *)frame_at(pa) + n;
}

/* The frame named at @pa, made if it may be; 0 if there is none. */
static uint32_t ensure(uint32_t *pa, bool make)
{
	if (!*pa && make) {
		*pa = take_frame();
	}
	return *pa;
}

/*
 * Three loads at most find a page, however large the file is. A frame of
 * names that was made for a page that could not be is kept: it will be used.
 */
static uint32_t file_page(struct inode *i, uint32_t n, bool make)
{
	struct contents *c = &node_of(i)->file;
	uint32_t *second;

	if (n < RAMFS_DIRECT) {
		return ensure(&c->direct[n], make);
	}
	n -= RAMFS_DIRECT;
	if (n >= RAMFS_PAGES - RAMFS_DIRECT || !ensure(&c->top, make)) {
		return 0;
	}
	second = name_in(c->top, n / RAMFS_PER_FRAME);
	if (!ensure(second, make)) {
		return 0;
	}
	return ensure(name_in(*second, n % RAMFS_PER_FRAME), make);
}

/* Pages from @first on, of those behind the direct ones. */
static void drop_far(struct contents *c, uint32_t first)
{
	uint32_t t, n, *second;

	for (t = first / RAMFS_PER_FRAME; c->top && t < RAMFS_PER_FRAME; t++) {
		second = name_in(c->top, t);
		n = t == first / RAMFS_PER_FRAME ? first % RAMFS_PER_FRAME : 0;
		if (!*second) {
			continue;
		}
		for (uint32_t k = n; k < RAMFS_PER_FRAME; k++) {
			drop_frame(name_in(*second, k));
		}
		if (n == 0) {
			drop_frame(second);
		}
	}
	if (first == 0) {
		drop_frame(&c->top);
	}
}

/*
 * Growing costs nothing: pages come when they are written. Shrinking cleans
 * the rest of the last page, which would show again if the file grew.
 */
static int file_truncate(struct inode *i, uint64_t size)
{
	struct contents *c = &node_of(i)->file;
	uint32_t tail = (uint32_t)size & PAGE_MASK;
	uint32_t n, pa;

	if (size > (uint64_t)RAMFS_PAGES * PAGE_SIZE) {
		return -EFBIG;
	}
	if (size < i->size) {
		n = (uint32_t)((size + PAGE_MASK) >> PAGE_SHIFT);
		drop_far(c, n < RAMFS_DIRECT ? 0 : n - RAMFS_DIRECT);
		for (uint32_t k = n; k < RAMFS_DIRECT; k++) {
			drop_frame(&c->direct[k]);
		}
		pa = tail ? file_page(i, n - 1, false) : 0;
		if (pa) {
			memset((uint8_t *)frame_at(pa) + tail, 0,
			       PAGE_SIZE - tail);
		}
	}
	i->size = size;
	inode_touch(i);
	return 0;
}

static int file_open_regular(struct inode *i, struct file *f)
{
	(void)i;
	f->ops = &regular_file_ops;
	return 0;
}

static int link_read(struct inode *i, char *to, uint32_t size)
{
	uint32_t n = (uint32_t)i->size < size ? (uint32_t)i->size : size;

	memcpy(to, node_of(i)->target, n);
	return (int)n;
}

static int special_open(struct inode *i, struct file *f)
{
	return inode_is(i, S_IFIFO) ? pipe_open_fifo(i, f) : device_open(i, f);
}

static void free_contents(struct node *n)
{
	if (inode_is(&n->inode, S_IFREG)) {
		n->inode.size = UINT64_MAX; /* pages may lie behind the end */
		file_truncate(&n->inode, 0);
	} else if (inode_is(&n->inode, S_IFLNK)) {
		ramfs_mfree(n->target, (uint32_t)n->inode.size + 1);
	} else if (inode_is(&n->inode, S_IFDIR)) {
		ramfs_dir_clear(n);
	}
}

/*
 * The end of a directory that was unmounted is the end of all below it:
 * one after the other, for the stack is small.
 */
void ramfs_free(struct inode *i)
{
	static struct node *doomed;
	static bool is_at_work;
	struct node *n = node_of(i);

	n->doomed = doomed;
	doomed = n;
	if (is_at_work) {
		return;
	}
	is_at_work = true;
	while (doomed) {
		n = doomed;
		doomed = n->doomed;
		free_contents(n);
		ramfs_mfree(n, sizeof(*n));
	}
	is_at_work = false;
}

static const struct inode_ops file_ops = {
	.where = ramfs_where,
	.page = file_page,
	.truncate = file_truncate,
	.open = file_open_regular,
	.free = ramfs_free,
};

static const struct inode_ops link_ops = {
	.where = ramfs_where,
	.readlink = link_read,
	.free = ramfs_free,
};

static const struct inode_ops special_ops = {
	.where = ramfs_where,
	.open = special_open,
	.free = ramfs_free,
};

/* Each type has the operations it can do: a missing one is the refusal. */
static const struct inode_ops *ops_for(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return &ramfs_dir_ops;
	case S_IFREG:
		return &file_ops;
	case S_IFLNK:
		return &link_ops;
	default:
		return &special_ops;
	}
}

struct node *ramfs_node(uint32_t dev, uint32_t mode)
{
	struct node *n = ramfs_malloc(sizeof(*n));

	if (n) {
		inode_init(&n->inode, ops_for(mode), mode);
		n->inode.dev = dev;
		/* The directory's own "."; names count when they are made. */
		n->inode.links = inode_is(&n->inode, S_IFDIR) ? 1 : 0;
	}
	return n;
}

struct inode *ramfs_new(uint32_t mode)
{
	struct node *n = ramfs_node(++last_dev, S_IFDIR | mode);

	if (!n) {
		return NULL;
	}
	n->inode.links++; /* no name, but it is there */
	return &n->inode;
}

struct inode *ramfs_new_file(void)
{
	struct node *n = ramfs_node(0, S_IFREG | 0600);

	return n ? &n->inode : NULL;
}

void ramfs_init(void)
{
	root_inode = ramfs_new(0755);
}
