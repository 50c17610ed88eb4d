// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files in memory: their contents, links, and ends.
 *
 * A file has a list of its frames, by page, that doubles when it gets too
 * short: one load finds a page, and a hole costs four bytes. Mappings share
 * the frames.
 *
 * I1: a frame named here has one reference for that.
 * I2: bytes behind the end, in the last page, are zero, unless a mapping wrote
 * there.
 *
 * Files leave some memory to programs and some of the heap to the kernel: a
 * full file system is an error, a machine on which nothing can be started to
 * clean up is worse. Read ramfs_dir.c next.
 */
#include "guest/gnomon/fs/ramfs.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/fs/file.h"
#include "guest/gnomon/fs/ramfs_node.h"
#include "guest/gnomon/mm/frame.h"

#define HEAP_MAX  (HEAP_SIZE / 4 * 3)
#define PAGES_MIN 4
#define PAGES_MAX (1u << 21) /* in a file: 8 GiB */

static uint32_t frames;
static uint32_t heap_used;

void *ramfs_malloc(size_t size)
{
	void *p = NULL;

	if (frame_is_plenty() && heap_used + size <= HEAP_MAX) {
		p = calloc(1, size);
		heap_used += (uint32_t)malloc_usable_size(p);
	}
	return p;
}

void ramfs_mfree(void *p)
{
	heap_used -= (uint32_t)malloc_usable_size(p);
	free(p);
}

uint32_t ramfs_frames(void)
{
	return frames;
}

/* --- contents --- */

static bool make_room(struct node *f, uint32_t pages)
{
	uint32_t room = f->file.room ? f->file.room : PAGES_MIN;
	uint32_t *list;

	while (room < pages) {
		room *= 2;
	}
	list = ramfs_malloc(room * sizeof(*list));
	if (!list) {
		return false;
	}
	if (f->file.room) {
		memcpy(list, f->file.frames, f->file.room * sizeof(*list));
	}
	ramfs_mfree(f->file.frames);
	f->file.frames = list;
	f->file.room = room;
	return true;
}

static uint32_t file_page(struct inode *i, uint32_t n, bool make)
{
	struct node *f = node_of(i);

	if (n >= PAGES_MAX ||
	    (n >= f->file.room && (!make || !make_room(f, n + 1)))) {
		return 0;
	}
	if (!f->file.frames[n] && make && frame_is_plenty()) {
		f->file.frames[n] = frame_alloc_zero();
		frames += f->file.frames[n] != 0;
	}
	return f->file.frames[n];
}

static void drop_pages(struct node *f, uint32_t from)
{
	for (uint32_t n = from; n < f->file.room; n++) {
		if (f->file.frames[n]) {
			frame_put(f->file.frames[n]);
			f->file.frames[n] = 0;
			frames--;
		}
	}
}

/*
 * Growing costs nothing: pages come when they are written. Shrinking cleans
 * the rest of the last page, which would show again if the file grew.
 */
static int file_truncate(struct inode *i, uint64_t size)
{
	uint32_t tail = (uint32_t)size & PAGE_MASK, pa;

	if (size > (uint64_t)PAGES_MAX * PAGE_SIZE) {
		return -EFBIG;
	}
	if (size < i->size) {
		drop_pages(node_of(i),
			   (uint32_t)((size + PAGE_MASK) >> PAGE_SHIFT));
		pa = file_page(i, (uint32_t)(size >> PAGE_SHIFT), false);
		if (pa) {
			memset((uint8_t *)frame_at(pa) + tail, 0,
			       PAGE_SIZE - tail);
		}
	}
	i->size = size;
	inode_touch(i);
	return 0;
}

static int link_read(struct inode *i, char *to, uint32_t size)
{
	uint32_t n = (uint32_t)i->size < size ? (uint32_t)i->size : size;

	memcpy(to, node_of(i)->target, n);
	return (int)n;
}

static int (*open_device)(struct inode *i, struct file *f);

void ramfs_set_devices(int (*open)(struct inode *i, struct file *f))
{
	open_device = open;
}

static int special_open(struct inode *i, struct file *f)
{
	return inode_is(i, S_IFIFO) ? pipe_open(i, f)
	       : open_device	    ? open_device(i, f)
				    : -ENXIO;
}

int ramfs_where(struct inode *i, struct inode **dir, char name[NAME_MAX + 1])
{
	const struct entry *e = node_of(i)->name;

	if (!e) {
		return -ENOENT;
	}
	*dir = &e->dir->inode;
	strcpy(name, e->name);
	return 0;
}

/* --- ends --- */

/* Directories are empty by then: nothing that has an entry is freed. */
void ramfs_free(struct inode *i)
{
	struct node *n = node_of(i);

	if (inode_is(i, S_IFREG)) {
		drop_pages(n, 0);
		ramfs_mfree(n->file.frames);
	}
	ramfs_mfree(n);
}

/* --- beginnings --- */

/* Each type has the operations it can do: a missing one is the refusal. */
static const struct inode_ops file_ops = {
	.where = ramfs_where,
	.page = file_page,
	.truncate = file_truncate,
	.file_ops = &regular_file_ops,
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

const struct inode_ops *ramfs_ops(uint32_t mode)
{
	return (mode & S_IFMT) == S_IFREG   ? &file_ops
	       : (mode & S_IFMT) == S_IFLNK ? &link_ops
					    : &special_ops;
}

struct node *ramfs_node(const struct inode_ops *ops, uint32_t dev,
			uint32_t mode, const char *target)
{
	struct node *n = ramfs_malloc(sizeof(*n) + strlen(target) + 1);

	if (n) {
		inode_init(&n->inode, ops, mode);
		n->inode.dev = dev;
		n->inode.size = strlen(target);
		strcpy(n->target, target);
	}
	return n;
}

struct inode *ramfs_new_file(uint64_t size)
{
	struct node *n = ramfs_node(&file_ops, 0, S_IFREG | 0600, "");

	if (n) {
		n->inode.size = size;
	}
	return (struct inode *)n;
}
