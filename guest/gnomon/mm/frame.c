// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page frames: a count of references each, and a stack of free ones. Nobody
 * needs adjoining frames: what must adjoin is mapped so (kmap.c).
 */
#include "guest/gnomon/mm/frame.h"

#include "guest/gnomon/arch/early.h"
#include "guest/gnomon/lib/log.h"
#include "guest/lib/newlib.h"
#include "guest/lib/virtio.h"

static struct frame *frames; /* by number: pa >> PAGE_SHIFT */
static uint32_t frame_end;
static uint32_t first; /* what was freed last: still in the caches */
static uint32_t free_count, all_count;

void frame_init(const struct early *e)
{
	frames = frame_at(e->frames);
	frame_end = e->ram_end >> PAGE_SHIFT;
}

static void push(uint32_t n)
{
	frames[n].next = first;
	first = n;
	free_count++;
}

/* Lowest first, without what early.c found to be no RAM. */
void frame_add(uint32_t start, uint32_t end)
{
	uint32_t lowest = (start + PAGE_MASK) >> PAGE_SHIFT;
	uint32_t n = end >> PAGE_SHIFT;

	/* Frame 0 stands for none. */
	for (n = n < frame_end ? n : frame_end; n > lowest && n > 1; n--) {
		if (!frames[n - 1].refs) {
			push(n - 1);
			all_count++;
		}
	}
}

uint32_t frame_alloc(void)
{
	uint32_t n = first;

	if (!n) {
		return 0;
	}
	first = frames[n].next;
	frames[n].refs = 1;
	free_count--;
	return n << PAGE_SHIFT;
}

uint32_t frame_alloc_zero(void)
{
	uint32_t pa = frame_alloc(), words = PAGE_SIZE / 4;
	void *to = frame_at(pa);

	if (pa) {
		__asm__ volatile("rep stosl"
				 : "+D"(to), "+c"(words)
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
	struct frame *f = &frames[pa >> PAGE_SHIFT];

	if (!f->refs) {
		panic("frame 0x%08x freed twice", (unsigned)pa);
	}
	if (!--f->refs) {
		push(pa >> PAGE_SHIFT);
	}
}

bool frame_is_shared(uint32_t pa)
{
	return frames[pa >> PAGE_SHIFT].refs > 1;
}

uint32_t frame_count_free(void)
{
	return free_count;
}

uint32_t frame_count_all(void)
{
	return all_count;
}
