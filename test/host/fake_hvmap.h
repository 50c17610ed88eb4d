/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machine memory for host tests: what mm/hvmap.h promises, over an arena.
 *
 * Frames below a limit are reached directly, those above through as few
 * temporary slots as the hypervisor has, so that a pointer which is kept for
 * too long shows another frame here too.
 */
#pragma once

#include "mm/addr.h"

/*
 * A machine of @frames frames, filled with junk; those from @direct_frames
 * on need slots. fake_hvmap_free() ends it.
 */
void fake_hvmap_init(u32 frames, u32 direct_frames);
void fake_hvmap_free(void);

/* Any frame, good for ever: the view of the test, not of Umbra. */
void *fake_frame(mfn_t f);

/* Does the machine have frame @f? */
bool fake_has_frame(mfn_t f);
