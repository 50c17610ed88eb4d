/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading and writing guest memory by guest-physical address.
 *
 * The guest, its devices or another of its processors may change memory at
 * any time: read a value once, into a local, and judge the local.
 */
#pragma once

#include "mm/p2m.h"

/* Is all of [@a, @a + @len) RAM? A length of 0 is, anywhere. */
bool gaccess_is_ram(const struct p2m *p, gpa_t a, u32 len);

/* Copy @len bytes out of guest RAM. Returns 0 (all copied) or -1 (none). */
int gaccess_read(struct p2m *p, void *dst, gpa_t src, u32 len) __must_check;

/* Copy @len bytes into guest RAM. Returns 0 (all copied) or -1 (none). */
int gaccess_write(struct p2m *p, gpa_t dst, const void *src, u32 len)
	__must_check;
