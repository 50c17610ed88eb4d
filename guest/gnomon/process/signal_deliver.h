/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What becomes of signals on the way to ring 3: handlers and their
 * stack frames.
 */
#pragma once

#include <stdint.h>

struct signal_action;
struct signal_info;
struct trap_frame;

/* On the way to ring 3: deliver, stop, or end. */
void signal_deliver(struct trap_frame *f);

/* --- signal_frame.c --- */

/* In trap_frame->error: the call was dealt with; not to begin again. */
#define FRAME_NO_CALL 0xffffffffu

/*
 * Make @f continue in the handler of @a; @mask is what will be blocked after
 * it. 0 or -EFAULT.
 */
int signal_frame_push(struct trap_frame *f, const struct signal_action *a,
		      const struct signal_info *info, uint64_t mask);
