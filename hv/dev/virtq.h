/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Split virtqueues, seen from the device: VIRTIO 1.0 2.4 "Virtqueues".
 */
#pragma once

#include "mm/gaccess.h"

#define VIRTQ_NUM_MAX 256

struct virtq {
	struct p2m *p2m;
	u16 num; /* entries: a power of two up to VIRTQ_NUM_MAX */
	bool is_enabled;
	bool is_broken; /* the rings make no sense: out of use until reset */
	u16 avail_next; /* free running, as the ring's own counters */
	u16 used_next;
	gpa_t desc, avail, used;
};

struct virtq_desc {
	u64 addr;
	u32 len;
	u16 flags;
	u16 next;
};

/* A request being served: the place in its chain of descriptors. */
struct virtq_chain {
	struct virtq *q;
	u16 head;
	u16 left;	       /* descriptors that may yet follow */
	struct virtq_desc now; /* what is not yet consumed of it */
};

/* Bytes of a request that are together in guest memory, which is RAM. */
struct virtq_piece {
	gpa_t at;
	u32 len;
	bool is_last; /* the request's last byte is its last */
};

/* To the state after power-up: not enabled, of the largest size. */
void virtq_reset(struct virtq *q, struct p2m *p2m);

/*
 * Put the queue to use, with its num, desc, avail and used set. Returns -1,
 * and leaves it disabled, when they are misaligned or not all in RAM.
 */
int virtq_enable(struct virtq *q) __must_check;

/* The next request the driver made available. False: there is none. */
bool virtq_pop(struct virtq *q, struct virtq_chain *c);

/* The last request popped was not touched: it is the next one again. */
void virtq_undo(struct virtq_chain *c);

/*
 * Consume the next bytes, at most @max of them and never 0, of the part that
 * the device reads, or of the one it writes, which follows. False: no more.
 */
bool virtq_piece(struct virtq_chain *c, bool is_writable, u32 max,
		 struct virtq_piece *p);

/*
 * Copy out of the part that the device reads, or into the other. Returns how
 * many bytes there were.
 */
u32 virtq_read(struct virtq_chain *c, void *dst, u32 len);
u32 virtq_write(struct virtq_chain *c, const void *src, u32 len);

/* The request is done; the device wrote its first @written bytes. */
void virtq_push(struct virtq_chain *c, u32 written);

/* Does the driver want an interrupt when requests are done? */
bool virtq_wants_interrupt(struct virtq *q);
