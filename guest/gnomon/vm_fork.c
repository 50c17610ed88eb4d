// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The copy of an address space: frames are shared, and those that are
 * private become read-only on both sides until one writes.
 */
#include "guest/gnomon/vm.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/vm_area.h"
#include "guest/gnomon/vm_pages.h"

static uint32_t top_of_stack(void)
{
	return page_down(current->frame->esp);
}

/*
 * The page that both will write before anything else is the top of their
 * stack: it is copied at once, which saves either a fault. False: no memory,
 * it is shared like the others.
 */
static bool copy_page(struct vm_space *to, void *target, uint64_t entry)
{
	uint32_t pa = frame_alloc();

	if (!pa) {
		return false;
	}
	memcpy(frame_at(pa), frame_at(mmu_frame(entry)), PAGE_SIZE);
	mmu_write(target, entry - mmu_frame(entry) + pa);
	to->pages++;
	return true;
}

/*
 * Entries of @va to @end, which are all in one table. What was accessed stays
 * so: the copy will most likely use it too, and need not fault for each.
 */
static bool copy_table(struct vm_space *to, char *from, uint32_t va,
		       uint32_t end, bool is_shared)
{
	uint32_t size = vm_entry_size();
	char *target = NULL;

	for (; va < end; va += PAGE_SIZE, from += size) {
		uint64_t entry;

		if (target) {
			target += size;
		}
		if (vm_entry_is_empty(from)) {
			continue;
		}
		if (!target) {
			target = mmu_pte_make(&to->mmu, va);
			if (!target) {
				return false;
			}
		}
		entry = mmu_read(from);
		if (va == top_of_stack() && !is_shared && (entry & PTE_RW) &&
		    copy_page(to, target, entry)) {
			continue;
		}
		if (!is_shared && (entry & PTE_RW)) {
			entry &= ~(uint64_t)PTE_RW;
			mmu_write(from, entry);
		}
		frame_get(mmu_frame(entry));
		mmu_write(target, entry);
		to->pages++;
	}
	return true;
}

static bool copy_area(struct vm_space *to, struct vm_space *from,
		      const struct vm_area *a)
{
	uint32_t va = a->start;

	while (va < a->end) {
		uint32_t next = vm_table_end(va, a->end);
		char *entry = mmu_pte(&from->mmu, va);

		if (entry &&
		    !copy_table(to, entry, va, next, a->flags & VM_SHARED)) {
			return false;
		}
		va = next;
	}
	return true;
}

/* Everything but the entries. */
static bool copy_areas(struct vm_space *to, const struct vm_space *from)
{
	struct vm_area **link = &to->areas;

	for (const struct vm_area *a = from->areas; a; a = a->next) {
		struct vm_area *copy = malloc(sizeof(*copy));

		if (!copy) {
			return false;
		}
		*copy = *a;
		copy->next = NULL;
		if (copy->inode) {
			inode_get(copy->inode);
		}
		*link = copy;
		link = &copy->next;
	}
	to->area_pages = from->area_pages;
	return true;
}

struct vm_space *vm_fork(struct vm_space *from)
{
	struct vm_space *to = vm_new();
	bool is_done;

	if (!to) {
		return NULL;
	}
	to->brk_start = from->brk_start;
	to->brk = from->brk;
	to->stack_top = from->stack_top;
	to->arg_start = from->arg_start;
	to->arg_end = from->arg_end;
	to->env_end = from->env_end;
	to->exe = from->exe;
	if (to->exe) {
		inode_get(to->exe);
	}
	is_done = copy_areas(to, from);
	for (const struct vm_area *a = from->areas; is_done && a; a = a->next) {
		is_done = copy_area(to, from, a);
	}
	/* Also after a failure: some entries may be read-only by now. */
	mmu_changed_many(&from->mmu);
	mmu_commit();
	if (!is_done) {
		vm_put(to);
		return NULL;
	}
	return to;
}
