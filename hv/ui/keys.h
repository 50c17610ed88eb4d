/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys for Umbra: Ctrl-], then one more, wherever it is typed.
 */
#pragma once

#include "hv/lib/types.h"

struct guest;

/* What a keyboard or a line remembers from one key to the next. */
struct keys_source {
	bool is_escaped; /* the last one was Ctrl-] */
};

/*
 * One key was typed at @s: @len bytes, which become the guest's input unless
 * the key is Umbra's. Interrupts are off, and the guest's registers are as
 * its exit left them.
 */
void keys_typed(struct keys_source *s, const u8 *bytes, u32 len);

/*
 * Called when there was an interrupt: an answer that waits for the end of a
 * line does not wait for ever.
 */
void keys_poll(void);

/* Was Ctrl-] b typed since the guest ended? It is for the caller to obey. */
bool keys_restart_asked(void);

/*
 * Nothing more will happen: say which keys work, and "halted"; serve them
 * until one asks for another life of the guest. Never returns when there is
 * no guest, or nothing to type at.
 */
void keys_stand_by(void);

/*
 * From now on keys are about @g, which is about to start, and its output is
 * printed again. The first time a hint says how, if @has_input.
 */
void keys_attach(struct guest *g, bool has_input);

/* There is no guest that could be started any more. */
void keys_detach(void);
