/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What follows an end: a line, a value for the exit port, an action.
 */
#pragma once

#include "hv/pc/machine.h"

/* Values written to the exit port. The emulator's status is 2 * value + 1. */
enum verdict {
	VERDICT_OFF = 0x10,
	VERDICT_KILLED = 0x11,
	VERDICT_PANIC = 0x12,
	VERDICT_NO_START = 0x13,
	VERDICT_RESTARTED = 0x14,
};

/* Remember the exit port. */
void end_init(const struct options *o);

/* The end of a panic: returns when there is no exit port. */
void end_panic(void);

/*
 * Do what @action says, with @v for the exit port. Returns for END_RESTART,
 * and when the user asks for it at the console of the halted machine @m.
 */
void end_act(struct machine *m, enum end_action action, enum verdict v);
