/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A look at any memory of the machine, before there are tables for it.
 */
#pragma once

#include "hv/lib/types.h"

/* From now on memory holds what was written to it: nothing is in caches. */
void memprobe_init(void);

/*
 * Does memory keep what is written, past all caches, to the MEMTEST_BYTES at
 * host-physical @addr, naturally aligned? What was there is put back. Paging
 * is off, before and after, CR4.PAE is set.
 */
bool memprobe_works(u64 addr);
