/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Borders of the image, from linker.ld. All page aligned.
 */
#pragma once

#include "hv/lib/types.h"

extern char image_start[], text_end[], image_end[];
extern char switch_load[]; /* the Switcher's code page, where it was loaded */
extern char df_stack_guard[], df_stack_top[];
extern char hv_stack_guard[], hv_stack_top[];
