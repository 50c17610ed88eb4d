/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * User memory. An address that is not the program's is -EFAULT, whatever it
 * is; absent pages are faulted in.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "guest/gnomon/linux/errno.h"

int copy_from_user(void *to, uint32_t from, size_t n);
int copy_to_user(uint32_t to, const void *from, size_t n);
int clear_user(uint32_t to, size_t n);
/* Length without NUL, -EFAULT, or -ENAMETOOLONG: no NUL within @max. */
int copy_string_from_user(char *to, uint32_t from, size_t max);
int read_user_u32(uint32_t *to, uint32_t from);
int write_user_u32(uint32_t to, uint32_t value);
