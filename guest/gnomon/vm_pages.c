// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changing page-table entries of a whole range.
 *
 * Only tables that exist are looked at, and of their entries only those that
 * hold something. Read vm_fault.c next.
 */
#include "guest/gnomon/vm_pages.h"

#include <stddef.h>

#include "guest/gnomon/frame.h"
#include "guest/gnomon/linux/errno.h"

static void add_change(struct vm_changes *c, uint32_t va)
{
	if (c->n < VM_CHANGES_MAX) {
		c->va[c->n] = va;
	}
	c->n++;
}

/*
 * At once: the kernel itself may touch the program's memory next, and must
 * not do so by what was true before.
 */
void vm_changes_tell(struct vm_changes *c)
{
	struct vm_space *s = c->space;

	if (c->n > VM_CHANGES_MAX) {
		mmu_changed_many(&s->mmu);
	} else {
		for (uint32_t i = 0; i < c->n; i++) {
			void *entry = mmu_pte(&s->mmu, c->va[i]);

			mmu_changed(&s->mmu, c->va[i],
				    entry ? mmu_read(entry) : 0);
		}
	}
	if (c->n) {
		mmu_commit();
	}
	c->n = 0;
}

/* Bits of a present entry, but for RW and D. */
static uint64_t entry_bits(uint32_t rights)
{
	uint64_t nx = mmu_has_nx && !(rights & VM_EXEC) ? PTE_NX : 0;

	return nx | (rights & VM_RIGHTS ? PTE_P | PTE_US | PTE_A : PTE_A);
}

/* A private frame that somebody else has too is copied before it is written.
 */
uint64_t vm_entry_for(const struct vm_area *area, uint32_t pa)
{
	uint64_t entry = pa | entry_bits(area->flags);

	if ((area->flags & VM_WRITE) &&
	    ((area->flags & VM_SHARED) || !frame_is_shared(pa))) {
		entry |= PTE_RW | PTE_D;
	}
	return entry;
}

void vm_zap(struct vm_space *s, uint32_t start, uint32_t end,
	    struct vm_changes *c)
{
	uint32_t size = vm_entry_size();

	while (start < end) {
		uint32_t next = vm_table_end(start, end);
		char *entry = mmu_pte(&s->mmu, start);

		for (; entry && start < next; start += PAGE_SIZE) {
			if (!vm_entry_is_empty(entry)) {
				uint32_t pa = mmu_frame(mmu_read(entry));

				mmu_write(entry, 0);
				frame_put(pa);
				s->pages--;
				add_change(c, start);
			}
			entry += size;
		}
		start = next;
	}
}

void vm_reprotect(struct vm_space *s, const struct vm_area *area,
		  struct vm_changes *c)
{
	uint32_t size = vm_entry_size();
	uint32_t va = area->start;

	while (va < area->end) {
		uint32_t next = vm_table_end(va, area->end);
		char *entry = mmu_pte(&s->mmu, va);

		for (; entry && va < next; va += PAGE_SIZE) {
			if (!vm_entry_is_empty(entry)) {
				mmu_write(entry,
					  vm_entry_for(area, mmu_frame(mmu_read(
								     entry))));
				add_change(c, va);
			}
			entry += size;
		}
		va = next;
	}
}

int vm_move(struct vm_space *s, uint32_t from, uint32_t to, uint32_t size,
	    struct vm_changes *c)
{
	for (uint32_t at = 0; at < size; at += PAGE_SIZE) {
		char *entry = mmu_pte(&s->mmu, from + at);
		char *target;

		if (!entry || vm_entry_is_empty(entry)) {
			continue;
		}
		target = mmu_pte_make(&s->mmu, to + at);
		if (!target) {
			return -ENOMEM;
		}
		mmu_write(target, mmu_read(entry));
		mmu_write(entry, 0);
		add_change(c, from + at);
		add_change(c, to + at);
	}
	return 0;
}
