/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys for Umbra: Ctrl-], then one more, wherever it is typed.
 */
#pragma once

#include "hv/lib/types.h"

struct guest;
struct machine;

/*
 * A key was typed, see consoles_typed_fn: its bytes become the guest's input
 * unless the key is Umbra's.
 */
void keys_typed(void *machine, u32 source, const u8 *bytes, u32 len);

/*
 * While there is no guest: sleep until an interrupt, which is served, or poll
 * the input of a sender that does not pause. What is typed is kept for the next
 * start of the guest. When the buffer is full it is dropped, so that later keys
 * still work.
 */
void keys_wait(void);

/*
 * The machine is halted: print that and which keys work, and serve them until
 * one asks for a restart of the guest. Never returns when there is no guest,
 * or no console with input.
 */
void keys_stand_by(struct machine *m);

/*
 * From now on keys are about @g, which is about to start, and its output is
 * printed again. The first time a hint says how, if @has_input.
 */
void keys_attach(struct guest *g, bool has_input);

/* From now on there is no guest that could be started again. */
void keys_detach(struct machine *m);
