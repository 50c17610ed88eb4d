// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The disk.
 *
 * A small cache of its pages. Reading brings whole pages in; writing changes
 * the cached page and goes through to the disk at once, so that nothing is
 * ever dirty. One task at a time has the disk and its cache, for waiting for
 * the disk is sleeping. What the device completes at once costs no interrupt
 * and no sleep.
 *
 * I1: a page with a number holds what the disk has.
 */
#include "guest/gnomon/dev/disk.h"

#include "guest/gnomon/arch/irq.h"
#include "guest/gnomon/fs/file.h"
#include "guest/gnomon/lib/log.h"
#include "guest/gnomon/linux/ioctl.h"
#include "guest/gnomon/mm/frame.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/task.h"
#include "guest/gnomon/task/wait.h"
#include "guest/lib/hcall.h"
#include "guest/lib/virtio_block.h"

#define PAGES 16

static uint8_t cache[PAGES][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static uint32_t number[PAGES]; /* of the disk's page, plus one; 0: none */

static struct block_request request;
static bool has_disk, is_busy;
static struct wait_queue changed; /* the request is done, or the disk free */

static void interrupt(void)
{
	if (vblock_interrupt() && vblock_collect()) {
		wait_wake(&changed);
	}
}

void block_init(void)
{
	int line = vblock_open();

	if (line < 0) {
		return;
	}
	has_disk = true;
	vblock_want_interrupts(false);
	irq_set_handler((uint32_t)line, interrupt);
	log_info("disk of %u KiB", (unsigned)(vblock_sectors() / 2));
}

uint64_t block_size(void)
{
	return has_disk ? vblock_sectors() * BLOCK_SECTOR : 0;
}

static void lock(void)
{
	while (is_busy) {
		wait_uninterruptible(&changed);
	}
	is_busy = true;
}

static void unlock(void)
{
	is_busy = false;
	wait_wake(&changed);
}

static int run(enum block_kind kind, uint64_t sector, const void *at,
	       uint32_t bytes)
{
	if (vblock_start(&request, kind, sector, sdk_pa(at), bytes)) {
		return -EIO;
	}
	vblock_collect();
	while (!request.is_done) {
		vblock_want_interrupts(true);
		if (!vblock_collect()) {
			wait_uninterruptible(&changed);
		}
		vblock_want_interrupts(false);
		vblock_collect();
	}
	return request.has_failed ? -EIO : 0;
}

int block_flush(void)
{
	int error;

	if (!has_disk) {
		return 0;
	}
	lock();
	error = run(BLOCK_FLUSH, 0, cache, 0);
	unlock();
	return error;
}

/* The sectors in which @n bytes at @offset of a page at @start lie. */
static int write_through(uint64_t start, const uint8_t *bytes, uint32_t offset,
			 uint32_t n)
{
	uint32_t first = offset / BLOCK_SECTOR;
	uint32_t end = (offset + n + BLOCK_SECTOR - 1) / BLOCK_SECTOR;

	return run(BLOCK_WRITE, start / BLOCK_SECTOR + first,
		   bytes + first * BLOCK_SECTOR, (end - first) * BLOCK_SECTOR);
}

/* @n bytes at @at, within one page. */
static int move(const struct file *f, uint64_t at, struct buffer buf,
		uint32_t n, bool is_write)
{
	uint32_t page = (uint32_t)(at >> PAGE_SHIFT);
	uint32_t offset = (uint32_t)at & PAGE_MASK;
	uint64_t start = at - offset;
	uint8_t *bytes = cache[page % PAGES];
	uint32_t *tag = &number[page % PAGES];
	bool is_known = *tag == page + 1 || (is_write && n == PAGE_SIZE);
	int error = 0;

	*tag = 0; /* should this end halfway */
	if (!is_known) {
		error = run(BLOCK_READ, start / BLOCK_SECTOR, bytes,
			    file_rest(f->inode, start, PAGE_SIZE));
	}
	if (!error && is_write) {
		error = copy_from_buffer(bytes + offset, buf, n);
	}
	if (!error && is_write) {
		error = write_through(start, bytes, offset, n);
	}
	if (error) {
		return error;
	}
	*tag = page + 1;
	return is_write ? 0 : copy_to_user(buf.user, bytes + offset, n);
}

static long transfer(const struct file *f, struct buffer buf, uint32_t n,
		     uint64_t *position, bool is_write)
{
	uint32_t done = 0, part;
	int error = 0;

	if (*position >= f->inode->size) {
		return is_write && n ? -ENOSPC : 0;
	}
	n = file_rest(f->inode, *position, n);
	lock();
	while (done < n && !error) {
		part = frame_part(*position, n - done);
		error = move(f, *position, buffer_rest(buf, done), part,
			     is_write);
		if (!error) {
			done += part;
			*position += part;
		}
	}
	unlock();
	return done ? (long)done : error;
}

static long disk_read(struct file *f, struct user_ptr to, uint32_t n,
		      uint64_t *position)
{
	return transfer(f, buffer_of_user(to), n, position, false);
}

static long disk_write(struct file *f, struct buffer from, uint32_t n,
		       uint64_t *position)
{
	return transfer(f, from, n, position, true);
}

static long disk_ioctl(struct file *f, uint32_t number_of, uint32_t arg)
{
	return number_of == BLKGETSIZE64
		       ? copy_to_user(user_ptr(arg), &f->inode->size,
				      sizeof(f->inode->size))
		       : -ENOTTY;
}

const struct file_ops disk_ops = {
	.read = disk_read,
	.write = disk_write,
	.ioctl = disk_ioctl,
};
