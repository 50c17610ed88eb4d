/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How processes begin, change and end.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/mm/uaccess.h"

struct task;

/* --- init.c fork.c exec.c exit.c --- */

/* The child gave its parent's memory back. */
void fork_release_parent(void);

/* Run the program at @path as the first process. Does not return. */
void exec_init(const char *path, const char *const argv[],
	       const char *const envp[]) __attribute__((noreturn));
/* Arrays of pointers, ended by NULL, in the memory that they lie in. */
long exec_program(const char *path, struct buffer argv, struct buffer envp);
/* The whole process ends; @status as wait4() shows it. */
void exit_process(uint32_t status) __attribute__((noreturn));
/* The current thread alone ends. */
void exit_thread(uint32_t status) __attribute__((noreturn));
/* All but the current one are told to end. */
void exit_other_threads(void);

/* --- tls.c --- */

/*
 * Give @t the thread area that the struct linux_user_desc at user address
 * @from describes; number -1 asks for a free one, and learns which.
 */
int task_set_tls(struct task *t, struct user_ptr from);
