/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * I/O APICs: interrupt inputs, numbered through all of them.
 */
#pragma once

#include "hv/lib/types.h"

#define IOAPICS_MAX 8
#define IOAPIC_SIZE 0x20 /* bytes of registers */

/*
 * Add the I/O APIC whose registers are mapped at @base and whose first input
 * is number @first; mask all its inputs. Returns false when none answers
 * there, or there are too many.
 */
bool ioapic_add(volatile void *base, u32 first);

/* Is there any? */
bool ioapic_is_used(void);

/*
 * Deliver input @input as @vector to the processor with the local APIC
 * @apic_id. Returns false when no I/O APIC has that input.
 */
bool ioapic_route(u32 input, u32 vector, u32 apic_id, bool is_low,
		  bool is_level);

/* Deliver nothing from @input. */
void ioapic_mask(u32 input);
