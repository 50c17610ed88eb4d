/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arguments and environment of a program that begins: strings, collected in
 * frames that become the top of its stack.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define EXEC_FRAMES_MAX 512 /* 2 MiB */

struct exec_args {
	uint32_t limit; /* bytes, strings and pointers */
	uint32_t used;	/* bytes of strings */
	uint32_t frames;
	uint32_t frame[EXEC_FRAMES_MAX];
	uint32_t *offset; /* of each string; malloc */
	uint32_t strings, offsets_max;
};

/* A string of the program's or, unless @from_user, of the kernel's. */
int exec_args_add(struct exec_args *a, uint32_t from, bool from_user);
/* All of a null-terminated array, but for the first @skip. Count or -E*. */
int exec_args_add_all(struct exec_args *a, uint32_t array, uint32_t skip,
		      bool from_user);
/* Nothing follows: what is behind the end of the last frame is zero. */
void exec_args_finish(struct exec_args *a);
/* Gives back the frames that are left. */
void exec_args_free(struct exec_args *a);
