// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The C library's system calls: printf() ends at the console, malloc() gets
 * its memory. There are no files and no processes.
 */
#include "guest/lib/newlib.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#undef errno
extern int errno;

#define STDOUT 1
#define STDERR 2

static bool is_console(int fd)
{
	return fd == STDOUT || fd == STDERR;
}

ssize_t write(int fd, const void *bytes, size_t n)
{
	if (!is_console(fd)) {
		errno = EBADF;
		return -1;
	}
	console_write(bytes, (uint32_t)n);
	return (ssize_t)n;
}

ssize_t read(int fd, void *to, size_t n)
{
	(void)fd;
	(void)to;
	(void)n;
	errno = EBADF;
	return -1;
}

void *sbrk(ptrdiff_t by)
{
	void *old = sdk_sbrk(by);

	if (!old) {
		errno = ENOMEM;
		return (void *)-1;
	}
	return old;
}

int close(int fd)
{
	(void)fd;
	errno = EBADF;
	return -1;
}

int fstat(int fd, struct stat *st)
{
	if (!is_console(fd)) {
		errno = EBADF;
		return -1;
	}
	st->st_mode = S_IFCHR;
	return 0;
}

int isatty(int fd)
{
	return is_console(fd);
}

off_t lseek(int fd, off_t offset, int whence)
{
	(void)fd;
	(void)offset;
	(void)whence;
	errno = ESPIPE;
	return -1;
}

/*
 * For this target newlib refers to the 64-bit halves of stdio but does not
 * build them.
 */
_ssize_t __swrite64(struct _reent *r, void *file, const char *bytes, size_t n);
_fpos64_t __sseek64(struct _reent *r, void *file, _fpos64_t offset, int whence);

_ssize_t __swrite64(struct _reent *r, void *file, const char *bytes, size_t n)
{
	(void)r;
	return write(((FILE *)file)->_file, bytes, n);
}

_fpos64_t __sseek64(struct _reent *r, void *file, _fpos64_t offset, int whence)
{
	(void)r;
	return lseek(((FILE *)file)->_file, (off_t)offset, whence);
}
