/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of a command line.
 */
#pragma once

/*
 * Take the next word from *@rest, which is changed: blanks end a word, but
 * for those between double quotes, which are dropped. A backslash before a
 * quotation mark, an apostrophe or a backslash stands for that alone, which is
 * also how GRUB passes them to a kernel on the bare machine. Returns NULL when
 * there is no more.
 */
char *cmdline_word(char **rest);
