/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of a Linux guest's command line that its hypervisor acts on.
 */
#pragma once

#include "hv/lib/types.h"

/* Size of a guest whose command line does not limit it. */
#define LINUX_MEM_ALL (~(u64)0)

/*
 * Take each word mem=SIZE out of @args, and put the smallest size, in bytes,
 * into *@size; LINUX_MEM_ALL when there is none. Returns whether any was
 * taken. Words, quotes and sizes are Linux's: next_arg(), memparse() and
 * parse_memopt() there. A size of 0, or none, limits nothing; its word is taken
 * out all the same, because Linux would stop booting at it. mem=nopentium is no
 * size and stays, as does all that follows a lone --.
 */
bool linux_args_take_mem(char *args, u64 *size);
