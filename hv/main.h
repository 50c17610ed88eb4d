/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "hv/lib/types.h"
#include "hv/load/boot_info.h"

/*
 * Everything after the loader. @info is what it said; @error is why that
 * cannot be used, or NULL. Called once, on the boot stack, paging off.
 */
void hv_main(struct boot_info *info, const char *error) __noreturn;
