/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions that newlib needs from its environment. The hypervisor has no heap:
 * newlib's formatter refers to one only in functions that are never called
 * here, so a call of the allocator is a bug.
 *
 * It has no files either. newlib's own struct of a thread's state would link
 * stdio and system calls; the one defined here has no streams.
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
