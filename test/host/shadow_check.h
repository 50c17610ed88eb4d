/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must hold of a shadow, judged from outside: by following the tables
 * as a processor does, by counting again what the shadow counts, and by
 * comparing with the guest's tables. It looks at the world of world.h.
 */
#pragma once

#include <stdbool.h>

/*
 * What holds at every moment. NULL, or what does not; the text is good until
 * the next call.
 *
 *	- Each leaf maps a frame of the guest, never with G; the Switcher's
 *	  pages are exact and alone; all tables are shadow frames.
 *	- An entry has no more rights than the guest entry it came from;
 *	  absent entries are zero; filled bits, reference counts, counts of
 *	  writable leaves, pages and lists are right.
 *	- Where a guest's entry is another one than that which was filled,
 *	  the next flush will look at it.
 */
const char *shadow_check(void);

/*
 * Does each translation of the current root agree with the guest's tables?
 * The kernel half is looked at if @with_kernel.
 */
const char *shadow_check_agrees(bool with_kernel);
