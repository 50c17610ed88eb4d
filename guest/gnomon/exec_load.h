/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program that is about to begin, and its memory.
 */
#pragma once

#include "guest/gnomon/elf.h"
#include "guest/gnomon/exec_args.h"

struct inode;
struct vm_space;

#define EXEC_HEAD_SIZE	  256
#define EXEC_PREFIXES_MAX 10

struct exec {
	char *name; /* as it was called; malloc, as the others */
	char *path; /* of the file, or of its interpreter */
	struct inode *inode;
	uint32_t head_size;
	char head[EXEC_HEAD_SIZE] __attribute__((aligned(4)));
	/* Of scripts: what comes in place of the first argument. */
	uint32_t prefixes;
	char *prefix[EXEC_PREFIXES_MAX];
	struct elf_program program;
	struct exec_args args;
	uint32_t argc, envc;
	struct vm_space *vm;
	uint32_t strings_at; /* user address of args' frames */
};

/* Make e->vm. 0 or -E*. */
int exec_load(struct exec *e);
/*
 * It is the current one: fill in what could not be before, and set
 * registers. 0, or -E* when memory is short.
 */
int exec_load_finish(struct exec *e);
