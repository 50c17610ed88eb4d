/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "hv/lib/types.h"
#include "hv/load/boot_info.h"

/*
 * All that follows boot/. @info is what the loader passed; @error says why that
 * cannot be used, or is NULL. Called once, on the boot stack, paging off.
 */
void hv_main(struct boot_info *info, const char *error) __noreturn;
