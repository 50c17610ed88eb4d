// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How tasks change: static ELF programs, and scripts by their first line.
 *
 * Find the program, collect its arguments, make its memory (exec_load.c):
 * whatever can fail is done before the old memory goes.
 */
#include "guest/gnomon/process/exec.h"

#include <string.h>

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/dev/random.h"
#include "guest/gnomon/fs/fd.h"
#include "guest/gnomon/fs/path.h"
#include "guest/gnomon/lib/log.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/mm/frame.h"
#include "guest/gnomon/process/process.h"
#include "guest/gnomon/task/sched.h"
#include "guest/gnomon/task/signal.h"
#include "guest/gnomon/task/wait.h"
#include "guest/gnomon/vm/vm.h"
#include "guest/lib/trap.h"

#define SCRIPT_DEPTH 4
#define SCRIPT_LINE  256
#define EFLAGS_START 0x202u

/* --- strings --- */

/* @n bytes at @at, in front of what is there. */
static int insert(struct exec *e, uint32_t at, const void *bytes, uint32_t n)
{
	if (n > EXEC_STRINGS_MAX - e->used) {
		return -E2BIG;
	}
	memmove(exec_strings + at + n, exec_strings + at, e->used - at);
	memcpy(exec_strings + at, bytes, n);
	e->used += n;
	return 0;
}

static int insert_string(struct exec *e, uint32_t at, const char *string)
{
	return insert(e, at, string, strlen(string) + 1);
}

static int add_from_user(struct exec *e, struct user_ptr from)
{
	int n = copy_string_from_user(exec_strings + e->used, from,
				      EXEC_STRINGS_MAX - e->used);

	if (n < 0) {
		return n == -ENAMETOOLONG ? -E2BIG : n;
	}
	e->used += (uint32_t)n + 1;
	return 0;
}

/*
 * Those of a null-terminated array, but for the first if @skip; *@count of
 * them. 0 or -E*.
 */
static int add_all(struct exec *e, struct buffer array, bool skip,
		   uint32_t *count)
{
	int error = 0;

	/* Linux takes a null pointer for an empty array. */
	if (!array.kernel && !array.user.at) {
		return 0;
	}
	for (; !error; array = buffer_rest(array, sizeof(uint32_t))) {
		uint32_t string;

		error = copy_from_buffer(&string, array, sizeof(string));
		if (error || !string) {
			break;
		}
		if (skip) {
			skip = false;
			continue;
		}
		error = array.kernel ? insert_string(e, e->used,
						     (const char *)string)
				     : add_from_user(e, user_ptr(string));
		++*count;
	}
	return error;
}

static int collect(struct exec *e, struct buffer argv, struct buffer envp)
{
	uint64_t random[EXEC_RANDOM_SIZE / 8];
	int error = add_all(e, argv, e->argc, &e->argc);

	error = error ? error : add_all(e, envp, false, &e->envc);
	error = error ? error : insert_string(e, e->used, e->path);
	random_fill(random, EXEC_RANDOM_SIZE / 8);
	return error ? error : insert(e, e->used, random, sizeof(random));
}

/* --- finding the program --- */

/*
 * "#!INTERPRETER [ARGUMENT]": both go in front of the script's own name,
 * which takes the place of the first argument. That of a script which is an
 * interpreter is there already.
 */
static int read_script(struct exec *e)
{
	static char line[SCRIPT_LINE + 1];
	uint32_t n = e->head_size < SCRIPT_LINE ? e->head_size : SCRIPT_LINE;
	char *interpreter, *argument, *end;
	int error = 0;

	memcpy(line, e->head, n);
	line[n] = '\0';
	end = line + strcspn(line, "\n");
	if (end == line + SCRIPT_LINE) {
		return -ENOEXEC;
	}
	while (end[-1] == ' ' || end[-1] == '\t') {
		end--;
	}
	*end = '\0';
	interpreter = strtok_r(line + 2, " \t", &argument);
	if (!interpreter) {
		return -ENOEXEC;
	}
	if (!e->argc) {
		e->argc++;
		error = insert_string(e, 0, e->path);
	}
	if (!error && argument) {
		e->argc++;
		argument += strspn(argument, " \t");
		error = insert_string(e, 0, argument);
	}
	e->argc++;
	return error ? error : insert_string(e, 0, interpreter);
}

static int open_file(struct exec *e, const char *path)
{
	int error = path_lookup(NULL, path, 0, &e->inode);
	uint64_t size = error ? 0 : e->inode->size;
	uint32_t pa;

	if (error) {
		return error;
	}
	if (!inode_is(e->inode, S_IFREG) || !(e->inode->mode & 0111) ||
	    !e->inode->ops->page) {
		return -EACCES;
	}
	pa = e->inode->ops->page(e->inode, 0, false);
	e->head = frame_at(pa);
	e->head_size = !pa ? 0 : size < PAGE_SIZE ? (uint32_t)size : PAGE_SIZE;
	return 0;
}

static int find_program(struct exec *e)
{
	for (uint32_t depth = 0; depth <= SCRIPT_DEPTH; depth++) {
		const char *path = depth ? exec_strings : e->path;
		int error = open_file(e, path);
		const char *why;

		if (error) {
			return error;
		}
		if (e->head_size < 2 || memcmp(e->head, "#!", 2)) {
			why = elf_plan(e->head, e->head_size, e->inode->size,
				       &e->program);
			/* Shells take what is none for a script of theirs. */
			if (why && why != elf_not_elf) {
				log_info("%s %s", path, why);
			}
			return !why		    ? 0
			       : why == elf_dynamic ? -ELIBBAD
						    : -ENOEXEC;
		}
		error = read_script(e);
		if (error) {
			return error;
		}
		inode_put(e->inode);
		e->inode = NULL;
	}
	return -ELOOP;
}

/* --- the change --- */

/* A process has one thread, its leader, when another program begins. */
static int become_single_threaded(void)
{
	struct process *p = current->process;

	if (p->is_exiting) {
		return -EAGAIN;
	}
	/* Those that end now must not take this one along. */
	exit_other_threads();
	while (p->threads > 1) {
		wait_uninterruptible(&p->child_wait);
	}
	if (current != p->leader) {
		task_become_leader(current);
	}
	return 0;
}

static void forget_old_program(void)
{
	struct process *p = current->process;

	signal_actions_reset(p);
	fd_table_close_on_exec(current->fds);
	current->altstack.size = 0;
	current->clear_tid.at = 0;
	memset(current->tls, 0, sizeof(current->tls));
	platform_load_tls(current->tls);
	__asm__ volatile("mov %0, %%fs\n\tmov %0, %%gs" : : "r"(0));
	sched_fpu_reset();
}

static int begin_program(struct exec *e)
{
	const char *slash = strrchr(e->path, '/');
	struct vm_space *old = current->vm;
	char name[TASK_NAME_MAX];
	int error;

	/* The path is not there any more when others have run. */
	strlcpy(name, slash ? slash + 1 : e->path, sizeof(name));
	error = become_single_threaded();
	if (error) {
		return error;
	}
	memcpy(current->name, name, sizeof(name));
	current->vm = e->vm;
	e->vm = NULL;
	sched_vm_changed();
	fork_release_parent();
	vm_put(old);
	forget_old_program();
	*current->frame = (struct trap_frame){
		.es = SEL_USER_DATA,
		.ds = SEL_USER_DATA,
		.vector = VECTOR_SYSCALL,
		.error = UINT32_MAX,
		.eip = e->program.entry,
		.cs = SEL_USER_CODE,
		.eflags = EFLAGS_START,
		.esp = current->vm->stack_top,
		.ss = SEL_USER_DATA,
	};
	return 0;
}

long exec_program(const char *path, struct buffer argv, struct buffer envp)
{
	struct exec e = { .path = path };
	int error = find_program(&e);

	error = error ? error : collect(&e, argv, envp);
	error = error ? error : exec_load(&e);
	error = error ? error : begin_program(&e);
	inode_put(e.inode);
	vm_put(e.vm);
	return error;
}

long sys_execve(const struct syscall_args *a)
{
	const char *path;
	int error = path_fetch(user_ptr(a->arg[0]), &path);

	return error ? error
		     : exec_program(path, buffer_of_user(user_ptr(a->arg[1])),
				    buffer_of_user(user_ptr(a->arg[2])));
}
