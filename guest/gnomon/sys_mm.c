// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: memory.
 */
#include "guest/gnomon/syscall.h"

#include "guest/gnomon/file.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/mman.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/vm.h"

/* Size in whole pages; 0: too large, or nothing. */
static uint32_t whole_pages(uint32_t size)
{
	return size > USER_END ? 0 : page_up(size);
}

/* May the process have @size bytes more? */
static bool is_within_limits(uint32_t size)
{
	uint32_t limit = current->process->limit[RLIMIT_AS].soft >> PAGE_SHIFT;
	uint32_t pages = size >> PAGE_SHIFT;
	uint32_t have = current->vm->area_pages;

	/* What the machine cannot ever have is not promised. */
	return pages <= frame_count_all() && have <= limit &&
	       pages <= limit - have;
}

/* --- brk, mmap --- */

static long grow_heap(struct vm_space *s, uint32_t start, uint32_t end)
{
	if (!vm_is_free(s, start, end - start) ||
	    !is_within_limits(end - start) ||
	    end - s->brk_start > current->process->limit[RLIMIT_DATA].soft) {
		return -ENOMEM;
	}
	return vm_map(s, start, end - start, VM_READ | VM_WRITE | VM_HEAP, NULL,
		      0);
}

long sys_brk(const struct syscall_args *a)
{
	struct vm_space *s = current->vm;
	uint32_t old_end = page_up(s->brk), end = whole_pages(a->arg[0]);
	long error = 0;

	if (a->arg[0] < s->brk_start || !end) {
		return (long)s->brk;
	}
	if (end > old_end) {
		error = grow_heap(s, old_end, end);
	} else if (end < old_end) {
		error = vm_unmap(s, end, old_end - end);
	}
	if (error >= 0) {
		s->brk = a->arg[0];
	}
	return (long)s->brk;
}

/* What @fd is, as something to map, with a reference. */
static int find_file(uint32_t fd, bool is_written, struct inode **inode)
{
	struct file *f = fd_file(fd);
	uint32_t access = f ? f->flags & O_ACCMODE : 0;

	if (!f) {
		return -EBADF;
	}
	if (access == O_WRONLY || (is_written && access != O_RDWR)) {
		return -EACCES;
	}
	if (!f->inode->ops->page || inode_is(f->inode, S_IFDIR)) {
		return -ENODEV;
	}
	*inode = f->inode;
	inode_get(*inode);
	return 0;
}

/* Memory shared between processes without a name: a file nobody can open. */
static int make_file(uint32_t size, struct inode **inode)
{
	*inode = ramfs_new_file();
	if (!*inode) {
		return -ENOMEM;
	}
	(*inode)->size = size;
	return 0;
}

/* Where a mapping goes: 0 for wherever, or -E*. */
static long choose_place(uint32_t start, uint32_t size, uint32_t flags)
{
	bool is_free = vm_is_free(current->vm, start, size);

	if (!(flags & (MAP_FIXED | MAP_FIXED_NOREPLACE))) {
		/* A wish. */
		return is_free && !(start & PAGE_MASK) ? (long)start : 0;
	}
	if (start & PAGE_MASK || !start) {
		return -EINVAL;
	}
	return flags & MAP_FIXED_NOREPLACE && !is_free ? -EEXIST : (long)start;
}

/* start, size, rights, flags, file, its page */
long sys_mmap2(const struct syscall_args *a)
{
	uint32_t size = whole_pages(a->arg[1]), page = a->arg[5];
	uint32_t flags = a->arg[3], vm_flags = a->arg[2] & VM_RIGHTS;
	struct inode *inode = NULL;
	long at = 0;

	if (!a->arg[1] || !(flags & (MAP_SHARED | MAP_PRIVATE)) ||
	    flags & MAP_TYPE & ~(MAP_SHARED | MAP_PRIVATE)) {
		return -EINVAL;
	}
	if (!size || !is_within_limits(size)) {
		return -ENOMEM;
	}
	vm_flags |= flags & MAP_SHARED ? VM_SHARED : 0;
	vm_flags |= flags & MAP_GROWSDOWN ? VM_GROWSDOWN : 0;
	if (!(flags & MAP_ANONYMOUS)) {
		at = find_file(a->arg[4],
			       vm_flags & VM_SHARED && vm_flags & VM_WRITE,
			       &inode);
	} else if (vm_flags & VM_SHARED) {
		page = 0;
		at = make_file(size, &inode);
	}
	if (!at && inode && page + (size >> PAGE_SHIFT) < page) {
		at = -EOVERFLOW;
	}
	if (!at) {
		at = choose_place(a->arg[0], size, flags);
	}
	if (at >= 0) {
		at = vm_map(current->vm, (uint32_t)at, size, vm_flags, inode,
			    page);
	}
	if (inode) {
		inode_put(inode);
	}
	return at;
}

SYSCALL(munmap, vm_unmap(current->vm, arg[0], whole_pages(arg[1])))

/* --- what is mapped already --- */

/* Does every page of the range belong to an area? */
static int check_range(uint32_t start, uint32_t size)
{
	uint32_t end = start + whole_pages(size);

	if (start & PAGE_MASK) {
		return -EINVAL;
	}
	if ((size && !whole_pages(size)) || end < start) {
		return -ENOMEM;
	}
	while (start < end) {
		struct vm_area *area = vm_find(current->vm, start);

		if (!area) {
			return -ENOMEM;
		}
		start = area->end;
	}
	return 0;
}

/* start, size, rights */
long sys_mprotect(const struct syscall_args *a)
{
	struct vm_space *s = current->vm;
	uint32_t start = a->arg[0], end = start + whole_pages(a->arg[1]);
	uint32_t rights = a->arg[2];
	int error = check_range(start, a->arg[1]);

	if (rights & ~VM_RIGHTS) {
		return -EINVAL;
	}
	if (!error) {
		error = vm_area_cut(s, start, end);
	}
	if (error) {
		return error;
	}
	for (struct vm_area *area = vm_find_next(s, start);
	     area && area->start < end; area = area->next) {
		if ((area->flags & VM_RIGHTS) != rights) {
			area->flags = (area->flags & ~VM_RIGHTS) | rights;
			vm_reprotect(s, area);
		}
	}
	vm_area_merge(s);
	mmu_commit();
	return 0;
}

long sys_madvise(const struct syscall_args *a)
{
	uint32_t start = a->arg[0], size = whole_pages(a->arg[1]);
	int error = check_range(start, a->arg[1]);

	if (!error && (a->arg[2] == MADV_DONTNEED || a->arg[2] == MADV_FREE)) {
		vm_zap(current->vm, start, start + size);
		mmu_commit();
	}
	return error;
}

/* Another size for the end of @area, from @end on. */
static int resize(struct vm_space *s, const struct vm_area *area, uint32_t end,
		  uint32_t new_end)
{
	long at;

	if (new_end <= end) {
		return new_end < end ? vm_unmap(s, new_end, end - new_end) : 0;
	}
	if (end != area->end || !vm_is_free(s, end, new_end - end)) {
		return -ENOMEM;
	}
	at = vm_map(s, end, new_end - end, area->flags, area->inode,
		    vm_area_page(area, end));
	return at < 0 ? (int)at : 0;
}

/* @old bytes from @start of @area go to @to, or wherever @size bytes fit. */
static long move(struct vm_space *s, const struct vm_area *area, uint32_t start,
		 uint32_t old, uint32_t to, uint32_t size)
{
	struct inode *inode = area->inode;
	long at;

	/* The area may be unmapped by vm_map(), but not the file. */
	if (inode) {
		inode_get(inode);
	}
	at = vm_map(s, to, size, area->flags, inode, vm_area_page(area, start));
	if (inode) {
		inode_put(inode);
	}
	if (at > 0) {
		int error = vm_move(s, start, (uint32_t)at,
				    old < size ? old : size);

		vm_unmap(s, start, old);
		at = error ? error : at;
	}
	return at;
}

/* start, old size, size, flags, new place */
long sys_mremap(const struct syscall_args *a)
{
	struct vm_space *s = current->vm;
	uint32_t start = a->arg[0], old = whole_pages(a->arg[1]);
	uint32_t size = whole_pages(a->arg[2]), flags = a->arg[3];
	bool is_fixed = flags & MREMAP_FIXED, may_move = flags & MREMAP_MAYMOVE;
	uint32_t to = is_fixed ? a->arg[4] : 0;
	struct vm_area *area = vm_find(s, start);

	if ((start | to) & PAGE_MASK || !size ||
	    flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED) ||
	    (is_fixed && (!to || !may_move)) ||
	    (is_fixed && to < start + old && start < to + size)) {
		return -EINVAL;
	}
	if (!area || !old || area->end - start < old) {
		return -EFAULT;
	}
	if (size > old && !is_within_limits(size - old)) {
		return -ENOMEM;
	}
	if (!is_fixed && !resize(s, area, start + old, start + size)) {
		return (long)start;
	}
	return may_move ? move(s, area, start, old, to, size) : -ENOMEM;
}

/* Mapped files are in memory and nowhere else. */
SYSCALL(msync, check_range(arg[0], arg[1]))
