/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processor time as programs see it: all of it counts as the user's, since
 * telling both apart would cost at each entry of the kernel.
 */
#pragma once

#include <stdint.h>

/* A struct linux_rusage to user address @to. 0 or -EFAULT. */
int rusage_show(uint32_t to, uint64_t run_ns);
