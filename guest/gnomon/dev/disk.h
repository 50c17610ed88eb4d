/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The disk, /dev/vda, which may be absent.
 */
#pragma once

#include <stdint.h>

struct file_ops;

void block_init(void);
uint64_t block_size(void); /* bytes; 0: no disk */
int block_flush(void);	   /* sleeps */

extern const struct file_ops disk_ops;
