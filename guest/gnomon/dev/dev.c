// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Devices by number, and the nodes of /dev.
 *
 * A node is any file of type device with the right number; /dev is a file
 * system in memory of its own, filled at boot.
 */
#include "guest/gnomon/dev/dev.h"

#include "guest/gnomon/dev/disk.h"
#include "guest/gnomon/dev/random.h"
#include "guest/gnomon/dev/tty.h"
#include "guest/gnomon/fs/path.h"
#include "guest/gnomon/fs/ramfs.h"

/* --- memory --------------------------------------------------------------- */

#define DEVICE_NULL    DEVICE(1u, 3u)
#define DEVICE_ZERO    DEVICE(1u, 5u)
#define DEVICE_RANDOM  DEVICE(1u, 8u)
#define DEVICE_URANDOM DEVICE(1u, 9u)

static long memory_read(struct file *f, struct user_ptr buf, uint32_t n,
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
static long memory_write(struct file *f, struct buffer from, uint32_t n,
			 uint64_t *position)
{
	(void)f;
	(void)from;
	(void)position;
	return (long)n;
}

static const struct file_ops memory_ops = {
	.read = memory_read,
	.write = memory_write,
};

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
	const struct file_ops *ops; /* NULL: those of the terminal */
	const char *target;	    /* of a link */
} devices[] = {
	{ "null", S_IFCHR | 0666, DEVICE_NULL, &memory_ops, NULL },
	{ "zero", S_IFCHR | 0666, DEVICE_ZERO, &memory_ops, NULL },
	{ "random", S_IFCHR | 0666, DEVICE_RANDOM, &memory_ops, NULL },
	{ "urandom", S_IFCHR | 0666, DEVICE_URANDOM, &memory_ops, NULL },
	{ "tty", S_IFCHR | 0666, DEVICE_TTY, NULL, NULL },
	{ "console", S_IFCHR | 0600, DEVICE_CONSOLE, NULL, NULL },
	{ "ttyS0", S_IFCHR | 0600, DEVICE_SERIAL, NULL, NULL },
	{ "vda", S_IFBLK | 0600, DEVICE_DISK, &disk_ops, NULL },
	{ "fd", S_IFLNK, 0, NULL, "/proc/self/fd" },
	{ "stdin", S_IFLNK, 0, NULL, "/proc/self/fd/0" },
	{ "stdout", S_IFLNK, 0, NULL, "/proc/self/fd/1" },
	{ "stderr", S_IFLNK, 0, NULL, "/proc/self/fd/2" },
};

#define DEVICES_END (devices + sizeof(devices) / sizeof(devices[0]))

/* By type and number of the node, which may have any name. */
static int device_open(struct inode *i, struct file *f)
{
	const struct device *d;

	for (d = devices; d < DEVICES_END; d++) {
		if (d->number == i->rdev && inode_is(i, d->mode & S_IFMT)) {
			i->size = d->ops == &disk_ops ? block_size() : 0;
			f->ops = d->ops;
			return d->ops ? 0 : terminal_open(f);
		}
	}
	return -ENXIO;
}

/* What there is no memory for is missing, and init will say so. */
void dev_init(void)
{
	struct inode *root = ramfs_new(0755);
	const struct device *d;

	ramfs_set_devices(device_open);
	for (d = devices; root && d < DEVICES_END; d++) {
		if (d->target) {
			root->ops->symlink(root, d->name, d->target);
		} else if (d->ops != &disk_ops || block_size()) {
			root->ops->create(root, d->name, d->mode, d->number,
					  NULL);
		}
	}
	mount_in_root("dev", root, "devtmpfs");
}
