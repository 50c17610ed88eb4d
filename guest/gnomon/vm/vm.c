// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Address spaces: how they begin and end, mapping and unmapping.
 *
 * The list of areas says what a program may use; frames come with the first
 * touch. Read vm_area.c next.
 */
#include "guest/gnomon/vm/vm.h"

#include <stdlib.h>

#include "guest/gnomon/fs/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/mm/frame.h"
#include "guest/gnomon/task/task.h"

struct vm_space *vm_new(void)
{
	struct vm_space *s = calloc(1, sizeof(*s));

	if (!s || mmu_create(&s->mmu)) {
		free(s);
		return NULL;
	}
	s->refs = 1;
	return s;
}

struct vm_space *vm_fork(struct vm_space *from)
{
	struct vm_space *to = vm_new();
	int error = 0;

	if (!to) {
		return NULL;
	}
	to->brk_start = from->brk_start;
	to->brk = from->brk;
	to->stack_top = from->stack_top;
	to->arg_start = from->arg_start;
	to->arg_end = from->arg_end;
	to->exe = from->exe ? inode_get(from->exe) : NULL;
	for (const struct vm_area *a = from->areas; a && !error; a = a->next) {
		error = vm_area_add(to, a->start, a->end - a->start, a->flags,
				    a->inode, a->page);
		error = error ? error : vm_share(from, a, to);
	}
	/* Also after a failure: some entries may be read-only by now. */
	mmu_changed_many(&from->mmu);
	mmu_commit();
	if (error) {
		vm_put(to);
		return NULL;
	}
	return to;
}

void vm_clear(struct vm_space *s)
{
	for (const struct vm_area *a = s->areas; a; a = a->next) {
		vm_zap(s, a->start, a->end);
	}
	vm_area_remove(s, USER_START, USER_END);
}

void vm_put(struct vm_space *s)
{
	if (!s || --s->refs) {
		return;
	}
	vm_clear(s);
	mmu_destroy(&s->mmu);
	inode_put(s->exe);
	free(s);
}

static bool is_user_range(uint32_t start, uint32_t size)
{
	return !((start | size) & PAGE_MASK) && size && start >= USER_START &&
	       start < USER_END && size <= USER_END - start;
}

long vm_map(struct vm_space *s, uint32_t start, uint32_t size, uint32_t flags,
	    struct inode *inode, uint32_t page)
{
	uint32_t limit = current->process->limit[RLIMIT_AS].soft >> PAGE_SHIFT;
	uint32_t pages = size >> PAGE_SHIFT;

	start = start ? start : vm_area_place(s, size);
	/* What the machine cannot ever have is not promised. */
	if (!is_user_range(start, size) || pages > frame_count_all() ||
	    s->area_pages + pages > limit ||
	    (!vm_is_free(s, start, size) && vm_unmap(s, start, size)) ||
	    vm_area_add(s, start, size, flags, inode, page)) {
		return -ENOMEM;
	}
	vm_area_merge(s);
	return (long)start;
}

int vm_unmap(struct vm_space *s, uint32_t start, uint32_t size)
{
	if (!is_user_range(start, size)) {
		return -EINVAL;
	}
	if (vm_area_split(s, start) || vm_area_split(s, start + size)) {
		return -ENOMEM;
	}
	vm_zap(s, start, start + size);
	vm_area_remove(s, start, start + size);
	mmu_commit();
	return 0;
}
