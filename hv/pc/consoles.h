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

/* Report the consoles that are missing and, at log=debug, those in use. */
void consoles_log(void);

/*
 * A receiver of keys: one was typed at @source, which is below
 * CONSOLES_SOURCES, and is @len bytes. Interrupts are off, and the guest's
 * registers are as its exit left them.
 */
#define CONSOLES_SOURCES (CONSOLES_MAX + 1) /* serial ports, a keyboard */
typedef void (*consoles_typed_fn)(void *ctx, u32 source, const u8 *bytes,
				  u32 len);

/*
 * From now on take input from the consoles by interrupt and pass it to @typed.
 * irq_init() was called.
 */
void consoles_enable_input(consoles_typed_fn typed, void *ctx);

/*
 * Poll for input whose interrupt was missed: typed before irq_init(), or while
 * interrupts were off. Interrupts are off.
 */
void consoles_look(void);

/*
 * Resume sources that had to wait, because there was no room for their input or
 * they sent without a pause. Returns true if none has to wait now, so that all
 * further input raises an interrupt. Interrupts are off.
 */
bool consoles_resume(void);

/* Is there anything to type on? */
bool consoles_have_input(void);
