// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Devices by number, and the nodes of /dev.
 *
 * A node is any file of type device with the right number; /dev is a file
 * system in memory of its own, filled at boot. Read disk.c next.
 */
#include <string.h>

#include "guest/gnomon/block.h"
#include "guest/gnomon/dev.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/log.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/tty.h"
#include "guest/gnomon/uaccess.h"

#define RANDOM_PART  256
#define RANDOM_FLAGS 7u /* of getrandom() */
#define KMSG_MAX     512

static long null_read(struct file *f, uint32_t buf, uint32_t n,
		      uint64_t *position)
{
	(void)f;
	(void)buf;
	(void)n;
	(void)position;
	return 0;
}

/* All that is written is gone, wherever it is. */
static long null_write(struct file *f, uint32_t buf, uint32_t n,
		       uint64_t *position)
{
	(void)f;
	(void)buf;
	(void)position;
	return (long)n;
}

static long zero_read(struct file *f, uint32_t buf, uint32_t n,
		      uint64_t *position)
{
	int error = clear_user(buf, n);

	(void)f;
	(void)position;
	return error ? error : (long)n;
}

static long full_write(struct file *f, uint32_t buf, uint32_t n,
		       uint64_t *position)
{
	(void)f;
	(void)buf;
	(void)n;
	(void)position;
	return -ENOSPC;
}

static long random_read(struct file *f, uint32_t buf, uint32_t n,
			uint64_t *position)
{
	uint8_t part[RANDOM_PART];
	uint32_t done = 0, k;

	(void)f;
	(void)position;
	while (done < n) {
		k = n - done < sizeof(part) ? n - done : sizeof(part);
		random_fill(part, k);
		if (copy_to_user(buf + done, part, k)) {
			return done ? (long)done : -EFAULT;
		}
		done += k;
	}
	return (long)done;
}

/* The pool is seeded before the first program runs: it never waits. */
SYSCALL(getrandom, arg[2] & ~RANDOM_FLAGS
			   ? -EINVAL
			   : random_read(NULL, arg[0], arg[1] & INT32_MAX, NULL))

/* A line for the kernel's log; what does not fit is cut. */
static long kmsg_write(struct file *f, uint32_t buf, uint32_t n,
		       uint64_t *position)
{
	static char line[KMSG_MAX];
	uint32_t k = n < sizeof(line) - 1 ? n : sizeof(line) - 1;

	(void)position;
	if (file_copy_in(f, line, buf, k)) {
		return -EFAULT;
	}
	while (k && line[k - 1] == '\n') {
		k--;
	}
	line[k] = '\0';
	log_info("%s", line);
	return (long)n;
}

static const struct file_ops null_ops = {
	.read = null_read,
	.write = null_write,
};

static const struct file_ops zero_ops = {
	.read = zero_read,
	.write = null_write,
};

static const struct file_ops full_ops = {
	.read = zero_read,
	.write = full_write,
};

static const struct file_ops random_ops = {
	.read = random_read,
	.write = null_write,
};

static const struct file_ops kmsg_ops = {
	.read = null_read,
	.write = kmsg_write,
};

static const struct device {
	const char *name;
	uint32_t number;
	uint32_t mode;
	const struct file_ops *ops; /* NULL: see device_open() */
} devices[] = {
	{ "null", DEVICE(1, 3), S_IFCHR | 0666, &null_ops },
	{ "zero", DEVICE(1, 5), S_IFCHR | 0666, &zero_ops },
	{ "full", DEVICE(1, 7), S_IFCHR | 0666, &full_ops },
	{ "random", DEVICE(1, 8), S_IFCHR | 0666, &random_ops },
	{ "urandom", DEVICE(1, 9), S_IFCHR | 0666, &random_ops },
	{ "kmsg", DEVICE(1, 11), S_IFCHR | 0600, &kmsg_ops },
	{ "tty", DEVICE_TTY, S_IFCHR | 0666, NULL },
	{ "console", DEVICE_CONSOLE, S_IFCHR | 0600, NULL },
	{ "ttyS0", DEVICE_SERIAL, S_IFCHR | 0600, NULL },
	{ "vda", DEVICE_DISK, S_IFBLK | 0600, NULL },
};

#define DEVICES (sizeof(devices) / sizeof(devices[0]))

static const struct {
	const char *name, *to;
} links[] = {
	{ "fd", "/proc/self/fd" },
	{ "stdin", "/proc/self/fd/0" },
	{ "stdout", "/proc/self/fd/1" },
	{ "stderr", "/proc/self/fd/2" },
};

#define LINKS (sizeof(links) / sizeof(links[0]))

static int open_terminal(struct file *f, uint32_t number)
{
	if (number == DEVICE_TTY && !tty_is_mine()) {
		return -ENXIO;
	}
	/* The console serves everybody and becomes nobody's by itself. */
	return tty_open(f, number == DEVICE_SERIAL && !(f->flags & O_NOCTTY));
}

/* By type and number of the node, which may have any name. */
int device_open(struct inode *i, struct file *f)
{
	uint32_t k = 0;

	while (k < DEVICES &&
	       (devices[k].number != i->rdev ||
		(devices[k].mode & S_IFMT) != (i->mode & S_IFMT))) {
		k++;
	}
	if (k == DEVICES) {
		return -ENXIO;
	}
	f->ops = devices[k].ops;
	if (f->ops) {
		return 0;
	}
	return i->rdev == DEVICE_DISK ? disk_open(f)
				      : open_terminal(f, i->rdev);
}

/* What there is no memory for is missing, and init will say so. */
void dev_init(void)
{
	struct inode *root = ramfs_new(0755);

	for (uint32_t k = 0; root && k < DEVICES; k++) {
		const struct device *d = &devices[k];

		if (d->number != DEVICE_DISK || block_sectors()) {
			root->ops->create(root, d->name, d->mode, d->number,
					  NULL);
		}
	}
	for (uint32_t k = 0; root && k < LINKS; k++) {
		root->ops->symlink(root, links[k].name, links[k].to);
	}
	mount_in_root("dev", root, "devtmpfs");
}
