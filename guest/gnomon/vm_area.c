// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The areas of an address space.
 *
 * I1: areas are sorted, do not overlap, and are not empty.
 * I2: area_pages is the sum of their sizes.
 * I3: last is NULL or one of them.
 * Read vm.c next.
 */
#include "guest/gnomon/vm_area.h"

#include <stdlib.h>

#include "guest/gnomon/inode.h"
#include "guest/gnomon/layout.h"
#include "guest/gnomon/linux/errno.h"

struct vm_area *vm_find_next(struct vm_space *s, uint32_t va)
{
	struct vm_area *a = s->last;

	if (!a || a->start > va) {
		a = s->areas;
	}
	while (a && a->end <= va) {
		a = a->next;
	}
	if (a) {
		s->last = a;
	}
	return a;
}

struct vm_area *vm_find(struct vm_space *s, uint32_t va)
{
	struct vm_area *a = vm_find_next(s, va);

	return a && a->start <= va ? a : NULL;
}

static bool goes_on(const struct vm_area *a, const struct vm_area *b)
{
	return a->end == b->start && a->flags == b->flags &&
	       a->inode == b->inode && !(a->flags & VM_STACK) &&
	       (!a->inode ||
		a->page + ((a->end - a->start) >> PAGE_SHIFT) == b->page);
}

static void area_free(struct vm_space *s, struct vm_area *a)
{
	if (s->last == a) {
		s->last = NULL;
	}
	if (a->inode) {
		inode_put(a->inode);
	}
	free(a);
}

void vm_area_merge(struct vm_space *s, uint32_t start, uint32_t end)
{
	struct vm_area *a = s->areas;

	while (a && a->next && a->start < end) {
		struct vm_area *b = a->next;

		if (b->start >= start && goes_on(a, b)) {
			a->end = b->end;
			a->next = b->next;
			area_free(s, b);
		} else {
			a = b;
		}
	}
}

int vm_area_add(struct vm_space *s, uint32_t start, uint32_t size,
		uint32_t flags, struct inode *inode, uint32_t page)
{
	struct vm_area **link = &s->areas;
	struct vm_area *a = malloc(sizeof(*a));

	if (!a) {
		return -ENOMEM;
	}
	while (*link && (*link)->start < start) {
		link = &(*link)->next;
	}
	*a = (struct vm_area){ start, start + size, flags, inode, page, *link };
	*link = a;
	if (inode) {
		inode_get(inode);
	}
	s->area_pages += size >> PAGE_SHIFT;
	vm_area_merge(s, start, start + size + 1);
	return 0;
}

/* Make two of @a, if @va is inside of it. */
static int split(struct vm_area *a, uint32_t va)
{
	struct vm_area *b;

	if (!a || a->start >= va || a->end <= va) {
		return 0;
	}
	b = malloc(sizeof(*b));
	if (!b) {
		return -ENOMEM;
	}
	*b = *a;
	b->start = va;
	b->page += (va - a->start) >> PAGE_SHIFT;
	a->end = va;
	a->next = b;
	if (b->inode) {
		inode_get(b->inode);
	}
	return 0;
}

int vm_area_cut(struct vm_space *s, uint32_t start, uint32_t end)
{
	int error = split(vm_find_next(s, start), start);

	return error ? error : split(vm_find_next(s, end), end);
}

void vm_area_remove(struct vm_space *s, uint32_t start, uint32_t end)
{
	struct vm_area **link = &s->areas;

	while (*link && (*link)->start < start) {
		link = &(*link)->next;
	}
	while (*link && (*link)->start < end) {
		struct vm_area *a = *link;

		*link = a->next;
		s->area_pages -= (a->end - a->start) >> PAGE_SHIFT;
		area_free(s, a);
	}
}

uint32_t vm_area_place(const struct vm_space *s, uint32_t size, uint32_t limit)
{
	uint32_t free_from = USER_START;
	uint32_t found = 0;

	for (const struct vm_area *a = s->areas; a && free_from < limit;
	     a = a->next) {
		uint32_t end = a->start < limit ? a->start : limit;

		/* What grows down keeps its distance. */
		if (a->flags & VM_GROWSDOWN) {
			end = end > VM_STACK_GAP ? end - VM_STACK_GAP : 0;
		}
		if (end > free_from && end - free_from >= size) {
			found = end - size;
		}
		free_from = a->end;
	}
	if (limit > free_from && limit - free_from >= size) {
		found = limit - size;
	}
	return found;
}
