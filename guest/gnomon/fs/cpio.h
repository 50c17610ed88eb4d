/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Archives.
 */
#pragma once

#include <stdint.h>

/* Unpack kernel memory below the root. NULL, or what is wrong and where. */
const char *cpio_unpack(const uint8_t *start, uint32_t size);
