/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two 8259A interrupt controllers.
 */
#pragma once

#include "hv/lib/types.h"

#define PIC_LINES 16

/* Move the lines to vectors from X86_VEC_IRQ on and mask them all. */
void pic_init(void);

/* Let interrupts of @line (0-15) through, or keep them out. */
void pic_unmask(u32 line);
void pic_mask(u32 line);

/*
 * Acknowledge an interrupt of @line. Returns false when it was spurious:
 * no device raised it.
 */
bool pic_acknowledge(u32 line);
