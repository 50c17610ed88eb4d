/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel stacks.
 */
#pragma once

#include <stdint.h>

/*
 * Kernel stacks: KERNEL_STACK_SIZE bytes each, with nothing mapped below, so
 * that one that overflows does not become somebody else's memory. They are not
 * part of the direct map: a device cannot be given a buffer on a stack.
 * Lowest address, or 0: no memory.
 */
uint32_t stack_new(void);
void stack_free(uint32_t stack);
