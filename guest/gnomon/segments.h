/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GDT, IDT and TSS of the native platform.
 */
#pragma once

#include <stdint.h>

#include "guest/gnomon/layout.h"

void segments_init(void);
/* As platform.h says. */
void segments_set_stack(uint32_t top);
void segments_load_tls(const uint64_t tls[GDT_TLS_COUNT]);
