/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address spaces: the roots that there are, and their directories.
 */
#pragma once

#include "mm/shkernel.h"

/* The root for the guest's top-level table at @key; NULL: unknown. */
struct sh_root *shroot_find(const struct shadow *s, gpa_t key);

/* A new one; NULL: no memory. */
struct sh_root *shroot_new(struct shadow *s, gpa_t key);
void shroot_make_current(struct shadow *s, struct sh_root *r);

/*
 * The frame of @r's directory for GiB @q, by the guest's root; INVALID_gfn:
 * none that is RAM.
 */
gfn_t shroot_guest_directory(const struct shadow *s, const struct sh_root *r,
			     u32 q);

/*
 * Make guest frame @pd, which is RAM, the directory of GiB @q of @r; NULL: no
 * memory.
 */
struct sh_table *shroot_set_directory(struct shadow *s, struct sh_root *r,
				      u32 q, gfn_t pd);

/* Use its page there, which exists. Not for all-kernel GiBs. */
void shroot_use_directory(struct shadow *s, struct sh_root *r, u32 q);
void shroot_drop_directory(struct shadow *s, struct sh_root *r, u32 q);

/* Give back the least recently used root. False: only the current is left. */
bool shroot_recycle(struct shadow *s);

/* Drop every translation of the current root, the kernel's included. */
void shroot_empty_current(struct shadow *s);

/* Drop every root, and the kernel half. */
void shroot_drop_all(struct shadow *s);
