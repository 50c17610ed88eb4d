/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page frames: who has them, and how many share each. Stacks made of them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/arch/layout.h"

/* Frames are named by physical address, page aligned. 0: none. */

/* What is known of one. */
struct frame {
	uint32_t refs; /* 0: free */
	uint32_t next; /* of a free one: number of the next; 0: last */
};

struct early;

void frame_init(const struct early *e);
/* [@start, @end) is free for use from now on. */
void frame_add(uint32_t start, uint32_t end);

/* One frame with one reference; 0: none left. */
uint32_t frame_alloc(void);
uint32_t frame_alloc_zero(void);

void frame_get(uint32_t pa);
/* The last reference frees it. */
void frame_put(uint32_t pa);
bool frame_is_shared(uint32_t pa);

uint32_t frame_count_free(void);
uint32_t frame_count_all(void);

/*
 * Kernel stacks: KERNEL_STACK_SIZE bytes each, with nothing mapped below, so
 * that one that overflows does not become somebody else's memory. They are not
 * part of the direct map: a device cannot be given a buffer on a stack.
 * Lowest address, or 0: no memory.
 */
uint32_t stack_new(void);
void stack_free(uint32_t stack);

/* One in 16 is free: for what can be done without. */
static inline bool frame_is_plenty(void)
{
	return frame_count_free() > frame_count_all() / 16;
}

/* RAM in the kernel's address space. */
static inline void *frame_at(uint32_t pa)
{
	return (void *)(uintptr_t)(pa + KERNEL_BASE);
}

static inline uint32_t frame_of(const void *p)
{
	return (uint32_t)(uintptr_t)p - KERNEL_BASE;
}

/* How much of @n bytes at @at lies in one frame. */
static inline uint32_t frame_part(uint64_t at, uint32_t n)
{
	uint32_t rest = PAGE_SIZE - ((uint32_t)at & PAGE_MASK);

	return n < rest ? n : rest;
}

/* Where the page of @a begins; the same for the first that begins no lower. */
static inline uint32_t page_down(uint32_t a)
{
	return a & ~(uint32_t)PAGE_MASK;
}

static inline uint32_t page_up(uint32_t a)
{
	return page_down(a + PAGE_MASK);
}
