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

/*
 * Somebody to give keys to: one was typed at @source, which is below
 * CONSOLES_SOURCES, and is @len bytes. Interrupts are off, and the guest's
 * registers are as its exit left them.
 */
#define CONSOLES_SOURCES (CONSOLES_MAX + 1) /* serial ports, a keyboard */
typedef void (*consoles_typed_fn)(void *ctx, u32 source, const u8 *bytes,
				  u32 len);

/*
 * Take input from them by interrupt, from now on, for @typed. irq_init() was
 * called.
 */
void consoles_enable_input(consoles_typed_fn typed, void *ctx);

/*
 * Take what was typed without an interrupt that told of it: before there were
 * interrupts, or while nobody had them on. Interrupts are off.
 */
void consoles_look(void);

/*
 * Let sources go on that had to wait, because there was no room for what they
 * send or no end of it. Returns whether none has to wait now: it will tell of
 * more by an interrupt. Interrupts are off.
 */
bool consoles_resume(void);

/* Is there anything to type on? */
bool consoles_have_input(void);
