// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page faults of programs, and of the kernel on their behalf.
 *
 * Entries are made with A, and with D where they are writable: the processor
 * or the hypervisor has nothing left to do when the program goes on.
 */
#include <string.h>

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/fs/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/mm/frame.h"
#include "guest/gnomon/task/task.h"
#include "guest/gnomon/vm/vm.h"

/* Of a file, so much is mapped around the page that was touched. */
#define AROUND_SIZE (16u * PAGE_SIZE)
/*
 * After this many pages that were touched in a row, the next ones come
 * along up to a multiple of a size, as long as there is plenty of memory:
 * faults cost more than zeros.
 */
#define AHEAD_RUN  4
#define AHEAD_SIZE (8 * PAGE_SIZE)

/* --- the first touch of a page --- */

/* A frame, with a reference, for @va of @a. Files need not @make theirs. */
static uint32_t find_frame(const struct vm_area *a, uint32_t va, bool make)
{
	uint32_t page = vm_area_page(a, va);
	uint32_t pa = 0;

	if (!a->inode) {
		return frame_alloc_zero();
	}
	if (page < (a->inode->size + PAGE_MASK) >> PAGE_SHIFT) {
		pa = a->inode->ops->page(a->inode, page, make);
	}
	if (pa) {
		frame_get(pa);
	}
	return pa;
}

/* The last pages before it are there, by what is seen of two of them. */
static bool is_after_run(const struct vm_area *a, const char *entry,
			 uint32_t va)
{
	uint32_t size = mmu_entry_size();

	/* Within the table: groups of pages do not straddle tables. */
	return ((uint32_t)entry & PAGE_MASK) >= AHEAD_RUN * size &&
	       va - a->start >= AHEAD_RUN * PAGE_SIZE &&
	       !vm_entry_is_empty(entry - size) &&
	       !vm_entry_is_empty(entry - AHEAD_RUN * size) &&
	       frame_is_plenty();
}

/*
 * Make the entry of @va, if there is something for it, and those of its
 * neighbours that cost little. These are not told: absent before, they are no
 * danger, and whoever touches one finds the rest too. So need @va not be, if
 * pages behind it are there: true.
 */
static bool fill(struct vm_space *s, const struct vm_area *a, char *entry,
		 uint32_t va, bool is_write)
{
	uint32_t size = mmu_entry_size();
	uint32_t at = va, end = va + PAGE_SIZE;

	if (a->inode) {
		at = va & ~(AROUND_SIZE - 1);
		end = at + AROUND_SIZE;
	} else if (is_write && is_after_run(a, entry, va)) {
		end = (va | (AHEAD_SIZE - 1)) + 1;
	}
	at = at > a->start ? at : a->start;
	end = end < a->end ? end : a->end;
	entry -= ((va - at) >> PAGE_SHIFT) * size;
	for (; at < end; at += PAGE_SIZE, entry += size) {
		uint32_t pa = 0;

		if (vm_entry_is_empty(entry)) {
			pa = find_frame(a, at, at == va);
		}
		if (pa) {
			paging_write(entry, vm_entry_for(a, pa));
			s->pages++;
		}
	}
	return !a->inode && end > va + PAGE_SIZE;
}

/* --- faults --- */

/*
 * Make the page at @va what @a says it may be. 0, or the signal; SIGKILL if
 * memory is short.
 */
static int touch(struct vm_space *s, const struct vm_area *a, uint32_t va,
		 bool is_write)
{
	char *entry = mmu_pte_make(&s->mmu, va);

	if (!entry) {
		return SIGKILL;
	}
	if (vm_entry_is_empty(entry) && fill(s, a, entry, va, is_write)) {
		return 0;
	}
	if (vm_entry_is_empty(entry)) {
		return a->inode ? SIGBUS : SIGKILL;
	}
	if (is_write && !(paging_read(entry) & PTE_RW)) {
		uint32_t old = mmu_frame(paging_read(entry)), pa = old;

		if (!(vm_entry_for(a, old) & PTE_RW)) {
			pa = vm_frame_copy(old);
			if (!pa) {
				return SIGKILL;
			}
			frame_put(old);
		}
		paging_write(entry, vm_entry_for(a, pa));
	}
	/* Even if nothing has changed: the processor remembers what was. */
	mmu_changed(&s->mmu, va, paging_read(entry));
	return 0;
}

/* The stack comes down to @va, unless it is too large or something near. */
static struct vm_area *grow_stack(struct vm_space *s, uint32_t va)
{
	struct vm_area *a = vm_find_next(s, va);
	uint32_t start = page_down(va);
	uint32_t gap = start > VM_STACK_GAP ? start - VM_STACK_GAP : 0;

	if (!a || !(a->flags & VM_GROWSDOWN) || start < USER_START ||
	    a->end - start > current->process->limit[RLIMIT_STACK].soft ||
	    vm_find_next(s, gap) != a) {
		return NULL;
	}
	s->area_pages += (a->start - start) >> PAGE_SHIFT;
	a->start = start;
	return a;
}

int vm_fault(uint32_t va, bool is_write, bool is_exec, int32_t *code)
{
	struct vm_space *s = current->vm;
	struct vm_area *a = s ? vm_find(s, va) : NULL;
	/* The processor knows no right to write or run without reading. */
	uint32_t need = is_write		   ? VM_WRITE
			: is_exec && paging_has_nx ? VM_EXEC
						   : VM_RIGHTS;

	if (!a && s) {
		a = grow_stack(s, va);
	}
	if (!a || !(a->flags & need)) {
		*code = a ? SEGV_ACCERR : SEGV_MAPERR;
		return SIGSEGV;
	}
	*code = BUS_ADRERR;
	return touch(s, a, page_down(va), is_write);
}

int vm_write(struct vm_space *s, uint32_t va, const void *from, uint32_t n)
{
	for (uint32_t done = 0, part; done < n; done += part) {
		uint32_t at = va + done;
		struct vm_area *a = vm_find(s, at);
		char *to;

		part = frame_part(at, n - done);
		if (!a || touch(s, a, page_down(at), true)) {
			return -ENOMEM;
		}
		to = frame_at(mmu_frame(paging_read(mmu_pte(&s->mmu, at))));
		to += at & PAGE_MASK;
		if (from) {
			memcpy(to, (const char *)from + done, part);
		} else {
			memset(to, 0, part);
		}
	}
	return 0;
}
