// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: memory.
 */
#include "guest/gnomon/fs/fd.h"
#include "guest/gnomon/fs/file.h"
#include "guest/gnomon/fs/ramfs.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/linux/mman.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/task/task.h"
#include "guest/gnomon/vm/vm.h"

/* Size in whole pages; 0: too large, or nothing. */
static uint32_t whole_pages(uint32_t size)
{
	return size > USER_END ? 0 : page_up(size);
}

/* From @end to @new_end, if nothing is there. */
static long extend(struct vm_space *s, uint32_t end, uint32_t new_end,
		   uint32_t flags, struct inode *inode, uint32_t page)
{
	return vm_is_free(s, end, new_end - end)
		       ? vm_map(s, end, new_end - end, flags, inode, page)
		       : -ENOMEM;
}

long sys_brk(const struct syscall_args *a)
{
	struct vm_space *s = current->vm;
	uint32_t old_end = page_up(s->brk), end = whole_pages(a->arg[0]);
	uint32_t limit = current->process->limit[RLIMIT_DATA].soft;
	long error = 0;

	if (a->arg[0] < s->brk_start || !end ||
	    (end > old_end && end - s->brk_start > limit)) {
		return (long)s->brk;
	}
	if (end < old_end) {
		error = vm_unmap(s, end, old_end - end);
	} else if (end > old_end) {
		error = extend(s, old_end, end, VM_READ | VM_WRITE, NULL, 0);
	}
	s->brk = error < 0 ? s->brk : a->arg[0];
	return (long)s->brk;
}

/* --- mmap --- */

/* What is mapped, with a reference; NULL: nothing but zeros. 0 or -E*. */
static int find_inode(uint32_t fd, uint32_t size, uint32_t flags,
		      bool is_written, struct inode **inode)
{
	struct file *f = fd_file(fd);
	uint32_t access = f ? f->flags & O_ACCMODE : 0;

	if (flags & MAP_ANONYMOUS) {
		/* Shared memory without a name: a file nobody can open. */
		*inode = flags & MAP_SHARED ? ramfs_new_file(size) : NULL;
		return *inode || !(flags & MAP_SHARED) ? 0 : -ENOMEM;
	}
	if (!f) {
		return -EBADF;
	}
	if (access == O_WRONLY ||
	    (is_written && flags & MAP_SHARED && access != O_RDWR)) {
		return -EACCES;
	}
	if (!f->inode->ops->page || inode_is(f->inode, S_IFDIR)) {
		return -ENODEV;
	}
	*inode = inode_get(f->inode);
	return 0;
}

/* start, size, rights, flags, file, its page */
long sys_mmap2(const struct syscall_args *a)
{
	uint32_t start = a->arg[0], size = whole_pages(a->arg[1]);
	uint32_t flags = a->arg[3];
	uint32_t page = flags & MAP_ANONYMOUS ? 0 : a->arg[5];
	uint32_t vm_flags = (a->arg[2] & VM_RIGHTS) |
			    (flags & MAP_SHARED ? VM_SHARED : 0) |
			    (flags & MAP_GROWSDOWN ? VM_GROWSDOWN : 0);
	bool is_fixed = flags & (MAP_FIXED | MAP_FIXED_NOREPLACE);
	struct inode *inode;
	bool is_free;
	long at;

	if (!a->arg[1] || !(flags & (MAP_SHARED | MAP_PRIVATE)) ||
	    flags & MAP_TYPE & ~(MAP_SHARED | MAP_PRIVATE) ||
	    (is_fixed && (!start || start & PAGE_MASK))) {
		return -EINVAL;
	}
	at = find_inode(a->arg[4], size, flags, vm_flags & VM_WRITE, &inode);
	if (at) {
		return at;
	}
	start = page_down(start);
	is_free = vm_is_free(current->vm, start, size);
	if (flags & MAP_FIXED_NOREPLACE && !is_free) {
		at = -EEXIST;
	} else {
		/* Without MAP_FIXED it was a wish. */
		start = is_free || is_fixed ? start : 0;
		at = vm_map(current->vm, start, size, vm_flags, inode, page);
	}
	inode_put(inode);
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
	if (size && end <= start) {
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
	int error =
		rights & ~VM_RIGHTS ? -EINVAL : check_range(start, a->arg[1]);

	if (error) {
		return error;
	}
	if (vm_area_split(s, start) || vm_area_split(s, end)) {
		return -ENOMEM;
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
static long resize(struct vm_space *s, const struct vm_area *area, uint32_t end,
		   uint32_t new_end)
{
	if (new_end > end) {
		return extend(s, end, new_end, area->flags, area->inode,
			      vm_area_page(area, end));
	}
	return new_end < end ? vm_unmap(s, new_end, end - new_end) : 0;
}

/* @old bytes from @start of @area go wherever @size bytes fit. */
static long move(struct vm_space *s, const struct vm_area *area, uint32_t start,
		 uint32_t old, uint32_t size)
{
	long at = vm_map(s, 0, size, area->flags, area->inode,
			 vm_area_page(area, start));
	int error;

	if (at < 0) {
		return at;
	}
	error = vm_move(start, (uint32_t)at, old < size ? old : size);
	vm_unmap(s, error ? (uint32_t)at : start, error ? size : old);
	return error ? error : at;
}

/* start, old size, size, flags; without MREMAP_FIXED, which nobody uses */
long sys_mremap(const struct syscall_args *a)
{
	struct vm_space *s = current->vm;
	uint32_t start = a->arg[0], old = whole_pages(a->arg[1]);
	uint32_t size = whole_pages(a->arg[2]), flags = a->arg[3];
	struct vm_area *area = vm_find(s, start);

	if (start & PAGE_MASK || !size || flags & ~MREMAP_MAYMOVE) {
		return -EINVAL;
	}
	if (!area || !old || area->end - start < old) {
		return -EFAULT;
	}
	if (resize(s, area, start + old, start + size) >= 0) {
		return (long)start;
	}
	return flags ? move(s, area, start, old, size) : -ENOMEM;
}

/* Mapped files are in memory and nowhere else. */
SYSCALL(msync, check_range(arg[0], arg[1]))
