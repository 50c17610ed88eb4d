// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /dev/vda as a file: a small cache of its pages.
 *
 * Reading brings whole pages in; writing changes the cached page and goes
 * through to the disk at once, so that nothing is ever dirty. One task at a
 * time has the cache, for waiting for the disk is sleeping.
 *
 * I1: a slot with a frame and a page number holds what the disk has.
 */
#include "guest/gnomon/block.h"
#include "guest/gnomon/dev.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/ioctl.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/wait.h"

#define SECTOR		 512u
#define SECTORS_PER_PAGE (PAGE_SIZE / SECTOR)
#define SLOTS		 64
#define NO_PAGE		 UINT32_MAX

static struct slot {
	uint32_t frame;
	uint32_t page;
} slots[SLOTS];

static bool is_busy;
static struct wait_queue unbusy;

static uint64_t disk_size(void)
{
	return block_sectors() * SECTOR;
}

/* How many sectors of page @page exist: the last one may be short. */
static uint32_t sectors_in(uint32_t page)
{
	uint64_t rest = block_sectors() - (uint64_t)page * SECTORS_PER_PAGE;

	return rest < SECTORS_PER_PAGE ? (uint32_t)rest : SECTORS_PER_PAGE;
}

/* A signal ends the wait, not what the one before does. */
static int lock(void)
{
	while (is_busy) {
		int error = wait_on(&unbusy, 0);

		if (error) {
			return error;
		}
	}
	is_busy = true;
	return 0;
}

static void unlock(void)
{
	is_busy = false;
	wait_wake(&unbusy);
}

/* The slot of page @page, filled if @fill. NULL: *@error says why. */
static struct slot *slot_for(uint32_t page, bool fill, int *error)
{
	struct slot *s = &slots[page % SLOTS];

	if (!s->frame) {
		s->frame = frame_alloc_zero();
		s->page = NO_PAGE;
	}
	if (!s->frame) {
		*error = -ENOMEM;
		return NULL;
	}
	if (s->page == page) {
		return s;
	}
	s->page = NO_PAGE;
	if (fill) {
		*error = block_io((uint64_t)page * SECTORS_PER_PAGE,
				  sectors_in(page), s->frame, false);
	}
	if (*error) {
		return NULL;
	}
	s->page = page;
	return s;
}

/* Bring the sectors of [@offset, @offset + @n) of a slot to the disk. */
static int write_through(const struct slot *s, uint32_t offset, uint32_t n)
{
	uint32_t first = offset / SECTOR;
	uint32_t end = (offset + n + SECTOR - 1) / SECTOR;

	return block_io((uint64_t)s->page * SECTORS_PER_PAGE + first,
			end - first, s->frame + first * SECTOR, true);
}

/* @n bytes at @at, within one page. */
static int move(const struct file *f, uint64_t at, uint32_t buf, uint32_t n,
		bool is_write)
{
	uint32_t offset = (uint32_t)at & PAGE_MASK;
	bool is_whole = is_write && n == PAGE_SIZE;
	int error = 0;
	struct slot *s =
		slot_for((uint32_t)(at >> PAGE_SHIFT), !is_whole, &error);
	uint8_t *byte;

	if (!s) {
		return error;
	}
	byte = (uint8_t *)frame_at(s->frame) + offset;
	if (!is_write) {
		return copy_to_user(buf, byte, n);
	}
	error = file_copy_in(f, byte, buf, n);
	if (!error) {
		error = write_through(s, offset, n);
	}
	if (error) {
		s->page = NO_PAGE; /* part of it may be new */
	}
	return error;
}

/* Page by page, so that others get their turn at the disk in between. */
static long transfer(const struct file *f, uint32_t buf, uint32_t n,
		     uint64_t *position, bool is_write)
{
	uint64_t at = *position, size = disk_size();
	uint32_t done = 0, part;
	int error = 0;

	if (at >= size) {
		return is_write && n ? -ENOSPC : 0;
	}
	if (n > size - at) {
		n = (uint32_t)(size - at);
	}
	while (done < n) {
		part = frame_part(at, n - done);
		error = lock();
		if (error) {
			break;
		}
		error = move(f, at, buf + done, part, is_write);
		unlock();
		if (error) {
			break;
		}
		done += part;
		at += part;
	}
	*position = at;
	return done ? (long)done : error;
}

static long disk_read(struct file *f, uint32_t buf, uint32_t n,
		      uint64_t *position)
{
	return transfer(f, buf, n, position, false);
}

static long disk_write(struct file *f, uint32_t buf, uint32_t n,
		       uint64_t *position)
{
	return transfer(f, buf, n, position, true);
}

static long disk_ioctl(struct file *f, uint32_t request, uint32_t arg)
{
	uint64_t size = disk_size();

	(void)f;
	switch (request) {
	case BLKGETSIZE:
		return write_user_u32(arg, (uint32_t)block_sectors());
	case BLKGETSIZE64:
		return copy_to_user(arg, &size, sizeof(size));
	case BLKSSZGET:
		return write_user_u32(arg, SECTOR);
	case BLKFLSBUF:
		return block_flush();
	default:
		return -ENOTTY;
	}
}

const struct file_ops disk_file_ops = {
	.read = disk_read,
	.write = disk_write,
	.ioctl = disk_ioctl,
};

int disk_open(struct file *f)
{
	f->ops = &disk_file_ops;
	f->inode->size = disk_size();
	return block_sectors() ? 0 : -ENXIO;
}
