// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How tasks change: static ELF programs, and scripts by their first line.
 *
 * Find the program, collect its arguments, make its memory (exec_load.c):
 * whatever can fail is done before the old memory goes.
 */
#include "guest/gnomon/exec.h"

#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/block.h"
#include "guest/gnomon/file.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/log.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/vm.h"

#define SCRIPT_DEPTH  4
#define SCRIPT_LINE   256
#define STRINGS_FIRST 1024u
/* Of strings and what points to them; in between, a quarter of the stack. */
#define ARGS_MIN     0x20000u
#define ARGS_MAX     0x200000u
#define EFLAGS_START 0x202u

/* --- strings --- */

int exec_reserve(struct exec *e, uint32_t n)
{
	uint32_t size = e->size ? e->size : STRINGS_FIRST;
	char *more;

	if (e->used + n > e->limit) {
		return -E2BIG;
	}
	while (size < e->used + n) {
		size *= 2;
	}
	if (size > e->size) {
		more = realloc(e->strings, size);
		if (!more) {
			return -ENOMEM;
		}
		e->strings = more;
		e->size = size;
	}
	return 0;
}

/* @n bytes at @at, in front of what is there. */
static int insert(struct exec *e, uint32_t at, const void *bytes, uint32_t n)
{
	int error = exec_reserve(e, n);

	if (error) {
		return error;
	}
	memmove(e->strings + at + n, e->strings + at, e->used - at);
	memcpy(e->strings + at, bytes, n);
	e->used += n;
	return 0;
}

static int insert_first(struct exec *e, const char *argument)
{
	e->argc++;
	return insert(e, 0, argument, strlen(argument) + 1);
}

static int add_from_user(struct exec *e, uint32_t from)
{
	uint32_t room = 1;
	int n = exec_reserve(e, room);

	while (!n) {
		room = e->size - e->used;
		n = copy_string_from_user(e->strings + e->used, from, room);
		if (n >= 0) {
			e->used += (uint32_t)n + 1;
			return 0;
		}
		if (n == -ENAMETOOLONG) {
			n = exec_reserve(e, room + 1);
		}
	}
	return n;
}

/*
 * Those of a null-terminated array, but for the first if @skip; *@count of
 * them. 0 or -E*.
 */
static int add_all(struct exec *e, uint32_t array, bool skip, bool from_user,
		   uint32_t *count)
{
	int error = 0;

	/* Linux takes a null pointer for an empty array. */
	for (; array && !error; array += sizeof(uint32_t)) {
		const char *string;

		if (from_user) {
			error = read_user_u32((uint32_t *)&string, array);
		} else {
			string = *(const char *const *)array;
		}
		if (error || !string) {
			break;
		}
		if (skip) {
			skip = false;
			continue;
		}
		error = from_user ? add_from_user(e, (uint32_t)string)
				  : insert(e, e->used, string,
					   strlen(string) + 1);
		++*count;
	}
	return error;
}

static int collect(struct exec *e, uint32_t argv, uint32_t envp, bool from_user)
{
	char random[EXEC_RANDOM_SIZE];
	int error = add_all(e, argv, e->argc, from_user, &e->argc);

	if (!error) {
		error = add_all(e, envp, false, from_user, &e->envc);
	}
	if (!error) {
		error = insert(e, e->used, e->path, strlen(e->path) + 1);
	}
	if (!error) {
		error = insert(e, e->used, EXEC_PLATFORM,
			       sizeof(EXEC_PLATFORM));
	}
	random_fill(random, sizeof(random));
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
	static char line[SCRIPT_LINE];
	uint32_t n = (e->head_size < SCRIPT_LINE ? e->head_size : SCRIPT_LINE);
	char *end, *argument = line;
	const char *interpreter;
	int error;

	memcpy(line, e->head, n);
	end = memchr(line, '\n', n);
	if (!end && n == SCRIPT_LINE) {
		return -ENOEXEC;
	}
	end = end ? end : line + n;
	while (end[-1] == ' ' || end[-1] == '\t') {
		end--;
	}
	*end = '\0';
	argument += 2 + strspn(line + 2, " \t");
	interpreter = strsep(&argument, " \t");
	if (!*interpreter) {
		return -ENOEXEC;
	}
	error = e->argc ? 0 : insert_first(e, e->path);
	if (!error && argument) {
		error = insert_first(e, argument + strspn(argument, " \t"));
	}
	return error ? error : insert_first(e, interpreter);
}

static int open_file(struct exec *e, const char *path)
{
	int error = path_lookup(NULL, path, 0, &e->inode);
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
	e->head_size = e->inode->size < PAGE_SIZE ? (uint32_t)e->inode->size
						  : PAGE_SIZE;
	e->head_size = pa ? e->head_size : 0;
	return 0;
}

static int read_program(struct exec *e, const char *path)
{
	const char *why =
		elf_plan(e->head, e->head_size, e->inode->size, &e->program);

	/* Shells take what is no program at all for a script of theirs. */
	if (why && why != elf_not_elf) {
		log_info("%s %s", path, why);
	}
	return !why ? 0 : why == elf_dynamic ? -ELIBBAD : -ENOEXEC;
}

static int find_program(struct exec *e)
{
	for (uint32_t depth = 0; depth <= SCRIPT_DEPTH; depth++) {
		const char *path = e->argc ? e->strings : e->path;
		int error = open_file(e, path);

		if (error) {
			return error;
		}
		if (e->head_size < 2 || memcmp(e->head, "#!", 2)) {
			return read_program(e, path);
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
static int be_alone(void)
{
	struct process *p = current->process;

	if (p->threads == 1 && current == p->leader) {
		return 0;
	}
	if (p->is_exiting) {
		return -EAGAIN;
	}
	/* Those that end now must not take this one along. */
	exit_other_threads();
	while (p->threads > 1) {
		wait_on_deaf(&p->child_wait);
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
	current->clear_tid = 0;
	memset(current->tls, 0, sizeof(current->tls));
	platform_load_tls(current->tls);
	__asm__ volatile("mov %0, %%fs\n\tmov %0, %%gs" : : "r"(0));
	sched_fpu_reset();
}

static int begin_program(struct exec *e)
{
	struct vm_space *old = current->vm;
	int error = be_alone();

	if (error) {
		return error;
	}
	current->vm = e->vm;
	e->vm = NULL;
	sched_vm_changed();
	fork_release_parent();
	if (old) {
		vm_put(old);
	}
	forget_old_program();
	memcpy(current->name, e->name, sizeof(e->name));
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

static void set_up(struct exec *e, const char *path)
{
	const char *slash = strrchr(path, '/');
	uint32_t limit = current->process->limit[RLIMIT_STACK].soft / 4;

	e->path = path;
	strlcpy(e->name, slash ? slash + 1 : path, sizeof(e->name));
	limit = limit < ARGS_MAX ? limit : ARGS_MAX;
	e->limit = limit > ARGS_MIN ? limit : ARGS_MIN;
}

long exec_program(const char *path, uint32_t argv, uint32_t envp,
		  bool from_user)
{
	struct exec e = { 0 };
	int error;

	set_up(&e, path);
	error = find_program(&e);
	if (!error) {
		error = collect(&e, argv, envp, from_user);
	}
	if (!error) {
		error = exec_load(&e);
	}
	if (!error) {
		error = begin_program(&e);
	}
	free(e.strings);
	if (e.inode) {
		inode_put(e.inode);
	}
	if (e.vm) {
		vm_put(e.vm);
	}
	return error;
}

long sys_execve(const struct syscall_args *a)
{
	const char *path;
	int error = path_fetch(a->arg[0], &path);

	return error ? error : exec_program(path, a->arg[1], a->arg[2], true);
}
