// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Devices by number, and the nodes of /dev: the disk, and those that are not
 * there at all.
 *
 * A node is any file of type device with the right number; /dev is a file
 * system in memory of its own, filled at boot.
 */
#include "guest/gnomon/dev.h"

#include "guest/gnomon/block.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/ioctl.h"
#include "guest/gnomon/log.h"
#include "guest/gnomon/trap.h"
#include "guest/gnomon/tty.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/wait.h"
#include "guest/lib/hcall.h"
#include "guest/lib/virtio_block.h"

/* --- the disk ------------------------------------------------------------- */

/*
 * A small cache of its pages. Reading brings whole pages in; writing changes
 * the cached page and goes through to the disk at once, so that nothing is
 * ever dirty. One task at a time has the disk and its cache, for waiting for
 * the disk is sleeping. What the device completes at once costs no interrupt
 * and no sleep.
 *
 * I1: a page with a number holds what the disk has.
 */
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

uint64_t block_sectors(void)
{
	return has_disk ? vblock_sectors() : 0;
}

/* A signal ends this wait, not what the one before does. */
static int lock(void)
{
	int error = 0;

	while (is_busy && !error) {
		error = wait_on(&changed, 0);
	}
	is_busy = is_busy || !error;
	return error;
}

static void unlock(void)
{
	is_busy = false;
	wait_wake(&changed);
}

/*
 * A signal does not end the sleep of somebody whose memory the disk is
 * writing to: then it is waited for awake.
 */
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
			wait_on(&changed, 0);
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
	error = lock();
	if (!error) {
		error = run(BLOCK_FLUSH, 0, cache, 0);
		unlock();
	}
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
static int move(const struct file *f, uint64_t at, uint32_t buf, uint32_t n,
		bool is_write)
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
		error = file_copy_in(f, bytes + offset, buf, n);
	}
	if (!error && is_write) {
		error = write_through(start, bytes, offset, n);
	}
	if (error) {
		return error;
	}
	*tag = page + 1;
	return is_write ? 0 : copy_to_user(buf, bytes + offset, n);
}

static long transfer(const struct file *f, uint32_t buf, uint32_t n,
		     uint64_t *position, bool is_write)
{
	uint32_t done = 0, part;
	int error;

	if (*position >= f->inode->size) {
		return is_write && n ? -ENOSPC : 0;
	}
	n = file_rest(f->inode, *position, n);
	error = lock();
	if (error) {
		return error;
	}
	while (done < n && !error) {
		part = frame_part(*position, n - done);
		error = move(f, *position, buf + done, part, is_write);
		if (!error) {
			done += part;
			*position += part;
		}
	}
	unlock();
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

static long disk_ioctl(struct file *f, uint32_t number_of, uint32_t arg)
{
	return number_of == BLKGETSIZE64 ? copy_to_user(arg, &f->inode->size,
							sizeof(f->inode->size))
					 : -ENOTTY;
}

static const struct file_ops disk_ops = {
	.read = disk_read,
	.write = disk_write,
	.ioctl = disk_ioctl,
};

static int disk_open(struct file *f)
{
	f->ops = &disk_ops;
	f->inode->size = block_sectors() * BLOCK_SECTOR;
	return has_disk ? 0 : -ENXIO;
}

/* --- memory --------------------------------------------------------------- */

#define DEVICE_NULL    DEVICE(1u, 3u)
#define DEVICE_ZERO    DEVICE(1u, 5u)
#define DEVICE_RANDOM  DEVICE(1u, 8u)
#define DEVICE_URANDOM DEVICE(1u, 9u)

static long memory_read(struct file *f, uint32_t buf, uint32_t n,
			uint64_t *position)
{
	(void)position;
	switch (f->inode->rdev) {
	case DEVICE_ZERO:
		return clear_user(buf, n) ? -EFAULT : (long)n;
	case DEVICE_NULL:
		return 0;
	default:
		return random_to_user(buf, n);
	}
}

/* All that is written is gone, wherever it is. */
static long memory_write(struct file *f, uint32_t buf, uint32_t n,
			 uint64_t *position)
{
	(void)f;
	(void)buf;
	(void)position;
	return (long)n;
}

static int memory_open(struct file *f)
{
	static const struct file_ops ops = {
		.read = memory_read,
		.write = memory_write,
	};

	f->ops = &ops;
	return 0;
}

/* The console serves everybody and becomes nobody's by itself. */
static int terminal_open(struct file *f)
{
	uint32_t rdev = f->inode->rdev;

	if (rdev == DEVICE_TTY && !tty_is_mine()) {
		return -ENXIO;
	}
	return tty_open(f, rdev == DEVICE_SERIAL && !(f->flags & O_NOCTTY));
}

/* --- /dev ----------------------------------------------------------------- */

static const struct device {
	const char *name;
	uint32_t mode, number;
	int (*open)(struct file *f);
	const char *target; /* of a link */
} devices[] = {
	{ "null", S_IFCHR | 0666, DEVICE_NULL, memory_open, NULL },
	{ "zero", S_IFCHR | 0666, DEVICE_ZERO, memory_open, NULL },
	{ "random", S_IFCHR | 0666, DEVICE_RANDOM, memory_open, NULL },
	{ "urandom", S_IFCHR | 0666, DEVICE_URANDOM, memory_open, NULL },
	{ "tty", S_IFCHR | 0666, DEVICE_TTY, terminal_open, NULL },
	{ "console", S_IFCHR | 0600, DEVICE_CONSOLE, terminal_open, NULL },
	{ "ttyS0", S_IFCHR | 0600, DEVICE_SERIAL, terminal_open, NULL },
	{ "vda", S_IFBLK | 0600, DEVICE_DISK, disk_open, NULL },
	{ "fd", S_IFLNK, 0, NULL, "/proc/self/fd" },
	{ "stdin", S_IFLNK, 0, NULL, "/proc/self/fd/0" },
	{ "stdout", S_IFLNK, 0, NULL, "/proc/self/fd/1" },
	{ "stderr", S_IFLNK, 0, NULL, "/proc/self/fd/2" },
};

#define DEVICES_END (devices + sizeof(devices) / sizeof(devices[0]))

/* By type and number of the node, which may have any name. */
int device_open(struct inode *i, struct file *f)
{
	const struct device *d;

	for (d = devices; d < DEVICES_END; d++) {
		if (d->number == i->rdev && inode_is(i, d->mode & S_IFMT)) {
			return d->open(f);
		}
	}
	return -ENXIO;
}

/* What there is no memory for is missing, and init will say so. */
void dev_init(void)
{
	struct inode *root = ramfs_new(0755);
	const struct device *d;

	for (d = devices; root && d < DEVICES_END; d++) {
		if (d->target) {
			root->ops->symlink(root, d->name, d->target);
		} else if (d->open != disk_open || block_sectors()) {
			root->ops->create(root, d->name, d->mode, d->number,
					  NULL);
		}
	}
	mount_in_root("dev", root, "devtmpfs");
}
