/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address spaces of processes: areas, filled on demand.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/arch/layout.h"
#include "guest/gnomon/mm/mmu.h"

struct inode;

#define VM_READ	     0x1u /* as PROT_* */
#define VM_WRITE     0x2u
#define VM_EXEC	     0x4u
#define VM_SHARED    0x8u
#define VM_GROWSDOWN 0x10u
/* Nothing comes nearer to an area that grows, nor does it to others. */
#define VM_STACK_GAP 0x100000u
#define VM_RIGHTS    (VM_READ | VM_WRITE | VM_EXEC)

/* [start, end), page aligned; areas of a space do not overlap, by address. */
struct vm_area {
	uint32_t start, end;
	uint32_t flags;
	struct inode *inode; /* referenced; NULL: anonymous */
	uint32_t page;	     /* of the inode, behind start */
	struct vm_area *next;
};

struct vm_space {
	uint32_t refs;
	struct mmu_space mmu;
	struct vm_area *areas;
	struct vm_area *last; /* found, likely to be asked for again */
	uint32_t pages;	      /* mapped */
	uint32_t area_pages;  /* of all areas together */
	uint32_t brk_start, brk;
	uint32_t stack_top;
	uint32_t arg_start, arg_end; /* for /proc */
	struct inode *exe;	     /* referenced, for /proc */
};

/* --- vm.c: spaces --- */

struct vm_space *vm_new(void);
/* A copy of the current one. NULL: no memory; nothing has changed then. */
struct vm_space *vm_fork(struct vm_space *from);
/* The last reference goes only when another space is the current one. */
void vm_put(struct vm_space *s); /* or NULL */
/* Forget all areas. Page tables stay, empty. */
void vm_clear(struct vm_space *s);
/*
 * Map [@start, @start + @size), replacing what is there; @start 0: anywhere.
 * Returns the address or -ENOMEM etc. Takes a reference of @inode.
 */
long vm_map(struct vm_space *s, uint32_t start, uint32_t size, uint32_t flags,
	    struct inode *inode, uint32_t page);
int vm_unmap(struct vm_space *s, uint32_t start, uint32_t size);

/* --- vm_area.c: the list of areas, without page tables --- */

/* The area that holds @va, or the next one behind it, or NULL. */
struct vm_area *vm_find_next(struct vm_space *s, uint32_t va);
struct vm_area *vm_find(struct vm_space *s, uint32_t va);
/* Nothing is there, nor may anything grow into it. */
bool vm_is_free(struct vm_space *s, uint32_t start, uint32_t size);
/* The highest free place for @size bytes. 0: none. */
uint32_t vm_area_place(const struct vm_space *s, uint32_t size);
/* Where nothing is. Takes a reference of @inode. 0 or -ENOMEM. */
int vm_area_add(struct vm_space *s, uint32_t start, uint32_t size,
		uint32_t flags, struct inode *inode, uint32_t page);
/* Make two of the area around @va, unless it begins there. 0 or -ENOMEM. */
int vm_area_split(struct vm_space *s, uint32_t va);
/* Forget the areas between, which begin or end at either. */
void vm_area_remove(struct vm_space *s, uint32_t start, uint32_t end);
/* Make one of neighbours that need not be two. */
void vm_area_merge(struct vm_space *s);

/* Which page of its inode is at @va of @a. */
static inline uint32_t vm_area_page(const struct vm_area *a, uint32_t va)
{
	return a->page + ((va - a->start) >> PAGE_SHIFT);
}

/*
 * --- vm_pages.c: page-table entries of areas ---
 *
 * An entry that is not zero holds a reference of its frame, whether it is
 * present or, without any rights, not. Changes are told; mmu_commit() is the
 * caller's.
 */

/* The entry for frame @pa, as @area lets the program use it right now. */
uint64_t vm_entry_for(const struct vm_area *area, uint32_t pa);
/* A new frame with the contents of @pa. 0: no memory. */
uint32_t vm_frame_copy(uint32_t pa);
/* Private pages of the range are as if never touched. */
void vm_zap(struct vm_space *s, uint32_t start, uint32_t end);
/* After the flags of @area have changed. */
void vm_reprotect(struct vm_space *s, struct vm_area *area);
/*
 * The current space's of [@from, @from + @size) go to @to. -ENOMEM: none did.
 */
int vm_move(uint32_t from, uint32_t to, uint32_t size);
/* Pages of @area are shared with @to, or will be when written. 0 or -ENOMEM. */
int vm_share(struct vm_space *s, const struct vm_area *area,
	     struct vm_space *to);

/* An entry's low half is zero only if all of it is. */
static inline bool vm_entry_is_empty(const void *entry)
{
	return !*(const volatile uint32_t *)entry;
}

/* --- vm_fault.c --- */

/*
 * A fault at user address @va of the current space: 0: go on; else the
 * signal for the program, its si_code in *@code; SIGKILL if memory is short.
 */
int vm_fault(uint32_t va, bool is_write, bool is_exec, int32_t *code);
/*
 * @n bytes, or zeros if @from is NULL, to @va of a space that need not be the
 * current one. 0 or -ENOMEM: no memory, or nothing there.
 */
int vm_write(struct vm_space *s, uint32_t va, const void *from, uint32_t n);
