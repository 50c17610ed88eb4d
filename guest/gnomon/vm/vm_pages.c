// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changing page-table entries of a whole range.
 *
 * Only tables that exist are looked at, and of their entries only those that
 * hold something. Read vm_fault.c next.
 */
#include <string.h>

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/mm/frame.h"
#include "guest/gnomon/task/task.h"
#include "guest/gnomon/vm/vm.h"
#include "guest/lib/trap.h"

/*
 * What the walk that is under way has changed, to be told at its end. If
 * there are more, the whole space is told of at once.
 */
#define CHANGES_MAX 16
static uint32_t changed[CHANGES_MAX], changes;

static void set(void *entry, uint32_t va, uint64_t value)
{
	paging_write(entry, value);
	changed[changes++ % CHANGES_MAX] = va;
}

/* Of a space that is not the current one, nothing is known that is wrong. */
static void tell(struct vm_space *s)
{
	if (changes > CHANGES_MAX || s != current->vm) {
		mmu_changed_many(&s->mmu);
		changes = 0;
	}
	while (changes) {
		uint32_t va = changed[--changes];

		mmu_changed(&s->mmu, va, paging_read(mmu_pte(&s->mmu, va)));
	}
}

/* What is done to @entry of @va. 0, or -E*: the end of the walk. */
typedef int walk_fn(void *entry, uint32_t va, void *arg);

/* Always inline: then @fn is, too, and this costs as much as a plain loop. */
static inline __attribute__((always_inline)) int
walk(struct vm_space *s, uint32_t va, uint32_t end, walk_fn *fn, void *arg)
{
	uint32_t size = mmu_entry_size();
	int error = 0;

	while (va < end && !error) {
		uint32_t next = mmu_next_table(va);
		char *entry = mmu_pte(&s->mmu, va);

		next = next < end ? next : end;
		for (; entry && va < next && !error; va += PAGE_SIZE) {
			if (!vm_entry_is_empty(entry)) {
				error = fn(entry, va, arg);
			}
			entry += size;
		}
		va = next;
	}
	if (changes) {
		tell(s);
	}
	return error;
}

/* --- entries --- */

/*
 * A private frame that somebody else has too is copied before it is written.
 */
uint64_t vm_entry_for(const struct vm_area *area, uint32_t pa)
{
	uint64_t entry = pa | PTE_A;

	if (area->flags & VM_RIGHTS) {
		entry |= PTE_P | PTE_US;
	}
	if (paging_has_nx && !(area->flags & VM_EXEC)) {
		entry |= PTE_NX;
	}
	if ((area->flags & VM_WRITE) &&
	    ((area->flags & VM_SHARED) || !frame_is_shared(pa))) {
		entry |= PTE_RW | PTE_D;
	}
	return entry;
}

uint32_t vm_frame_copy(uint32_t pa)
{
	uint32_t copy = frame_alloc();

	if (copy) {
		memcpy(frame_at(copy), frame_at(pa), PAGE_SIZE);
	}
	return copy;
}

/* --- what is done to ranges --- */

static int zap(void *entry, uint32_t va, void *arg)
{
	struct vm_space *s = arg;
	uint32_t pa = mmu_frame(paging_read(entry));

	set(entry, va, 0);
	frame_put(pa);
	s->pages--;
	return 0;
}

void vm_zap(struct vm_space *s, uint32_t start, uint32_t end)
{
	walk(s, start, end, zap, s);
}

static int reprotect(void *entry, uint32_t va, void *arg)
{
	set(entry, va, vm_entry_for(arg, mmu_frame(paging_read(entry))));
	return 0;
}

void vm_reprotect(struct vm_space *s, struct vm_area *area)
{
	walk(s, area->start, area->end, reprotect, area);
}

static int move(void *entry, uint32_t va, void *distance)
{
	void *to = mmu_pte(&current->vm->mmu, va + *(uint32_t *)distance);

	/* It was absent, and needs no telling. */
	paging_write(to, paging_read(entry));
	set(entry, va, 0);
	return 0;
}

int vm_move(uint32_t from, uint32_t to, uint32_t size)
{
	uint32_t distance = to - from;

	for (uint32_t at = to; at < to + size; at = mmu_next_table(at)) {
		if (!mmu_pte_make(&current->vm->mmu, at)) {
			return -ENOMEM;
		}
	}
	return walk(current->vm, from, from + size, move, &distance);
}

struct sharing {
	const struct vm_area *area;
	struct vm_space *to;
	uint32_t from_table, to_table;
};

/*
 * Private frames become read-only on both sides until one writes. The page
 * that both will write before anything else is the top of their stack: it is
 * copied at once, if there is memory, which saves either a fault. What was
 * accessed stays so: the copy will most likely use it too.
 */
static int share(void *entry, uint32_t va, void *arg)
{
	struct sharing *w = arg;
	uint32_t offset = (uint32_t)entry & PAGE_MASK;
	uint64_t value = paging_read(entry);
	uint32_t pa = mmu_frame(value), copy = 0;
	bool is_private = value & PTE_RW && !(w->area->flags & VM_SHARED);

	if (w->from_table != (uint32_t)entry - offset) {
		void *target = mmu_pte_make(&w->to->mmu, va);

		if (!target) {
			return -ENOMEM;
		}
		w->from_table = (uint32_t)entry - offset;
		w->to_table = (uint32_t)target - offset;
	}
	if (is_private && va == page_down(current->frame->esp)) {
		copy = vm_frame_copy(pa);
	}
	if (copy) {
		value = value - pa + copy;
	} else {
		frame_get(pa);
	}
	if (is_private && !copy) {
		value &= ~(uint64_t)PTE_RW;
		paging_write(entry, value);
	}
	paging_write((void *)(w->to_table + offset), value);
	w->to->pages++;
	return 0;
}

int vm_share(struct vm_space *s, const struct vm_area *area,
	     struct vm_space *to)
{
	struct sharing sharing = { area, to, 0, 0 };

	return walk(s, area->start, area->end, share, &sharing);
}
