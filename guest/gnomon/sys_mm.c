// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: memory.
 */
#include "guest/gnomon/syscall.h"

#include "guest/gnomon/file.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/layout.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/mman.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/vm.h"


#define DEVICE_ZERO 0x105u /* major 1, minor 5 */

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

/* --- brk --- */

long sys_brk(const struct syscall_args *a)
{
	struct vm_space *s = current->vm;
	uint32_t old_end = whole_pages(s->brk);
	uint32_t want = a->arg[0];
	uint32_t end = whole_pages(want);

	if (want < s->brk_start || !end) {
		return (long)s->brk;
	}
	if (end > old_end) {
		struct vm_area *next = vm_find_next(s, old_end);
		uint32_t limit = next ? next->start : USER_END;

		if (next && (next->flags & VM_GROWSDOWN)) {
			limit -= VM_STACK_GAP;
		}
		if (end > limit || !is_within_limits(end - old_end) ||
		    end - s->brk_start >
			    current->process->limit[RLIMIT_DATA].soft ||
		    vm_map(s, old_end, end - old_end,
			   VM_READ | VM_WRITE | VM_HEAP, NULL, 0) < 0) {
			return (long)s->brk;
		}
	} else if (end < old_end && vm_unmap(s, end, old_end - end)) {
		return (long)s->brk;
	}
	s->brk = want;
	return (long)want;
}

/* --- mmap --- */

struct mmap_request {
	uint32_t start, size, prot, flags, fd, page;
};

/* What @fd is, as something to map; NULL inode: nothing but zeros. */
static int find_file(const struct mmap_request *r, struct inode **inode)
{
	struct file *f = fd_file(r->fd);
	uint32_t access;

	*inode = NULL;
	if (!f) {
		return -EBADF;
	}
	access = f->flags & O_ACCMODE;
	if (access == O_WRONLY || ((r->flags & MAP_TYPE) == MAP_SHARED &&
				   (r->prot & VM_WRITE) && access != O_RDWR)) {
		return -EACCES;
	}
	if (inode_is(f->inode, S_IFCHR) && f->inode->rdev == DEVICE_ZERO) {
		return 0;
	}
	if (!f->inode->ops->page || inode_is(f->inode, S_IFDIR)) {
		return -ENODEV;
	}
	*inode = f->inode;
	return 0;
}

/* Where it goes: an address, 0 for wherever, or -E*. */
static long choose_place(const struct mmap_request *r, uint32_t size)
{
	struct vm_area *next;

	if (r->flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (r->start & PAGE_MASK) {
			return -EINVAL;
		}
		if (r->start < USER_START || r->start >= USER_END ||
		    size > USER_END - r->start) {
			return -ENOMEM;
		}
	}
	next = vm_find_next(current->vm, r->start);
	if (r->flags & MAP_FIXED_NOREPLACE) {
		return next && next->start < r->start + size ? -EEXIST
							     : (long)r->start;
	}
	if (r->flags & MAP_FIXED) {
		return (long)r->start;
	}
	/* A wish, granted if nothing is there. */
	if (r->start & PAGE_MASK || r->start < USER_START ||
	    r->start >= USER_END || size > USER_END - r->start ||
	    (next &&
	     (next->start < r->start + size || next->flags & VM_GROWSDOWN))) {
		return 0;
	}
	return (long)r->start;
}

static void populate(uint32_t start, uint32_t size, uint32_t prot)
{
	int32_t code;

	for (uint32_t at = 0; at < size; at += PAGE_SIZE) {
		if (vm_fault(start + at, prot & VM_WRITE, false, &code)) {
			return;
		}
	}
}

static long map(const struct mmap_request *r)
{
	uint32_t size = whole_pages(r->size);
	uint32_t type = r->flags & MAP_TYPE;
	uint32_t flags = r->prot & VM_RIGHTS;
	struct inode *inode = NULL;
	long at;
	int error;

	if (!r->size || (type != MAP_SHARED && type != MAP_PRIVATE &&
			 type != (MAP_SHARED | MAP_PRIVATE))) {
		return -EINVAL;
	}
	if (!size || !is_within_limits(size)) {
		return -ENOMEM;
	}
	if (!(r->flags & MAP_ANONYMOUS)) {
		error = find_file(r, &inode);
		if (error) {
			return error;
		}
		if (r->page + (size >> PAGE_SHIFT) < r->page) {
			return -EOVERFLOW;
		}
	}
	flags |= type & MAP_SHARED ? VM_SHARED : 0;
	flags |= r->flags & MAP_GROWSDOWN ? VM_GROWSDOWN : 0;
	at = choose_place(r, size);
	if (at < 0 && at > -4096) {
		return at;
	}
	at = vm_map(current->vm, (uint32_t)at, size, flags, inode,
		    inode ? r->page : 0);
	if ((r->flags & MAP_POPULATE) && at > 0) {
		populate((uint32_t)at, size, r->prot);
	}
	return at;
}

long sys_mmap2(const struct syscall_args *a)
{
	return map(&(struct mmap_request){ a->arg[0], a->arg[1], a->arg[2],
					   a->arg[3], a->arg[4], a->arg[5] });
}

/* The old form: a structure, and the offset in bytes. */
long sys_mmap(const struct syscall_args *a)
{
	struct mmap_request r;

	if (copy_from_user(&r, a->arg[0], sizeof(r))) {
		return -EFAULT;
	}
	if (r.page & PAGE_MASK) {
		return -EINVAL;
	}
	r.page >>= PAGE_SHIFT;
	return map(&r);
}

long sys_munmap(const struct syscall_args *a)
{
	uint32_t size = whole_pages(a->arg[1]);

	return size ? vm_unmap(current->vm, a->arg[0], size) : -EINVAL;
}

/* --- the rest --- */

long sys_mprotect(const struct syscall_args *a)
{
	uint32_t start = a->arg[0], size = whole_pages(a->arg[1]);
	uint32_t rights = a->arg[2];

	if (start & PAGE_MASK || rights & ~(VM_RIGHTS | PROT_GROWSDOWN)) {
		return -EINVAL;
	}
	if (!a->arg[1]) {
		return 0;
	}
	if (rights & PROT_GROWSDOWN) {
		struct vm_area *area = vm_find(current->vm, start);

		if (!area || !(area->flags & VM_GROWSDOWN)) {
			return -EINVAL;
		}
		size += start - area->start;
		start = area->start;
	}
	return size ? vm_protect(current->vm, start, size, rights & VM_RIGHTS)
		    : -ENOMEM;
}

/* start, old size, size, flags, new place */
long sys_mremap(const struct syscall_args *a)
{
	uint32_t old = whole_pages(a->arg[1]), size = whole_pages(a->arg[2]);
	bool is_fixed = a->arg[3] & MREMAP_FIXED;

	if (a->arg[0] & PAGE_MASK || !size ||
	    a->arg[3] & ~(MREMAP_MAYMOVE | MREMAP_FIXED) ||
	    (is_fixed && !(a->arg[3] & MREMAP_MAYMOVE)) ||
	    (is_fixed && !a->arg[4])) {
		return -EINVAL;
	}
	if (size > old && !is_within_limits(size - old)) {
		return -ENOMEM;
	}
	return vm_remap(current->vm, a->arg[0], old, size,
			a->arg[3] & MREMAP_MAYMOVE, is_fixed ? a->arg[4] : 0);
}

/* Does every page of the range belong to an area? */
static int check_range(uint32_t start, uint32_t size)
{
	uint32_t end = start + whole_pages(size);

	if (start & PAGE_MASK || (size && !whole_pages(size)) || end < start) {
		return -EINVAL;
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

long sys_madvise(const struct syscall_args *a)
{
	int error = check_range(a->arg[0], a->arg[1]);

	if (!error && (a->arg[2] == MADV_DONTNEED || a->arg[2] == MADV_FREE)) {
		vm_forget(current->vm, a->arg[0], whole_pages(a->arg[1]));
	}
	return error;
}

/* Mapped files are in memory and nowhere else. */
long sys_msync(const struct syscall_args *a)
{
	return check_range(a->arg[0], a->arg[1]);
}

/* start, size, a byte for each page: all could be there at once. */
long sys_mincore(const struct syscall_args *a)
{
	uint32_t pages = whole_pages(a->arg[1]) >> PAGE_SHIFT;
	int error = check_range(a->arg[0], a->arg[1]);
	static const uint8_t resident = 1;

	for (uint32_t i = 0; i < pages && !error; i++) {
		error = copy_to_user(a->arg[2] + i, &resident, 1);
	}
	return error;
}
