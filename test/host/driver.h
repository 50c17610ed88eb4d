/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For tests of devices: a guest's memory (the real pfa and p2m over fake
 * machine memory), and a driver's side of a virtqueue, written from VIRTIO
 * 1.0 2.4 and sharing nothing with hv/dev/virtq.c.
 */
#pragma once

#include "mm/gaccess.h"
#include "mm/pfa.h"

struct driver_memory {
	struct pfa pfa;
	void *pfa_table;
	struct p2m p2m;
};

extern struct driver_memory mem;

void driver_memory_init(u32 frames);
void driver_memory_free(void);

/* Guest memory, at an address that must exist. */
void mem_put(u64 gpa, const void *bytes, u32 len);
void mem_get(u64 gpa, void *bytes, u32 len);
void mem_put16(u64 gpa, u16 v);
u16 mem_get16(u64 gpa);
u32 mem_get32(u64 gpa);

struct ring {
	u64 desc, avail, used;
	u16 num;
	u16 made; /* requests made available */
	u16 seen; /* completions looked at */
};

#define D_NEXT	   1u
#define D_WRITE	   2u
#define D_INDIRECT 4u

/* Rings in the pages from @base on, as drivers up to 3.19 lay them out. */
struct ring ring_at(u64 base, u16 num);

void ring_desc(const struct ring *r, u32 i, u64 addr, u32 len, u32 flags,
	       u32 next);

/* Make the chain from descriptor @head available. */
void ring_offer(struct ring *r, u32 head);

/* The next completion, if there is one. */
bool ring_done(struct ring *r, u32 *id, u32 *len);
