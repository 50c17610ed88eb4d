/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What GRUB 2 does to command lines.
 */
#pragma once

#include "hv/load/boot_info.h"

/*
 * If GRUB 2 loaded us, restore all texts of @info to what its user wrote. Other
 * loaders pass texts unchanged. Sets @info->cmdline_has_name: does this loader
 * pass the image's name?
 */
void grub_restore(struct boot_info *info);

/*
 * Undo in @text, in place, what GRUB 2 does to a command line: a backslash
 * before each quotation mark, apostrophe and backslash, double quotes around
 * all of a word with blanks in it. The quotes go around the value of a word
 * name=value, as in name="b c"; a word with quotes of its own needs none.
 */
void grub_restore_text(char *text);
