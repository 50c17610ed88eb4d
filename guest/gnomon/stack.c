// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernel stacks, in slots of an address range of their own:
 *
 *	KERNEL_STACK_SIZE bytes		never mapped
 *	KERNEL_STACK_SIZE bytes		the stack
 *
 * Mapping and unmapping has to be announced, so some that are free stay
 * mapped for those who come next.
 */
#include "guest/gnomon/stack.h"

#include <stdbool.h>

#include "guest/gnomon/frame.h"
#include "guest/gnomon/mmu.h"

#define SLOT_SIZE (2 * KERNEL_STACK_SIZE)
#define SLOTS	  (STACKS_SIZE / SLOT_SIZE)
#define MAPPED	  32

static uint32_t mapped[MAPPED], mapped_count;
static uint16_t unmapped[SLOTS], unmapped_count; /* that were in use once */
static uint32_t used_slots;

static void unmap(uint32_t stack, uint32_t size)
{
	uint32_t at;

	for (at = stack; at < stack + size; at += PAGE_SIZE) {
		frame_put(mmu_unmap_kernel(at));
	}
	unmapped[unmapped_count++] =
		(uint16_t)((stack - STACKS_START) / SLOT_SIZE);
}

uint32_t stack_new(void)
{
	uint32_t slot, stack, at;

	if (mapped_count) {
		return mapped[--mapped_count];
	}
	if (unmapped_count) {
		slot = unmapped[--unmapped_count];
	} else if (used_slots < SLOTS) {
		slot = used_slots++;
	} else {
		return 0;
	}
	stack = STACKS_START + slot * SLOT_SIZE + KERNEL_STACK_SIZE;
	for (at = stack; at < stack + KERNEL_STACK_SIZE; at += PAGE_SIZE) {
		uint32_t pa = frame_alloc();

		if (!pa) {
			unmap(stack, at - stack);
			return 0;
		}
		mmu_map_kernel(at, pa, 0);
	}
	return stack;
}

void stack_free(uint32_t stack)
{
	if (mapped_count < MAPPED) {
		mapped[mapped_count++] = stack;
	} else {
		unmap(stack, KERNEL_STACK_SIZE);
	}
}
