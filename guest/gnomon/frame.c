// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page frames: buddies, and a stack of single frames in front of them.
 *
 * I1  A free block of 2^n frames begins at a multiple of 2^n; its record is
 *     that of its first frame, in the list of order n.
 * I2  Frames in the stack are free but belong to no block; their record says
 *     "in use" to the buddies, so that nobody joins them to one.
 */
#include "guest/gnomon/frame.h"

#include <string.h>

#include "guest/gnomon/early.h"
#include "guest/gnomon/log.h"

#define ORDERS	    11
#define STACK_SIZE  64
#define STACK_BATCH 16

struct frame {
	uint32_t refs;
	uint32_t next, previous; /* frame numbers; 0: none */
	uint32_t free_order;	 /* of a free block, plus 1; 0: not one */
};

_Static_assert(sizeof(struct frame) == FRAME_RECORD, "early.h");

static struct frame *frames;
static uint32_t frame_end; /* numbers are below it */
static uint32_t first[ORDERS];
static uint32_t stack[STACK_SIZE], stack_count;
static uint32_t free_count, all_count;

void frame_init(const struct early *e)
{
	frames = frame_at(e->frames);
	frame_end = e->ram_end >> PAGE_SHIFT;
}

static void list_add(uint32_t n, uint32_t order)
{
	frames[n].free_order = order + 1;
	frames[n].previous = 0;
	frames[n].next = first[order];
	frames[first[order]].previous = n; /* of 0: never looked at */
	first[order] = n;
}

static void list_remove(uint32_t n, uint32_t order)
{
	struct frame *f = &frames[n];

	if (f->previous) {
		frames[f->previous].next = f->next;
	} else {
		first[order] = f->next;
	}
	frames[f->next].previous = f->previous;
	f->free_order = 0;
}

/* Joins the block with its buddy as often as that is free. */
static void block_free(uint32_t n, uint32_t order)
{
	for (; order < ORDERS - 1; order++) {
		uint32_t buddy = n ^ 1u << order;

		if (buddy >= frame_end ||
		    frames[buddy].free_order != order + 1) {
			break;
		}
		list_remove(buddy, order);
		n &= ~(1u << order);
	}
	list_add(n, order);
}

/* Number of the first frame; 0: none. */
static uint32_t block_alloc(uint32_t order)
{
	uint32_t from = order;
	uint32_t n;

	while (from < ORDERS && !first[from]) {
		from++;
	}
	if (from == ORDERS) {
		return 0;
	}
	n = first[from];
	list_remove(n, from);
	while (from > order) {
		from--;
		list_add(n + (1u << from), from);
	}
	return n;
}

void frame_add(uint32_t start, uint32_t end)
{
	uint32_t n = (start + PAGE_MASK) >> PAGE_SHIFT;

	end >>= PAGE_SHIFT;
	for (; n < end && n < frame_end; n++) {
		block_free(n, 0);
		free_count++;
		all_count++;
	}
}

/* --- single frames -------------------------------------------------------- */

static void stack_refill(void)
{
	while (stack_count < STACK_BATCH) {
		uint32_t n = block_alloc(0);

		if (!n) {
			return;
		}
		stack[stack_count++] = n;
	}
}

/* The oldest leave, what was used last is still in the caches. */
static void stack_drain(uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		block_free(stack[i], 0);
	}
	stack_count -= count;
	memmove(stack, stack + count, stack_count * sizeof(*stack));
}

uint32_t frame_alloc(void)
{
	uint32_t n;

	if (!stack_count) {
		stack_refill();
		if (!stack_count) {
			return 0;
		}
	}
	n = stack[--stack_count];
	frames[n].refs = 1;
	free_count--;
	return n << PAGE_SHIFT;
}

uint32_t frame_alloc_zero(void)
{
	uint32_t pa = frame_alloc();
	uint32_t count = PAGE_SIZE / 4;
	void *to = frame_at(pa);

	if (pa) {
		__asm__ volatile("rep stosl"
				 : "+D"(to), "+c"(count)
				 : "a"(0)
				 : "memory");
	}
	return pa;
}

void frame_get(uint32_t pa)
{
	frames[pa >> PAGE_SHIFT].refs++;
}

void frame_put(uint32_t pa)
{
	uint32_t n = pa >> PAGE_SHIFT;

	if (!frames[n].refs) {
		panic("frame 0x%08x freed twice", (unsigned)pa);
	}
	if (--frames[n].refs) {
		return;
	}
	if (stack_count == STACK_SIZE) {
		stack_drain(STACK_BATCH);
	}
	stack[stack_count++] = n;
	free_count++;
}

bool frame_is_shared(uint32_t pa)
{
	return frames[pa >> PAGE_SHIFT].refs > 1;
}

/* --- more than one -------------------------------------------------------- */

/* The stack may hold what is missing to a larger block. */
uint32_t frame_alloc_order(uint32_t order)
{
	uint32_t n = block_alloc(order);
	uint32_t i;

	if (!n) {
		stack_drain(stack_count);
		n = block_alloc(order);
		if (!n) {
			return 0;
		}
	}
	for (i = 0; i < 1u << order; i++) {
		frames[n + i].refs = 1;
	}
	free_count -= 1u << order;
	return n << PAGE_SHIFT;
}

void frame_free_order(uint32_t pa, uint32_t order)
{
	uint32_t n = pa >> PAGE_SHIFT;
	uint32_t i;

	for (i = 0; i < 1u << order; i++) {
		if (frames[n + i].refs != 1) {
			panic("frame 0x%08x of a block has %u references",
			      (unsigned)pa, (unsigned)frames[n + i].refs);
		}
		frames[n + i].refs = 0;
	}
	block_free(n, order);
	free_count += 1u << order;
}

uint32_t frame_count_free(void)
{
	return free_count;
}

uint32_t frame_count_all(void)
{
	return all_count;
}
