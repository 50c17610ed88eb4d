/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which build this is: the linker's hash over the image, as hex digits.
 * "file build/umbra.elf" prints the same.
 */
#pragma once

const char *build_id(void);
