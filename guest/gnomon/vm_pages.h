/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page-table entries of areas. An entry that is not zero holds a reference
 * of its frame, whether it is present or, without any rights, not.
 */
#pragma once

#include "guest/gnomon/layout.h"
#include "guest/gnomon/vm.h"

/* What was changed of the current space, to be told at the end. */
#define VM_CHANGES_MAX 16

struct vm_changes {
	struct vm_space *space;
	uint32_t n;
	uint32_t va[VM_CHANGES_MAX]; /* if there are not more */
};

void vm_changes_tell(struct vm_changes *c);

static inline uint32_t vm_entry_size(void)
{
	return paging_is_pae ? 8 : 4;
}

/* An entry's low half is zero only if all of it is. */
static inline bool vm_entry_is_empty(const char *entry)
{
	return !*(const volatile uint32_t *)entry;
}

/* End of the table that maps @va, or @end. */
static inline uint32_t vm_table_end(uint32_t va, uint32_t end)
{
	uint32_t next = mmu_next_table(va);

	return next < end ? next : end;
}

/* The entry for frame @pa, as @area lets the program use it right now. */
uint64_t vm_entry_for(const struct vm_area *area, uint32_t pa);

void vm_zap(struct vm_space *s, uint32_t start, uint32_t end,
	    struct vm_changes *c);
/* After @flags of the areas between have changed. */
void vm_reprotect(struct vm_space *s, const struct vm_area *area,
		  struct vm_changes *c);
/* Entries of [@from, @from + @size) go to @to. 0 or -ENOMEM. */
int vm_move(struct vm_space *s, uint32_t from, uint32_t to, uint32_t size,
	    struct vm_changes *c);
