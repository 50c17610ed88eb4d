// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What newlib asks of its environment, over Linux calls. Programs of several
 * threads must not use stdio or malloc() from more than one: newlib is
 * built without locks.
 */
#include <errno.h>
#include <fcntl.h>
#include <reent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/user/lib/call.h"

/* The header's names for Linux's flags would be newlib's. */
#define LINUX_O_CREAT  0100
#define LINUX_O_EXCL   0200
#define LINUX_O_TRUNC  01000
#define LINUX_O_APPEND 02000

#define TCGETS 0x5401

char **environ;

int main(int argc, char **argv);
int kill(pid_t pid, int number);
void program_start(u32 *stack) __attribute__((noreturn));

void program_start(u32 *stack)
{
	int argc = (int)stack[0];
	char **argv = (char **)&stack[1];

	environ = argv + argc + 1;
	exit(main(argc, argv));
}

/*
 * newlib's stdio is built for large files here but without the functions
 * that serve them; these files are small.
 */
_ssize_t __swrite(struct _reent *r, void *file, const char *from, size_t n);
_ssize_t __swrite64(struct _reent *r, void *file, const char *from, size_t n);
_fpos_t __sseek(struct _reent *r, void *file, _fpos_t to, int whence);
_fpos64_t __sseek64(struct _reent *r, void *file, _fpos64_t to, int whence);

_ssize_t __swrite64(struct _reent *r, void *file, const char *from, size_t n)
{
	return __swrite(r, file, from, n);
}

_fpos64_t __sseek64(struct _reent *r, void *file, _fpos64_t to, int whence)
{
	return __sseek(r, file, (_fpos_t)to, whence);
}

/* A call's result the way of the C library. */
static long with_errno(long result)
{
	if (is_error(result)) {
		errno = (int)-result;
		return -1;
	}
	return result;
}

void _exit(int status)
{
	for (;;) {
		sys(SYS_EXIT_GROUP, status);
	}
}

void *sbrk(ptrdiff_t increment)
{
	static u32 end;
	u32 old;

	if (!end) {
		end = (u32)sys(SYS_BRK, 0);
	}
	old = end;
	if (increment) {
		if ((u32)sys(SYS_BRK, old + (u32)increment) !=
		    old + (u32)increment) {
			errno = ENOMEM;
			return (void *)-1;
		}
		end = old + (u32)increment;
	}
	return (void *)old;
}

int open(const char *path, int flags, ...)
{
	u32 linux_flags = (u32)flags & O_ACCMODE;

	linux_flags |= flags & O_CREAT ? LINUX_O_CREAT : 0;
	linux_flags |= flags & O_EXCL ? LINUX_O_EXCL : 0;
	linux_flags |= flags & O_TRUNC ? LINUX_O_TRUNC : 0;
	linux_flags |= flags & O_APPEND ? LINUX_O_APPEND : 0;
	return (int)with_errno(sys(SYS_OPEN, path, linux_flags, 0666));
}

int close(int fd)
{
	return (int)with_errno(sys(SYS_CLOSE, fd));
}

_READ_WRITE_RETURN_TYPE read(int fd, void *to, size_t n)
{
	return with_errno(sys(SYS_READ, fd, to, n));
}

_READ_WRITE_RETURN_TYPE write(int fd, const void *from, size_t n)
{
	return with_errno(sys(SYS_WRITE, fd, from, n));
}

off_t lseek(int fd, off_t offset, int whence)
{
	return with_errno(sys(SYS_LSEEK, fd, offset, whence));
}

int isatty(int fd)
{
	u32 termios[16];

	return with_errno(sys(SYS_IOCTL, fd, TCGETS, termios)) == 0;
}

/* stdio wants to know just one thing: whether it may buffer. */
int fstat(int fd, struct stat *st)
{
	*st = (struct stat){ .st_mode = isatty(fd) ? S_IFCHR : S_IFREG };
	return 0;
}

pid_t getpid(void)
{
	return (pid_t)sys(SYS_GETPID);
}

int kill(pid_t pid, int number)
{
	return (int)with_errno(sys(SYS_KILL, pid, number));
}
