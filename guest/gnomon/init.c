// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first process: the only one that is not a copy.
 */
#include "guest/gnomon/task.h"

#include "guest/gnomon/file.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/log.h"
#include "guest/gnomon/platform.h"

#define STDIN  0
#define STDERR 2

/* Input, output and errors, if there is a console. */
static void open_console(void)
{
	struct file *f;
	int error = file_open(NULL, "/dev/console", O_RDWR, 0, &f);

	if (error) {
		log_info("no /dev/console: error %d", -error);
		return;
	}
	for (int i = STDIN; i <= STDERR; i++) {
		file_get(f);
		fd_install(f, 0, false);
	}
	file_put(f);
}

void exec_init(const char *path, const char *const argv[],
	       const char *const envp[])
{
	struct task *t = task_new(NULL);
	long error;

	if (!t) {
		panic("no memory for the first process");
	}
	current = t;
	t->process->exit_signal = SIGCHLD;
	t->fds = fd_table_new();
	t->fs = fs_context_new();
	if (!t->fds || !t->fs) {
		panic("no memory for the first process");
	}
	platform_set_stack((uint32_t)(t->frame + 1));
	open_console();
	error = exec_program(path, (uint32_t)argv, (uint32_t)envp, false);
	if (error) {
		panic("cannot run %s: error %ld", path, -error);
	}
	trap_work = 1;
	trap_return(t->frame);
}
