/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program that is about to begin.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/linux/elf.h"
#include "guest/gnomon/task/task.h"

struct inode;
struct vm_space;

#define EXEC_LOADS_MAX	 8
#define EXEC_RANDOM_SIZE 16 /* AT_RANDOM */

/* --- elf.c: what is in its file, checked --- */

struct elf_program {
	uint32_t entry;
	uint32_t phdr_va, phnum;
	uint32_t end;		 /* behind the last part */
	bool wants_stack_to_run; /* or does not say */
	uint32_t count;
	/* What goes into memory: vaddr is final, flags are VM_READ... */
	struct elf_phdr load[EXEC_LOADS_MAX];
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

/*
 * Of the program that is about to begin: argc arguments, envc variables, the
 * path and random bytes, one behind the other; then what points to them. In
 * use only while nobody else runs.
 */
#define EXEC_STRINGS_MAX 0x80000u
extern char exec_strings[EXEC_STRINGS_MAX];

struct exec {
	const char *path; /* as it was called */
	struct inode *inode;
	const void *head; /* of the file, in its own frame */
	uint32_t head_size;
	struct elf_program program;
	uint32_t used; /* bytes of exec_strings */
	uint32_t argc, envc;
	struct vm_space *vm;
};

/* Make e->vm, with the program and its stack in it. 0 or -E*. */
int exec_load(struct exec *e);
