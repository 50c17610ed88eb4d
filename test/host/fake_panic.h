/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * panic() for host tests that expect none: says why, and what the test was
 * doing, and ends the program.
 */
#pragma once

/* Called before the end, to say what the test was doing; may be NULL. */
extern void (*fake_panic_report)(void);
