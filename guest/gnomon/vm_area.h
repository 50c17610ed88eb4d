/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of areas of an address space: arithmetic, without page tables.
 */
#pragma once

#include "guest/gnomon/vm.h"

/*
 * Put [@start, @start + @size) in, where nothing is; it becomes part of its
 * neighbours if it goes on where they end. Takes a reference of @inode. 0 or
 * -ENOMEM.
 */
int vm_area_add(struct vm_space *s, uint32_t start, uint32_t size,
		uint32_t flags, struct inode *inode, uint32_t page);
/*
 * See to it that areas begin or end at @start and at @end, so that those
 * between can be changed alone. 0 or -ENOMEM.
 */
int vm_area_cut(struct vm_space *s, uint32_t start, uint32_t end);
/* Forget the areas between, which were cut. */
void vm_area_remove(struct vm_space *s, uint32_t start, uint32_t end);
/* Make one of neighbours that need not be two, around [@start, @end). */
void vm_area_merge(struct vm_space *s, uint32_t start, uint32_t end);
/* The highest free place for @size bytes, below @limit. 0: none. */
uint32_t vm_area_place(const struct vm_space *s, uint32_t size, uint32_t limit);
