// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel maps for itself, each kind in a range of addresses of its
 * own (layout.h): malloc()'s heap, kernel stacks, registers of devices.
 */
#include "guest/gnomon/mm/kmap.h"

#include "guest/gnomon/mm/frame.h"
#include "guest/gnomon/mm/mmu.h"
#include "guest/lib/newlib.h"
#include "guest/lib/virtio.h"

#define KERNEL_PTE (PTE_P | PTE_RW | PTE_A | PTE_D)

/* The entry for @va becomes @pte. Returns the frame that was there. */
static uint32_t set(uint32_t va, uint32_t pte)
{
	void *entry = mmu_pte(&mmu_kernel, va);
	uint32_t pa = mmu_frame(paging_read(entry));

	paging_write(entry, pte);
	mmu_changed(&mmu_kernel, va, pte);
	return pa;
}

static void unmap(uint32_t start, uint32_t end)
{
	for (; start < end; start += PAGE_SIZE) {
		frame_put(set(start, 0));
	}
}

/* Frames for all of [@start, @end), or none and false. */
static bool map(uint32_t start, uint32_t end)
{
	uint32_t at, pa;

	for (at = start; at < end; at += PAGE_SIZE) {
		pa = frame_alloc();
		if (!pa) {
			unmap(start, at);
			return false;
		}
		set(at, pa | KERNEL_PTE);
	}
	return true;
}

/* --- heap ----------------------------------------------------------------- */

/* One of map() and unmap() has nothing to do. */
void *sdk_sbrk(ptrdiff_t by)
{
	static uint32_t heap_end = HEAP_START;
	uint32_t old = heap_end, end = old + (uint32_t)by;

	if (end < HEAP_START || end > HEAP_START + HEAP_SIZE ||
	    !map(page_up(old), page_up(end))) {
		return NULL;
	}
	unmap(page_up(end), page_up(old));
	heap_end = end;
	return (void *)old;
}

/* --- stacks --------------------------------------------------------------- */

/*
 * Those that are free stay mapped, each with the address of the next at its
 * lowest: mapping has to be announced, and the next task takes it.
 */
static uint32_t free_stack;

uint32_t stack_new(void)
{
	/* Each has as much below it that is never mapped. */
	static uint32_t next = STACKS_START + KERNEL_STACK_SIZE;
	uint32_t stack = free_stack;

	if (stack) {
		free_stack = *(uint32_t *)stack;
		return stack;
	}
	if (next > STACKS_START + STACKS_SIZE ||
	    !map(next, next + KERNEL_STACK_SIZE)) {
		return 0;
	}
	stack = next;
	next += 2 * KERNEL_STACK_SIZE;
	return stack;
}

void stack_free(uint32_t stack)
{
	*(uint32_t *)stack = free_stack;
	free_stack = stack;
}

/* --- registers of devices ------------------------------------------------- */

/* Windows are handed out in order and never returned. */
volatile void *sdk_map_device(uint32_t pa, uint32_t size)
{
	static uint32_t next = MMIO_START;
	uint32_t offset = pa & PAGE_MASK, va = next;

	if (page_up(size + offset) > MMIO_START + MMIO_SIZE - next) {
		return NULL;
	}
	for (pa -= offset; next < va + offset + size; next += PAGE_SIZE) {
		set(next, pa | KERNEL_PTE | PTE_PCD);
		pa += PAGE_SIZE;
	}
	mmu_commit();
	return (volatile void *)(va + offset);
}
