// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page faults of programs, and of the kernel on their behalf.
 *
 * Entries are made with A, and with D where they are writable: the processor
 * or the hypervisor has nothing left to do when the program goes on.
 */
#include "guest/gnomon/vm.h"

#include <stddef.h>
#include <string.h>

#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/log.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/vm_pages.h"

/* Pages of a file that are mapped along with the one that was touched. */
#define AROUND_PAGES 16
/*
 * After this many pages that were touched in a row, the next ones come
 * along up to a multiple of so many, as long as there is plenty of memory:
 * faults cost more than zeros.
 */
#define AHEAD_RUN    4
#define AHEAD_PAGES  8
#define PLENTY_SHIFT 4 /* of all frames: one in 16 is free */

/* --- memory is short --- */

static struct vm_space *largest_space(struct task **owner)
{
	struct vm_space *largest = NULL;

	for (struct task *t = task_first(); t; t = t->next) {
		if (t->vm && t->process->tgid != 1 &&
		    (!largest || t->vm->pages > largest->pages)) {
			largest = t->vm;
			*owner = t;
		}
	}
	return largest && largest->pages ? largest : NULL;
}

/*
 * End whoever has most. Its memory is free at once, without waiting for it to
 * run: it never returns to ring 3. False: that is the current one, or
 * nobody.
 */
static bool make_room(void)
{
	struct task *owner = current;
	struct vm_space *s = largest_space(&owner);

	log_info("out of memory: killed %s (%d)", owner->name,
		 (int)owner->process->tgid);
	for (struct task *t = task_first(); t; t = t->next) {
		if (t->vm && t->vm == owner->vm) {
			signal_send_process(t->process, SIGKILL, NULL);
		}
	}
	if (!s || s == current->vm) {
		return false;
	}
	vm_clear(s);
	return true;
}

static uint32_t alloc_frame(bool zeroed)
{
	uint32_t pa;

	do {
		pa = zeroed ? frame_alloc_zero() : frame_alloc();
	} while (!pa && make_room());
	return pa;
}

static char *make_entry(struct vm_space *s, uint32_t va)
{
	char *entry;

	do {
		entry = mmu_pte_make(&s->mmu, va);
	} while (!entry && make_room());
	return entry;
}

/* --- pages of files --- */

static bool is_behind_end(const struct inode *i, uint32_t page)
{
	return page >= (i->size + PAGE_MASK) >> PAGE_SHIFT;
}

static void set_entry(struct vm_space *s, char *entry, uint32_t va,
		      uint64_t value)
{
	mmu_write(entry, value);
	mmu_changed(&s->mmu, va, value);
}

/*
 * Neighbours of @va that are in memory, within its table. They are not told:
 * absent before, they are no danger, and whoever touches one finds the rest
 * too.
 */
static void map_around(struct vm_space *s, const struct vm_area *a, uint32_t va)
{
	uint32_t window = AROUND_PAGES * PAGE_SIZE;
	uint32_t at = va & ~(window - 1);
	uint32_t end = at + window < a->end ? at + window : a->end;
	uint32_t size = vm_entry_size();
	uint32_t page;
	char *entry;

	at = at > a->start ? at : a->start;
	entry = mmu_pte(&s->mmu, at);
	page = a->page + ((at - a->start) >> PAGE_SHIFT);
	for (; at < end; at += PAGE_SIZE, page++, entry += size) {
		uint32_t pa;

		if (!vm_entry_is_empty(entry) ||
		    is_behind_end(a->inode, page)) {
			continue;
		}
		pa = a->inode->ops->page(a->inode, page, false);
		if (pa) {
			frame_get(pa);
			mmu_write(entry, vm_entry_for(a, pa));
			s->pages++;
		}
	}
}

static bool is_plenty(void)
{
	return frame_count_free() > frame_count_all() >> PLENTY_SHIFT;
}

static bool is_after_run(const struct vm_area *a, const char *entry,
			 uint32_t va)
{
	uint32_t size = vm_entry_size();

	/* Within the table: groups of pages do not straddle tables. */
	if (((uint32_t)entry & PAGE_MASK) < AHEAD_RUN * size ||
	    va - a->start < AHEAD_RUN * PAGE_SIZE) {
		return false;
	}
	for (uint32_t i = 1; i <= AHEAD_RUN; i++) {
		if (vm_entry_is_empty(entry - i * size)) {
			return false;
		}
	}
	return is_plenty();
}

/*
 * Anonymous pages behind @va. They are not told, as in map_around(); true if
 * there are any: then @va need not be told either, to be found with them.
 */
static bool map_ahead(struct vm_space *s, const struct vm_area *a, char *entry,
		      uint32_t va)
{
	uint32_t end = (va | (AHEAD_PAGES * PAGE_SIZE - 1)) + 1;
	uint32_t first = va + PAGE_SIZE;

	end = end < a->end ? end : a->end;
	if (first >= end || !is_after_run(a, entry, va)) {
		return false;
	}
	for (va = first; va < end; va += PAGE_SIZE) {
		uint32_t pa;

		entry += vm_entry_size();
		pa = vm_entry_is_empty(entry) ? frame_alloc_zero() : 0;
		if (!pa) {
			break;
		}
		mmu_write(entry, vm_entry_for(a, pa));
		s->pages++;
	}
	return va != first;
}

/* The first touch of a page. 0, or the signal. */
static int fill(struct vm_space *s, const struct vm_area *a, char *entry,
		uint32_t va, bool is_write, int32_t *code)
{
	uint32_t page = a->page + ((va - a->start) >> PAGE_SHIFT);
	uint32_t from = 0, pa;

	if (a->inode) {
		*code = BUS_ADRERR;
		if (is_behind_end(a->inode, page)) {
			return SIGBUS;
		}
		from = a->inode->ops->page(a->inode, page, true);
		if (!from) {
			return SIGBUS;
		}
	}
	if (from && !(is_write && !(a->flags & VM_SHARED))) {
		pa = from;
		frame_get(pa);
	} else {
		pa = alloc_frame(!from);
		if (!pa) {
			return SIGKILL;
		}
		if (from) {
			memcpy(frame_at(pa), frame_at(from), PAGE_SIZE);
		}
	}
	s->pages++;
	mmu_write(entry, vm_entry_for(a, pa));
	if (a->inode) {
		map_around(s, a, va);
	} else if (is_write && map_ahead(s, a, entry, va)) {
		return 0;
	}
	mmu_changed(&s->mmu, va, mmu_read(entry));
	return 0;
}

/* A write where the entry forbids it, and the area does not. */
static int copy_on_write(struct vm_space *s, const struct vm_area *a,
			 char *entry, uint32_t va)
{
	uint32_t old = mmu_frame(mmu_read(entry));
	uint64_t value = vm_entry_for(a, old);
	uint32_t pa;

	if (!(value & PTE_RW)) {
		pa = alloc_frame(false);
		if (!pa) {
			return SIGKILL;
		}
		memcpy(frame_at(pa), frame_at(old), PAGE_SIZE);
		value = vm_entry_for(a, pa);
		frame_put(old);
	}
	set_entry(s, entry, va, value);
	return 0;
}

/* --- areas --- */

/* The stack comes down to @va, unless it is too large or something near. */
static struct vm_area *grow_stack(struct vm_space *s, uint32_t va)
{
	struct vm_area *a = vm_find_next(s, va);
	uint32_t start = page_down(va);
	uint32_t lower = USER_START;

	if (!a || !(a->flags & VM_GROWSDOWN) || start < USER_START ||
	    a->end - start > current->process->limit[RLIMIT_STACK].soft) {
		return NULL;
	}
	for (struct vm_area *b = s->areas; b != a; b = b->next) {
		lower = b->end;
	}
	if (start < lower ||
	    (lower != USER_START && start - lower < VM_STACK_GAP)) {
		return NULL;
	}
	s->area_pages += (a->start - start) >> PAGE_SHIFT;
	a->start = start;
	return a;
}

static bool is_allowed(const struct vm_area *a, bool is_write, bool is_exec)
{
	if (is_write) {
		return a->flags & VM_WRITE;
	}
	if (is_exec && mmu_has_nx) {
		return a->flags & VM_EXEC;
	}
	/* The processor knows no right to write or run without reading. */
	return a->flags & VM_RIGHTS;
}

int vm_fault(uint32_t va, bool is_write, bool is_exec, int32_t *code)
{
	struct vm_space *s = current->vm;
	struct vm_area *a = s ? vm_find(s, va) : NULL;
	char *entry;

	if (!a && s) {
		a = grow_stack(s, va);
	}
	if (!a || !is_allowed(a, is_write, is_exec)) {
		*code = a ? SEGV_ACCERR : SEGV_MAPERR;
		return SIGSEGV;
	}
	va &= ~PAGE_MASK;
	entry = make_entry(s, va);
	if (!entry) {
		return SIGKILL;
	}
	if (vm_entry_is_empty(entry)) {
		return fill(s, a, entry, va, is_write, code);
	}
	if (is_write && !(mmu_read(entry) & PTE_RW)) {
		return copy_on_write(s, a, entry, va);
	}
	/* The processor remembers what is not so any more. */
	mmu_changed(&s->mmu, va, mmu_read(entry));
	return 0;
}
