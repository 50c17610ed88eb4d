// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The C library's system calls: printf() ends at the console, malloc() gets
 * its memory. There are no files and no processes.
 */
#include "guest/lib/newlib.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#undef errno
extern int errno;

#define STDOUT 1
#define STDERR 2

int _write(int fd, const char *bytes, int n);
int _read(int fd, char *to, int n);
void *_sbrk(ptrdiff_t by);
int _close(int fd);
int _fstat(int fd, struct stat *st);
int _isatty(int fd);
off_t _lseek(int fd, off_t offset, int whence);

static bool is_console(int fd)
{
	return fd == STDOUT || fd == STDERR;
}

int _write(int fd, const char *bytes, int n)
{
	if (!is_console(fd)) {
		errno = EBADF;
		return -1;
	}
	console_write(bytes, (uint32_t)n);
	return n;
}

int _read(int fd, char *to, int n)
{
	(void)fd;
	(void)to;
	(void)n;
	errno = EBADF;
	return -1;
}

void *_sbrk(ptrdiff_t by)
{
	void *old = sdk_sbrk(by);

	if (!old) {
		errno = ENOMEM;
		return (void *)-1;
	}
	return old;
}

int _close(int fd)
{
	(void)fd;
	errno = EBADF;
	return -1;
}

int _fstat(int fd, struct stat *st)
{
	if (!is_console(fd)) {
		errno = EBADF;
		return -1;
	}
	st->st_mode = S_IFCHR;
	return 0;
}

int _isatty(int fd)
{
	return is_console(fd);
}

off_t _lseek(int fd, off_t offset, int whence)
{
	(void)fd;
	(void)offset;
	(void)whence;
	errno = ESPIPE;
	return -1;
}
