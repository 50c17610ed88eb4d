/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which consoles there are, by option and by what the machine has.
 */
#pragma once

#include "hv/load/boot_info.h"
#include "hv/load/options.h"

/*
 * Set up the consoles that @o names, or else COM1 and the screen @s; those
 * that are absent are left out.
 */
void consoles_init(const struct options *o, const struct boot_framebuffer *s);

/* Say what was asked for and is not there; at log=debug what is. */
void consoles_log(void);

/* Take input from them by interrupt, from now on. irq_init() was called. */
void consoles_enable_input(void);

/*
 * Take what was typed without an interrupt that told of it: before there were
 * interrupts, or while nobody had them on. Interrupts are off.
 */
void consoles_look(void);

/* Is there anything to type on? */
bool consoles_have_input(void);

/* Print how many bytes were typed, as a counter. */
void consoles_log_stats(void);
