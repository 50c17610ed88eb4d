/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A virtio disk. There is one; several requests may be on their way.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define BLOCK_SECTOR 512

enum block_kind {
	BLOCK_READ,
	BLOCK_WRITE,
	BLOCK_FLUSH, /* no data */
};

struct block_request {
	struct {
		uint32_t type, reserved;
		uint64_t sector;
	} header;
	uint8_t status;
	bool is_done;
	bool has_failed;
};

/* Start the driver. Returns the interrupt's line, or -1: no disk. */
int vblock_open(void);
uint64_t vblock_sectors(void);
/*
 * @r lies in the image and stays there until ->is_done. @bytes at pa @pa.
 * 0, or -1: no room, or the disk cannot do it.
 */
int vblock_start(struct block_request *r, enum block_kind kind, uint64_t sector,
		 uint32_t pa, uint32_t bytes);
/* Mark what is done. Returns whether anything was. */
bool vblock_collect(void);
void vblock_want_interrupts(bool wants);
bool vblock_interrupt(void);
