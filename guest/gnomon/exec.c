// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How tasks change: static ELF programs, and scripts by their first line.
 *
 * Everything that can fail for a reason the program might handle is done
 * before the old memory goes. Read elf.c and exec_args.c next.
 */
#include "guest/gnomon/task.h"

#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/block.h"
#include "guest/gnomon/elf.h"
#include "guest/gnomon/exec_args.h"
#include "guest/gnomon/exec_load.h"
#include "guest/gnomon/file.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/log.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/vm.h"

#define SCRIPT_DEPTH 4
#define RANDOM_SIZE  16 /* AT_RANDOM */
#define ARGS_MIN     0x20000u

/* --- scripts --- */

/* The next word of the line at *@at, terminated; NULL: none. */
static char *next_word(char **at, const char *separators)
{
	char *word = *at + strspn(*at, " \t");

	if (!*word) {
		return NULL;
	}
	*at = word + strcspn(word, separators);
	if (**at) {
		*(*at)++ = '\0';
	}
	return word;
}

/*
 * "#!INTERPRETER [ARGUMENT]": both go in front of the script's own name,
 * which takes the place of the first argument.
 */
static int read_script(struct exec *e)
{
	char *line = e->head + 2;
	char *end = memchr(e->head, '\n', e->head_size);
	char *interpreter, *argument, *script = e->path;
	uint32_t n;

	if (!end) {
		if (e->head_size == EXEC_HEAD_SIZE) {
			return -ENOEXEC;
		}
		end = e->head + e->head_size;
	}
	while (end > line && (end[-1] == ' ' || end[-1] == '\t')) {
		end--;
	}
	*end = '\0';
	interpreter = next_word(&line, " \t");
	argument = interpreter ? next_word(&line, "") : NULL;
	if (!interpreter) {
		return -ENOEXEC;
	}
	n = argument ? 3 : 2;
	if (e->prefixes) {
		free(e->prefix[0]);
		memmove(e->prefix + n, e->prefix + 1,
			(e->prefixes - 1) * sizeof(*e->prefix));
		n--;
	}
	e->prefixes += n;
	e->path = strdup(interpreter);
	e->prefix[0] = strdup(interpreter);
	e->prefix[1] = argument ? strdup(argument) : script;
	if (argument) {
		e->prefix[2] = script;
	}
	return e->path && e->prefix[0] && e->prefix[1] ? 0 : -ENOMEM;
}

/* --- finding the program --- */

static int open_file(struct exec *e)
{
	long n;
	int error = path_lookup(NULL, e->path, 0, &e->inode);

	if (error) {
		return error;
	}
	if (!inode_is(e->inode, S_IFREG) || !(e->inode->mode & 0111)) {
		return -EACCES;
	}
	n = file_read_kernel(e->inode, 0, e->head, EXEC_HEAD_SIZE);
	if (n < 0) {
		return (int)n;
	}
	e->head_size = (uint32_t)n;
	return 0;
}

static int refuse(const struct exec *e, enum elf_verdict v)
{
	if (v == ELF_OK) {
		return 0;
	}
	/* Shells take what is no program at all for a script of theirs. */
	if (v != ELF_NOT_ELF) {
		log_info("%s %s", e->path, elf_verdict_text(v));
	}
	return v == ELF_DYNAMIC ? -ELIBBAD : -ENOEXEC;
}

static int read_program(struct exec *e)
{
	const struct elf_header *h = (const void *)e->head;
	uint64_t file_size = e->inode->size;
	enum elf_verdict v = elf_check_header(h, e->head_size, file_size);
	static struct elf_phdr phdrs[ELF_PHDRS_MAX];
	long size = (long)(h->phnum * sizeof(*phdrs));

	if (v == ELF_OK && file_read_kernel(e->inode, h->phoff, phdrs,
					    (uint32_t)size) != size) {
		v = ELF_TRUNCATED;
	}
	if (v == ELF_OK) {
		v = elf_plan(h, phdrs, file_size, &e->program);
	}
	return refuse(e, v);
}

static int find_program(struct exec *e)
{
	int error = open_file(e);

	for (uint32_t depth = 0;
	     !error && e->head_size >= 2 && !memcmp(e->head, "#!", 2);
	     depth++) {
		if (depth == SCRIPT_DEPTH) {
			return -ELOOP;
		}
		error = read_script(e);
		inode_put(e->inode);
		e->inode = NULL;
		if (!error) {
			error = open_file(e);
		}
	}
	return error ? error : read_program(e);
}

/* --- arguments --- */

/* Not a string, but without zeros it can pass for one. */
static int add_random(struct exec_args *a)
{
	char bytes[RANDOM_SIZE + 1];

	random_fill(bytes, RANDOM_SIZE);
	for (uint32_t i = 0; i < RANDOM_SIZE; i++) {
		bytes[i] = bytes[i] ? bytes[i] : 1;
	}
	bytes[RANDOM_SIZE] = '\0';
	return exec_args_add(a, (uint32_t)bytes, false);
}

static int collect(struct exec *e, const char *name, uint32_t argv,
		   uint32_t envp, bool from_user)
{
	struct exec_args *a = &e->args;
	uint32_t stack = current->process->limit[RLIMIT_STACK].soft / 4;
	int n = 0;

	a->limit = stack < ARGS_MIN ? ARGS_MIN
		   : stack < EXEC_FRAMES_MAX * PAGE_SIZE
			   ? stack
			   : EXEC_FRAMES_MAX * PAGE_SIZE;
	for (uint32_t i = 0; i < e->prefixes && !n; i++) {
		n = exec_args_add(a, (uint32_t)e->prefix[i], false);
	}
	if (!n) {
		n = exec_args_add_all(a, argv, e->prefixes ? 1 : 0, from_user);
	}
	if (n < 0) {
		return n;
	}
	e->argc = e->prefixes + (uint32_t)n;
	n = exec_args_add_all(a, envp, 0, from_user);
	if (n < 0) {
		return n;
	}
	e->envc = (uint32_t)n;
	n = exec_args_add(a, (uint32_t)name, false);
	n = n ? n : exec_args_add(a, (uint32_t) "i686", false);
	n = n ? n : add_random(a);
	exec_args_finish(a);
	return n;
}

/* --- the change --- */

static void set_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	strncpy(current->name, slash ? slash + 1 : path, TASK_NAME_MAX - 1);
	current->name[TASK_NAME_MAX - 1] = '\0';
}

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

static long begin_program(struct exec *e)
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
	set_name(e->name);
	if (exec_load_finish(e)) {
		/* There is no way back, and not enough memory for this one. */
		exit_process(SIGKILL);
	}
	return 0;
}

static void exec_free(struct exec *e)
{
	for (uint32_t i = 0; i < e->prefixes; i++) {
		free(e->prefix[i]);
	}
	exec_args_free(&e->args);
	if (e->inode) {
		inode_put(e->inode);
	}
	if (e->vm) {
		vm_put(e->vm);
	}
	free(e->path);
	free(e->name);
	free(e);
}

long exec_program(const char *path, uint32_t argv, uint32_t envp,
		  bool from_user)
{
	struct exec *e = calloc(1, sizeof(*e));
	long error;

	if (!e) {
		return -ENOMEM;
	}
	e->path = strdup(path);
	e->name = strdup(path);
	error = e->path && e->name ? find_program(e) : -ENOMEM;
	if (!error) {
		error = collect(e, e->name, argv, envp, from_user);
	}
	if (!error) {
		error = exec_load(e);
	}
	if (!error) {
		error = begin_program(e);
	}
	exec_free(e);
	return error;
}

long sys_execve(const struct syscall_args *a)
{
	const char *path;
	int error = path_fetch(a->arg[0], &path);

	return error ? error : exec_program(path, a->arg[1], a->arg[2], true);
}
