// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The areas of an address space.
 *
 * I1: areas are sorted, do not overlap, and are not empty.
 * I2: area_pages is the sum of their sizes.
 * I3: last is NULL or one of them.
 * Read vm_pages.c next.
 */
#include <stdlib.h>

#include "guest/gnomon/fs/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/vm/vm.h"

/* Mappings lie below this, and leave the stack room to grow. */
#define MAP_TOP (USER_END - 0x04000000)

struct vm_area *vm_find_next(struct vm_space *s, uint32_t va)
{
	struct vm_area *a = s->last;

	if (!a || a->start > va) {
		a = s->areas;
	}
	while (a && a->end <= va) {
		a = a->next;
	}
	s->last = a;
	return a;
}

struct vm_area *vm_find(struct vm_space *s, uint32_t va)
{
	struct vm_area *a = vm_find_next(s, va);

	return a && a->start <= va ? a : NULL;
}

/* --- free places --- */

/* Up to where things may be put below @next: what grows down has its gap. */
static uint32_t limit_below(const struct vm_area *next)
{
	uint32_t gap = next && next->flags & VM_GROWSDOWN ? VM_STACK_GAP : 0;
	uint32_t end = next ? next->start : USER_END;

	return end > gap ? end - gap : 0;
}

bool vm_is_free(struct vm_space *s, uint32_t start, uint32_t size)
{
	uint32_t limit = limit_below(vm_find_next(s, start));

	return start >= USER_START && start < limit && size <= limit - start;
}

uint32_t vm_area_place(const struct vm_space *s, uint32_t size)
{
	uint32_t free_from = USER_START;
	uint32_t found = 0;

	for (const struct vm_area *a = s->areas;; a = a->next) {
		uint32_t limit = limit_below(a);

		limit = limit < MAP_TOP ? limit : MAP_TOP;
		if (limit > free_from && limit - free_from >= size) {
			found = limit - size;
		}
		if (!a) {
			return found;
		}
		free_from = a->end;
	}
}

/* --- changes --- */

/* What leads to the first area that begins at @va or behind. */
static struct vm_area **link_to(struct vm_space *s, uint32_t va)
{
	struct vm_area **link = &s->areas;

	/* Whoever makes many makes them in order. */
	if (s->last && s->last->start < va) {
		link = &s->last->next;
	}
	while (*link && (*link)->start < va) {
		link = &(*link)->next;
	}
	return link;
}

int vm_area_add(struct vm_space *s, uint32_t start, uint32_t size,
		uint32_t flags, struct inode *inode, uint32_t page)
{
	struct vm_area **link = link_to(s, start);
	struct vm_area *a = malloc(sizeof(*a));

	if (!a) {
		return -ENOMEM;
	}
	*a = (struct vm_area){ start, start + size, flags, inode, page, *link };
	*link = s->last = a;
	if (inode) {
		inode_get(inode);
	}
	s->area_pages += size >> PAGE_SHIFT;
	return 0;
}

static void unlink_area(struct vm_space *s, struct vm_area **link)
{
	struct vm_area *a = *link;

	*link = a->next;
	s->last = NULL;
	inode_put(a->inode);
	free(a);
}

void vm_area_remove(struct vm_space *s, uint32_t start, uint32_t end)
{
	struct vm_area **link = link_to(s, start);

	while (*link && (*link)->start < end) {
		s->area_pages -= ((*link)->end - (*link)->start) >> PAGE_SHIFT;
		unlink_area(s, link);
	}
}

int vm_area_split(struct vm_space *s, uint32_t va)
{
	struct vm_area *a = vm_find(s, va);
	uint32_t size = a ? a->end - va : 0;

	if (!a || a->start == va) {
		return 0;
	}
	if (vm_area_add(s, va, size, a->flags, a->inode, vm_area_page(a, va))) {
		return -ENOMEM;
	}
	a->end = va;
	s->area_pages -= size >> PAGE_SHIFT;
	return 0;
}

static bool goes_on(const struct vm_area *a, const struct vm_area *b)
{
	return a->end == b->start && a->flags == b->flags &&
	       a->inode == b->inode &&
	       (!a->inode || vm_area_page(a, a->end) == b->page);
}

void vm_area_merge(struct vm_space *s)
{
	struct vm_area *a = s->areas;

	while (a && a->next) {
		if (goes_on(a, a->next)) {
			a->end = a->next->end;
			unlink_area(s, &a->next);
		} else {
			a = a->next;
		}
	}
}
