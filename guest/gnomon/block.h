/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The disk, /dev/vda, and true randomness; both may be absent.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

void block_init(void);
uint64_t block_sectors(void); /* of 512 bytes; 0: no disk */
/* @count sectors at pa @pa, within one page. Sleeps. 0 or -EIO. */
int block_io(uint64_t sector, uint32_t count, uint32_t pa, bool is_write);
int block_flush(void);

void random_init(void);
void random_fill(void *to, uint32_t n); /* never fails; seeded by the device */
