/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Gnomon's files stand on, faked: frames, user memory, one task.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/arch/layout.h"
#include "guest/gnomon/fs/fd.h"
#include "guest/gnomon/fs/file.h"
#include "guest/gnomon/fs/path.h"
#include "guest/gnomon/fs/ramfs.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/task/task.h"

/* User memory: [FAKE_USER, FAKE_USER + FAKE_USER_SIZE). */
#define FAKE_USER      0x100000u
#define FAKE_USER_SIZE 0x80000u

struct fake {
	uint8_t user[FAKE_USER_SIZE];
	uint32_t frames_left;
	uint32_t frames_used;
	uint64_t now;
	uint64_t wall_ahead; /* platform_wall() of now */
	/* What wait_on() does instead of sleeping; NULL: a signal comes. */
	int (*wait)(void);
	uint32_t signal, signals; /* the last one, how many */
	char console[65536];
	uint32_t console_bytes;
};

extern struct fake fake;

/* Memory, a root file system, a task in it. For cmocka. */
int fake_setup(void **state);
/* Nothing of it is in use any more. */
int fake_teardown(void **state);
void fake_console_clear(void);
/* @text in user memory, at an offset of its own per @slot. */
uint32_t fake_text(uint32_t slot, const char *text);

/* System call @name, of which each argument is an integer of any type. */
#define CALL(name, ...) fake_call(sys_##name, (const long[6]){ __VA_ARGS__ })
long fake_call(long (*serve)(const struct syscall_args *a), const long arg[6]);
