// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changing page-table entries of a whole range.
 *
 * Only tables that exist are looked at, and of their entries only those that
 * hold something. Read vm_fault.c next.
 */
#include "guest/gnomon/vm.h"

#include <string.h>

#include "guest/gnomon/frame.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/task.h"

/* If more entries change, the whole space is told of at once. */
#define CHANGES_MAX 16

/* Which: of the one walk that is under way. */
static uint32_t changed[CHANGES_MAX];

/* A range, and what is done to it. */
struct walk {
	struct vm_space *space;
	uint32_t start, end;
	uint32_t changes;
	const struct vm_area *area; /* reprotect, share */
	uint32_t target;	    /* move */
	struct vm_space *to;	    /* share */
	uint32_t from_table, to_table;
};

/* For @entry of @va. 0 or -E*: the end of the walk. */
typedef int walk_fn(struct walk *w, void *entry, uint32_t va);

static void set(struct walk *w, void *entry, uint32_t va, uint64_t value)
{
	mmu_write(entry, value);
	if (w->changes < CHANGES_MAX) {
		changed[w->changes] = va;
	}
	w->changes++;
}

/* Of a space that is not the current one, nothing is known that is wrong. */
static void tell(struct walk *w)
{
	struct mmu_space *mmu = &w->space->mmu;

	if (w->changes > CHANGES_MAX || w->space != current->vm) {
		mmu_changed_many(mmu);
		return;
	}
	for (uint32_t i = 0; i < w->changes; i++) {
		mmu_changed(mmu, changed[i],
			    mmu_read(mmu_pte(mmu, changed[i])));
	}
}

/* Always inline: then @fn is, too, and this costs as much as a plain loop. */
static inline __attribute__((always_inline)) int walk(struct walk *w,
						      walk_fn *fn)
{
	uint32_t size = vm_entry_size();
	uint32_t va = w->start;
	int error = 0;

	while (va < w->end && !error) {
		uint32_t next = mmu_next_table(va);
		char *entry = mmu_pte(&w->space->mmu, va);

		next = next < w->end ? next : w->end;
		for (; entry && va < next && !error; va += PAGE_SIZE) {
			if (!vm_entry_is_empty(entry)) {
				error = fn(w, entry, va);
			}
			entry += size;
		}
		va = next;
	}
	tell(w);
	return error;
}

/* --- entries --- */

/* A private frame that somebody else has too is copied before it is written.
 */
uint64_t vm_entry_for(const struct vm_area *area, uint32_t pa)
{
	uint64_t entry = pa | PTE_A;

	if (area->flags & VM_RIGHTS) {
		entry |= PTE_P | PTE_US;
	}
	if (mmu_has_nx && !(area->flags & VM_EXEC)) {
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

static int zap(struct walk *w, void *entry, uint32_t va)
{
	uint32_t pa = mmu_frame(mmu_read(entry));

	set(w, entry, va, 0);
	frame_put(pa);
	w->space->pages--;
	return 0;
}

void vm_zap(struct vm_space *s, uint32_t start, uint32_t end)
{
	struct walk w = { .space = s, .start = start, .end = end };

	walk(&w, zap);
}

static int reprotect(struct walk *w, void *entry, uint32_t va)
{
	set(w, entry, va, vm_entry_for(w->area, mmu_frame(mmu_read(entry))));
	return 0;
}

void vm_reprotect(struct vm_space *s, const struct vm_area *area)
{
	struct walk w = { s, area->start, area->end, .area = area };

	walk(&w, reprotect);
}

static int move(struct walk *w, void *entry, uint32_t va)
{
	void *to = mmu_pte_make(&w->space->mmu, va - w->start + w->target);

	if (!to) {
		return -ENOMEM;
	}
	/* It was absent, and needs no telling. */
	mmu_write(to, mmu_read(entry));
	set(w, entry, va, 0);
	return 0;
}

int vm_move(struct vm_space *s, uint32_t from, uint32_t to, uint32_t size)
{
	struct walk w = { s, from, from + size, .target = to };

	return walk(&w, move);
}

/*
 * Private frames become read-only on both sides until one writes. The page
 * that both will write before anything else is the top of their stack: it is
 * copied at once, if there is memory, which saves either a fault. What was
 * accessed stays so: the copy will most likely use it too.
 */
static int share(struct walk *w, void *entry, uint32_t va)
{
	uint32_t offset = (uint32_t)entry & PAGE_MASK;
	uint64_t value = mmu_read(entry);
	uint32_t pa = mmu_frame(value), copy = 0;

	if (w->from_table != (uint32_t)entry - offset) {
		void *target = mmu_pte_make(&w->to->mmu, va);

		if (!target) {
			return -ENOMEM;
		}
		w->from_table = (uint32_t)entry - offset;
		w->to_table = (uint32_t)target - offset;
	}
	if (!(w->area->flags & VM_SHARED) && (value & PTE_RW)) {
		if (va == page_down(current->frame->esp)) {
			copy = vm_frame_copy(pa);
		}
		if (!copy) {
			value &= ~(uint64_t)PTE_RW;
			mmu_write(entry, value);
		}
	}
	if (copy) {
		value = value - pa + copy;
	} else {
		frame_get(pa);
	}
	mmu_write((void *)(w->to_table + offset), value);
	w->to->pages++;
	return 0;
}

int vm_share(struct vm_space *s, const struct vm_area *area,
	     struct vm_space *to)
{
	struct walk w = { s, area->start, area->end, .area = area, .to = to };

	return walk(&w, share);
}
