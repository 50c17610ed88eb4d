/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random numbers.
 */
#pragma once

#include <stdint.h>

#include "guest/gnomon/mm/user_ptr.h"

void random_init(void);
/* Of eight bytes; never fails; seeded by the device. */
void random_fill(uint64_t *to, uint32_t blocks);
/* @n bytes of user memory, as read() returns it. */
long random_to_user(struct user_ptr to, uint32_t n);
