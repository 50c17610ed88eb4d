/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resync: comparing what is filled with the guest's tables, and mending it.
 * Guest memory is only read, and nothing here ends a guest.
 */
#pragma once

#include "mm/shroot.h"

/* The leaves made from table @t. */
void shresync_table(struct shadow *s, struct sh_table *t);

/*
 * Directory entry @i of page @p, made from frame @pd: drop it if the guest's
 * entry is another one now.
 */
void shresync_entry(struct shadow *s, struct sh_page *p, u32 i, gfn_t pd);

/* The entries of directory @t, in every GiB where it is used. */
void shresync_directory(struct shadow *s, struct sh_table *t);
