/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A US keyboard: from scan codes to the bytes a terminal would send.
 */
#pragma once

#include "hv/lib/types.h"

#define KEYMAP_OUT_MAX 8u /* the longest sequence, with Alt */

/* Initially all zero but num_lock. */
struct keymap {
	u8 shift; /* which of the keys are down, a bit each */
	u8 control;
	u8 alt;
	u8 locks; /* lock keys that are down: repeats are ignored */
	bool caps_lock;
	bool num_lock;
	bool is_extended; /* 0xe0 came before */
	u8 skip;	  /* codes to ignore, of a key that sends many */
};

/*
 * Take one code of scan code set 1. Returns how many bytes it typed, now in
 * @out; 0 for releases, modifiers and unknown keys.
 */
u32 keymap_feed(struct keymap *k, u8 code, u8 out[KEYMAP_OUT_MAX]);
