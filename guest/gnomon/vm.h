/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address spaces of processes: areas, filled on demand.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/mmu.h"

struct inode;

#define VM_READ	     0x1u /* as PROT_* */
#define VM_WRITE     0x2u
#define VM_EXEC	     0x4u
#define VM_SHARED    0x8u
#define VM_GROWSDOWN 0x10u
#define VM_STACK     0x20u
#define VM_HEAP	     0x40u
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
	uint32_t arg_start, arg_end, env_end; /* for /proc */
	struct inode *exe;		      /* referenced, for /proc */
};

struct vm_space *vm_new(void);
/* NULL: no memory; nothing has changed then. */
struct vm_space *vm_fork(struct vm_space *from);
/* The last reference goes only when another space is the current one. */
void vm_put(struct vm_space *s);
/* Forget all areas; what a process that is killed has no use for. */
void vm_clear(struct vm_space *s);

/*
 * Map [@start, @start + @size), replacing what is there; @start 0: anywhere.
 * Returns the address or -ENOMEM etc. Takes a reference of @inode.
 */
long vm_map(struct vm_space *s, uint32_t start, uint32_t size, uint32_t flags,
	    struct inode *inode, uint32_t page);
int vm_unmap(struct vm_space *s, uint32_t start, uint32_t size);
int vm_protect(struct vm_space *s, uint32_t start, uint32_t size,
	       uint32_t rights);
/* The area that holds @va, or the next one behind it, or NULL. */
struct vm_area *vm_find_next(struct vm_space *s, uint32_t va);
struct vm_area *vm_find(struct vm_space *s, uint32_t va);
/*
 * Make an area another size; it may go elsewhere if @may_move. @fixed: to
 * that address, 0: wherever. Address or -E*.
 */
long vm_remap(struct vm_space *s, uint32_t start, uint32_t old_size,
	      uint32_t size, bool may_move, uint32_t fixed);
/* The contents of private pages go: they are as if never touched. */
void vm_forget(struct vm_space *s, uint32_t start, uint32_t size);
/* Frame @pa, whose reference goes over, at @va of @area. 0 or -ENOMEM. */
int vm_insert(struct vm_space *s, const struct vm_area *area, uint32_t va,
	      uint32_t pa);

/*
 * A fault at user address @va of the current space: 0: go on; else the
 * signal for the program, its si_code in *@code.
 */
int vm_fault(uint32_t va, bool is_write, bool is_exec, int32_t *code);
