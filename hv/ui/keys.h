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
 * While there is no guest: sleep until an interrupt, which is served, or see
 * what somebody sends who does not pause. What is typed is kept for the next
 * guest, until there is no room for more: then it is dropped, so that the keys
 * behind it are heard.
 */
void keys_wait(void);

/*
 * Nothing more will happen: say which keys work, and "halted"; serve them
 * until one asks for another life of the guest. Never returns when there is
 * no guest, or nothing to type at.
 */
void keys_stand_by(struct machine *m);

/*
 * From now on keys are about @g, which is about to start, and its output is
 * printed again. The first time a hint says how, if @has_input.
 */
void keys_attach(struct guest *g, bool has_input);

/* There is no guest that could be started any more. */
void keys_detach(struct machine *m);
