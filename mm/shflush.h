/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flushes: bringing an address space up to date.
 */
#pragma once

#include "mm/shresync.h"

/* A root begins to use directory @t, of which GiB @q is filled already. */
void shflush_directory(struct shadow *s, struct sh_table *t, u32 q);

/* Compare the user half of @r where it may have changed. */
void shflush_user(struct shadow *s, struct sh_root *r);
