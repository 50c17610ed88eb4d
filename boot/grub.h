/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What GRUB 2 does to command lines.
 */
#pragma once

#include "hv/load/boot_info.h"

/*
 * If GRUB 2 loaded us, bring all texts of @info back to what its user wrote;
 * cmdline_has_name becomes whether the loader passes the image's name. Others
 * pass texts as they are.
 */
void grub_restore(struct boot_info *info);

/*
 * Undo in @text, in place, what GRUB 2 does to a command line: a backslash
 * before each quotation mark, apostrophe and backslash, double quotes around
 * all of a word with blanks in it. The quotes go around the value of a word
 * name=value, as in name="b c"; a word with quotes of its own needs none.
 */
void grub_restore_text(char *text);
