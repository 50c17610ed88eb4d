// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memory behind malloc(), which is newlib's.
 */
#include "guest/gnomon/frame.h"
#include "guest/gnomon/mmu.h"
#include "guest/lib/newlib.h"

static uint32_t heap_end = HEAP_START; /* what malloc() thinks it has */
static uint32_t mapped_end = HEAP_START;

static void unmap_to(uint32_t end)
{
	while (mapped_end > end) {
		mapped_end -= PAGE_SIZE;
		frame_put(mmu_unmap_kernel(mapped_end));
	}
}

static bool map_to(uint32_t end)
{
	while (mapped_end < end) {
		uint32_t pa = frame_alloc();

		if (!pa) {
			return false;
		}
		mmu_map_kernel(mapped_end, pa, 0);
		mapped_end += PAGE_SIZE;
	}
	return true;
}

void *sdk_sbrk(ptrdiff_t by)
{
	uint32_t old = heap_end;
	uint32_t end = old + (uint32_t)by;
	uint32_t page_end = page_up(end);

	if (end < HEAP_START || end > HEAP_START + HEAP_SIZE) {
		return NULL;
	}
	if (!map_to(page_end)) {
		unmap_to(page_up(old));
		return NULL;
	}
	unmap_to(page_end);
	heap_end = end;
	return (void *)old;
}
