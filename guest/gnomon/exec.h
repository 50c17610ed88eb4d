/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program that is about to begin.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/linux/elf.h"
#include "guest/gnomon/task.h"

struct inode;
struct vm_space;

#define EXEC_LOADS_MAX	 8
#define EXEC_RANDOM_SIZE 16 /* AT_RANDOM */
#define EXEC_PLATFORM	 "i686"

/* --- elf.c: what is in its file, checked --- */

/* A part of the file that goes into memory; addresses are final. */
struct elf_load {
	uint32_t va, file_offset, file_size, memory_size;
	uint32_t rights; /* VM_READ... */
};

struct elf_program {
	uint32_t entry;
	uint32_t phdr_va, phnum;
	uint32_t end;		 /* behind the last part */
	bool wants_stack_to_run; /* or does not say */
	uint32_t count;
	struct elf_load load[EXEC_LOADS_MAX];
};

/* Two of the reasons below, which are more than messages. */
extern const char elf_not_elf[], elf_dynamic[];

/*
 * Of a file of @file_size that begins with the @size bytes at @head, which
 * has its headers there. NULL, or why it cannot be run.
 */
const char *elf_plan(const void *head, uint32_t size, uint64_t file_size,
		     struct elf_program *out);

/* --- exec_load.c: its memory --- */

struct exec {
	const char *path; /* as it was called */
	char name[TASK_NAME_MAX];
	struct inode *inode;
	const void *head; /* of the file, in its own frame */
	uint32_t head_size;
	struct elf_program program;
	/*
	 * argc arguments, envc variables, the path, EXEC_PLATFORM and
	 * random bytes, one behind the other; malloc.
	 */
	char *strings;
	uint32_t used, size, limit; /* bytes */
	uint32_t argc, envc;
	struct vm_space *vm;
};

/* Room for @n bytes behind the strings. 0, -E2BIG or -ENOMEM. */
int exec_reserve(struct exec *e, uint32_t n);

/* Make e->vm, with the program and its stack in it. 0 or -E*. */
int exec_load(struct exec *e);
