/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names for the hypervisor's own code addresses.
 */
#pragma once

#include "hv/lib/types.h"

/*
 * The function that contains hypervisor-virtual @addr, and how far into it.
 * NULL when the address is in no code of ours.
 */
const char *symbols_find(u32 addr, u32 *offset);
