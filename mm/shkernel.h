/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel half of the address space, which all roots share: directory
 * entries from s->kernel_first on.
 */
#pragma once

#include "mm/shtable.h"

static inline bool sh_is_kernel(const struct shadow *s, u32 va)
{
	return va >> PAE_PD_SHIFT >= s->kernel_first;
}

/* Is all of GiB @q the kernel's, so that its page is shared? */
static inline bool sh_is_all_kernel(const struct shadow *s, u32 q)
{
	return q * PAE_ENTRIES >= s->kernel_first;
}

/* Does the kernel half of GiB @q agree with @t, unless @t was written? */
static inline bool shkernel_agrees(const struct shadow *s,
				   const struct sh_table *t, u32 q)
{
	return t->kernel_generation[q] == s->kernel_generation[q];
}

/* Record that the kernel half of GiB @q agrees with directory @t now. */
void shkernel_set_agrees(const struct shadow *s, struct sh_table *t, u32 q);

/* Record that directory @t may differ from the kernel half, in any GiB. */
void shkernel_forget(struct sh_table *t);

/*
 * Directory entry @i of page @p, absent so far, which is the kernel half's or
 * a directory's: refer to part @part of table @t, as the guest's entry @gpde
 * of directory @dir says, or of an unknown one (NULL). The caller's reference
 * goes over to the entry.
 */
void shkernel_link(struct shadow *s, struct sh_page *p, u32 i, gpte_t gpde,
		   struct sh_table *t, u32 part, struct sh_table *dir);
void shkernel_unlink(struct shadow *s, struct sh_page *p, u32 i);

/*
 * In a GiB that is only partly the kernel's, page @p of a directory repeats
 * the kernel's entries. Call the first when it is made, the second before it
 * is given back; elsewhere they do nothing.
 */
void shkernel_add_copy(struct shadow *s, struct sh_page *p);
void shkernel_remove_copy(struct shadow *s, struct sh_page *p);

/* Drop all entries but the Switcher's. */
void shkernel_empty(struct shadow *s);

/* Give back the pages of the kernel half, which is empty; no root uses it. */
void shkernel_drop(struct shadow *s);
