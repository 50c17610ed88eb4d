// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Address spaces: mapping, unmapping, changing rights.
 *
 * The list of areas says what a program may use; frames come with the first
 * touch. Every way out of here that changed entries has told of them.
 * Read vm_pages.c next.
 */
#include "guest/gnomon/vm.h"

#include <stdlib.h>

#include "guest/gnomon/inode.h"
#include "guest/gnomon/layout.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/vm_area.h"
#include "guest/gnomon/vm_pages.h"

/* Mappings lie below this, and leave the stack room to grow. */
#define MAP_TOP (USER_END - 0x08000000)

/* Tables of a range this large are given back, lesser ones at the end. */
#define LARGE_RANGE 0x00400000u

struct vm_space *vm_new(void)
{
	struct vm_space *s = calloc(1, sizeof(*s));

	if (s && mmu_create(&s->mmu)) {
		free(s);
		return NULL;
	}
	if (s) {
		s->refs = 1;
	}
	return s;
}

/* Everything but the tables, which must go before the space is used. */
static void empty(struct vm_space *s)
{
	struct vm_changes unused = { .space = s };

	for (struct vm_area *a = s->areas; a; a = a->next) {
		vm_zap(s, a->start, a->end, &unused);
	}
	vm_area_remove(s, USER_START, USER_END);
}

void vm_clear(struct vm_space *s)
{
	empty(s);
	mmu_free_tables(&s->mmu, 0, KERNEL_BASE);
	mmu_commit();
}

void vm_put(struct vm_space *s)
{
	if (--s->refs) {
		return;
	}
	empty(s);
	mmu_destroy(&s->mmu);
	if (s->exe) {
		inode_put(s->exe);
	}
	free(s);
}

static bool is_user_range(uint32_t start, uint32_t size)
{
	return !(start & PAGE_MASK) && !(size & PAGE_MASK) && size &&
	       start >= USER_START && start < USER_END &&
	       size <= USER_END - start;
}

/* Memory shared between processes without a name: a file nobody can open. */
static struct inode *anonymous_file(uint32_t size)
{
	struct inode *i = ramfs_new_file();

	if (i) {
		i->size = size;
	}
	return i;
}

long vm_map(struct vm_space *s, uint32_t start, uint32_t size, uint32_t flags,
	    struct inode *inode, uint32_t page)
{
	struct inode *shared = NULL;
	int error;

	if (!start) {
		start = vm_area_place(s, size, MAP_TOP);
		if (!start) {
			start = vm_area_place(s, size, USER_END);
		}
		if (!start) {
			return -ENOMEM;
		}
	}
	if (!is_user_range(start, size)) {
		return -ENOMEM;
	}
	error = vm_find_next(s, start) ? vm_unmap(s, start, size) : 0;
	if (!error && !inode && (flags & VM_SHARED)) {
		shared = inode = anonymous_file(size);
		error = shared ? 0 : -ENOMEM;
	}
	if (!error) {
		error = vm_area_add(s, start, size, flags, inode, page);
	}
	if (shared) {
		inode_put(shared);
	}
	return error ? error : (long)start;
}

int vm_unmap(struct vm_space *s, uint32_t start, uint32_t size)
{
	struct vm_changes changes = { .space = s };
	struct vm_area *a;
	int error;

	if (!is_user_range(start, size)) {
		return -EINVAL;
	}
	error = vm_area_cut(s, start, start + size);
	if (error) {
		return error;
	}
	for (a = vm_find_next(s, start); a && a->start < start + size;
	     a = a->next) {
		vm_zap(s, a->start, a->end, &changes);
	}
	vm_area_remove(s, start, start + size);
	if (size >= LARGE_RANGE) {
		mmu_free_tables(&s->mmu, start, start + size);
	}
	vm_changes_tell(&changes);
	return 0;
}

void vm_forget(struct vm_space *s, uint32_t start, uint32_t size)
{
	struct vm_changes changes = { .space = s };
	uint32_t end = start + size;

	for (struct vm_area *a = vm_find_next(s, start); a && a->start < end;
	     a = a->next) {
		vm_zap(s, a->start > start ? a->start : start,
		       a->end < end ? a->end : end, &changes);
	}
	vm_changes_tell(&changes);
}

/* Areas, without a hole, from @start to @end. */
static bool is_covered(struct vm_space *s, uint32_t start, uint32_t end)
{
	struct vm_area *a = vm_find(s, start);

	while (a && a->end < end && a->next && a->next->start == a->end) {
		a = a->next;
	}
	return a && a->end >= end;
}

int vm_protect(struct vm_space *s, uint32_t start, uint32_t size,
	       uint32_t rights)
{
	struct vm_changes changes = { .space = s };
	uint32_t end = start + size;
	int error;

	if (!is_user_range(start, size) || !is_covered(s, start, end)) {
		return -ENOMEM;
	}
	error = vm_area_cut(s, start, end);
	if (error) {
		return error;
	}
	for (struct vm_area *a = vm_find(s, start); a && a->start < end;
	     a = a->next) {
		uint32_t flags = (a->flags & ~VM_RIGHTS) | rights;

		if (flags != a->flags) {
			a->flags = flags;
			vm_reprotect(s, a, &changes);
		}
	}
	vm_area_merge(s, start, end + 1);
	vm_changes_tell(&changes);
	return 0;
}

/* Another @size bytes behind @a, if nothing is there. */
static int grow_in_place(struct vm_space *s, const struct vm_area *a,
			 uint32_t end, uint32_t size)
{
	uint32_t limit = a->next ? a->next->start : USER_END;

	if (a->next && (a->next->flags & VM_GROWSDOWN)) {
		limit -= VM_STACK_GAP;
	}
	if (end != a->end || limit < end || limit - end < size) {
		return -ENOMEM;
	}
	return vm_area_add(s, end, size, a->flags, a->inode,
			   a->page + ((end - a->start) >> PAGE_SHIFT));
}

/* [@start, @start + @old_size) to another place, where it has @size bytes. */
static long move_area(struct vm_space *s, uint32_t start, uint32_t old_size,
		      uint32_t size, uint32_t to)
{
	struct vm_changes changes = { .space = s };
	struct vm_area *a = vm_find(s, start);
	uint32_t page = a->page + ((start - a->start) >> PAGE_SHIFT);
	struct inode *inode = a->inode;
	int error;
	long at;

	/* The area may be unmapped by vm_map(), but not the file. */
	if (inode) {
		inode_get(inode);
	}
	at = vm_map(s, to, size, a->flags, inode, page);
	if (inode) {
		inode_put(inode);
	}
	if (at < 0) {
		return at;
	}
	error = vm_move(s, start, (uint32_t)at, old_size, &changes);
	vm_changes_tell(&changes);
	vm_unmap(s, start, old_size);
	return error ? error : at;
}

long vm_remap(struct vm_space *s, uint32_t start, uint32_t old_size,
	      uint32_t size, bool may_move, uint32_t fixed)
{
	struct vm_area *a;
	int error;

	if (!is_user_range(start, size) ||
	    (old_size && !is_user_range(start, old_size)) ||
	    (fixed && (!is_user_range(fixed, size) ||
		       (fixed < start + old_size && start < fixed + size)))) {
		return -EINVAL;
	}
	if (!fixed && old_size >= size) {
		error = old_size > size
				? vm_unmap(s, start + size, old_size - size)
				: 0;
		return error ? error : (long)start;
	}
	a = vm_find(s, start);
	if (!a || !old_size || a->end - start < old_size) {
		return -EFAULT;
	}
	if (!fixed && !grow_in_place(s, a, start + old_size, size - old_size)) {
		return start;
	}
	if (!may_move) {
		return -ENOMEM;
	}
	return move_area(s, start, old_size < size ? old_size : size, size,
			 fixed);
}

int vm_insert(struct vm_space *s, const struct vm_area *area, uint32_t va,
	      uint32_t pa)
{
	void *entry = mmu_pte_make(&s->mmu, va);

	if (!entry) {
		return -ENOMEM;
	}
	mmu_write(entry, vm_entry_for(area, pa));
	s->pages++;
	return 0;
}
