/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What newlib asks of its environment. The hypervisor has no heap: newlib's
 * formatter refers to one for the sake of functions that are never called
 * here, so a call is a bug.
 *
 * Nor has it files: newlib's own state of a thread would bring stdio and the
 * system calls below it, so that this one, without streams, takes its place.
 */
#include <reent.h>

#include "hv/lib/panic.h"

static struct _reent reent;
struct _reent *_impure_ptr = &reent;

void *_malloc_r(struct _reent *r, size_t size);
void *_realloc_r(struct _reent *r, void *old, size_t size);
void _free_r(struct _reent *r, void *p);

void *_malloc_r(struct _reent *r, size_t size)
{
	(void)r;
	panic("the C library asked for %u bytes of heap", (u32)size);
}

void *_realloc_r(struct _reent *r, void *old, size_t size)
{
	(void)old;
	return _malloc_r(r, size);
}

void _free_r(struct _reent *r, void *p)
{
	(void)r;
	(void)p;
	panic("the C library freed heap memory");
}
