// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How the first process begins: from nothing.
 */
#include <string.h>

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/arch/trap.h"
#include "guest/gnomon/fs/fd.h"
#include "guest/gnomon/fs/file.h"
#include "guest/gnomon/fs/path.h"
#include "guest/gnomon/lib/log.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/process/process.h"
#include "guest/gnomon/task/task.h"

#define STDIN  0
#define STDERR 2

static void set_default_limits(struct rlimit_pair limit[RLIMITS])
{
	memset(limit, 0xff, RLIMITS * sizeof(*limit)); /* RLIM_INFINITY */
	limit[RLIMIT_STACK].soft = 8 << 20;
	limit[RLIMIT_CORE].soft = 0;
	limit[RLIMIT_NOFILE] = (struct rlimit_pair){ 1024, 4096 };
	limit[RLIMIT_NPROC] = (struct rlimit_pair){ TID_MAX / 2, TID_MAX / 2 };
	limit[RLIMIT_NICE] = limit[RLIMIT_RTPRIO] =
		(struct rlimit_pair){ 0, 0 };
}

/* Input, output and errors, if there is a console. */
static void open_console(void)
{
	struct inode *i;
	struct file *f;
	int error = path_lookup(NULL, "/dev/console", 0, &i);

	if (!error) {
		error = file_open(i, O_RDWR, &f);
		inode_put(i);
	}
	if (error) {
		log_info("no /dev/console: error %d", -error);
		return;
	}
	for (int fd = STDIN; fd <= STDERR; fd++) {
		fd_install(file_get(f), 0, false);
	}
	file_put(f);
}

void exec_init(const char *path, const char *const argv[],
	       const char *const envp[])
{
	long error;

	current = task_new(NULL);
	if (current) {
		current->fds = fd_table_copy(NULL);
		current->process->cwd = inode_get(root_inode);
		current->process->umask = 022;
	}
	if (!current || !current->fds) {
		panic("no memory for the first process");
	}
	set_default_limits(current->process->limit);
	platform_set_stack((uint32_t)(current->frame + 1));
	open_console();
	error = exec_program(path, buffer_of_kernel(argv),
			     buffer_of_kernel(envp));
	if (error) {
		panic("cannot run %s: error %ld", path, -error);
	}
	trap_work = 1;
	trap_return(current->frame);
}
