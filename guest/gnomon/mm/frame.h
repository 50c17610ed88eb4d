/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page frames: who has them, and how many share each. Stacks made of them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/arch/layout.h"

/* Frames are named by physical address, page aligned. 0: none. */

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
