/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 64-bit numbers in decimal, which the nano formatter cannot print.
 */
#pragma once

#include "hv/lib/types.h"

#define DECIMAL_MAX 21 /* 20 digits and the NUL */

/* Write @value to @text. Returns where it begins inside @text. */
const char *decimal_u64(char text[DECIMAL_MAX], u64 value);
