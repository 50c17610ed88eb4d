/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The block model: requests of the driver become moves between guest memory
 * and a store.
 *
 * A request is a header that the device reads, data, and a status byte, the
 * last one that the device writes. How these are spread over descriptors is
 * the driver's choice.
 *
 * I1  The store is asked for nothing outside of [0, size).
 * I2  What one run of the queue does is bounded (BUDGET). The rest waits, a
 *     request in the middle of its data included, and is gone on with in the
 *     next run, in the ring's order.
 *
 * LIMIT: a request for more than REQUEST_MAX bytes is an I/O error: a chain
 * could name the same memory over and over. Drivers that respect seg_max stay
 * far below.
 *
 * Distrusts every field of a request. Rules: VIRTIO 1.0 5.2 "Block Device";
 * lguest ABI 8.7, 11.2.
 */
#include "hv/dev/vblk.h"

#include <stdio.h>
#include <string.h>

#define DEVICE_ID	    2
#define CLASS_STORAGE_OTHER 0x0180

#define FEATURE_SEG_MAX 0x004u
#define FEATURE_RO	0x020u
#define FEATURE_FLUSH	0x200u

#define SECTOR_SHIFT 9
#define REQUEST_MAX  (16u << 20)

/*
 * What is done at once, with interrupts off: bytes to move, a fraction of a
 * millisecond's. Requests and descriptors cost time as well, so they count.
 */
#define BUDGET	     (1u << 20)
#define REQUEST_COST 1024u
#define PIECE_COST   64u

/* Device configuration. */
#define CFG_CAPACITY 0	/* u64, sectors */
#define CFG_SEG_MAX  12 /* u32 */
#define CFG_BLK_SIZE 20 /* u32 */
#define CFG_SIZE     36

/* Two descriptors of a full queue are header and status. */
#define SEG_MAX (VIRTQ_NUM_MAX - 2)

enum request_type {
	REQUEST_IN = 0,
	REQUEST_OUT = 1,
	REQUEST_FLUSH = 4,
	REQUEST_GET_ID = 8,
};

enum request_status {
	STATUS_OK,
	STATUS_IOERR,
	STATUS_UNSUPPORTED,
	STATUS_LATER, /* for here: not done yet */
};

#define ID_SIZE 20

struct request_header {
	u32 type;
	u32 priority;
	u64 sector;
};

_Static_assert(sizeof(struct request_header) == 16, "VIRTIO 1.0 5.2.6");

/* The next @len bytes of the request, from or to @gpa. */
static int move(struct vblk *b, gpa_t gpa, u32 len, bool is_write)
{
	const struct vblk_store *s = &b->store;
	struct vblk_request *r = &b->request;
	const struct vblk_move m = {
		.p2m = r->chain.q->p2m,
		.gpa = gpa,
		.at = r->at,
		.len = len,
		.is_write = is_write,
	};

	if (r->at > s->size || len > s->size - r->at || len > r->left) {
		return -1;
	}
	r->at += len;
	r->left -= len;
	b->budget -= len;
	return s->move(s->ctx, &m);
}

/*
 * The next bytes that the driver wants written, at most @max, but for the
 * status byte.
 */
static bool data_in(struct vblk_request *r, u32 max, struct virtq_piece *p)
{
	if (r->has_status || !virtq_piece(&r->chain, true, max, p)) {
		return false;
	}
	if (p->is_last) {
		p->len--;
		r->status = gpa_add(p->at, p->len);
		r->has_status = true;
	}
	r->room += p->len;
	return true;
}

static enum request_status read_disk(struct vblk *b)
{
	struct vblk_request *r = &b->request;
	struct virtq_piece p;

	while (b->budget > 0) {
		if (!data_in(r, b->budget, &p)) {
			return STATUS_OK;
		}
		if (move(b, p.at, p.len, false)) {
			return STATUS_IOERR;
		}
		r->written += p.len;
	}
	return STATUS_LATER;
}

static enum request_status write_disk(struct vblk *b)
{
	struct virtq_piece p;

	if (b->store.is_read_only) {
		b->refused++;
		return STATUS_IOERR;
	}
	while (b->budget > 0) {
		if (!virtq_piece(&b->request.chain, false, b->budget, &p)) {
			return STATUS_OK;
		}
		if (move(b, p.at, p.len, true)) {
			return STATUS_IOERR;
		}
	}
	return STATUS_LATER;
}

static enum request_status get_id(struct vblk *b)
{
	struct vblk_request *r = &b->request;
	char id[ID_SIZE + 1] = { 0 };
	struct virtq_piece p;

	snprintf(id, sizeof(id), "umbra-disk-%u", (unsigned)b->number);
	while (r->written < ID_SIZE && data_in(r, ~0u, &p)) {
		u32 n = min_u32(p.len, ID_SIZE - r->written);

		if (gaccess_write(r->chain.q->p2m, p.at, id + r->written, n)) {
			return STATUS_IOERR;
		}
		r->written += n;
	}
	return STATUS_OK;
}

/* Begin with the next request, if there is one: its header decides. */
static bool begin(struct vblk *b, struct virtq *q)
{
	struct vblk_request *r = &b->request;
	struct request_header h = { 0 };

	if (!virtq_pop(q, &r->chain)) {
		return false;
	}
	r->left = REQUEST_MAX;
	r->written = r->room = 0;
	r->has_status = false;
	r->is_malformed = virtq_read(&r->chain, &h, sizeof(h)) != sizeof(h);
	r->type = h.type;
	/* A sector beyond any disk must not become a small offset. */
	r->at = h.sector >> (64 - SECTOR_SHIFT) ? ~0ull
						: h.sector << SECTOR_SHIFT;
	b->is_begun = true;
	return true;
}

static enum request_status serve(struct vblk *b)
{
	if (b->request.is_malformed) {
		return STATUS_IOERR;
	}
	switch (b->request.type) {
	case REQUEST_IN:
		return read_disk(b);
	case REQUEST_OUT:
		return write_disk(b);
	case REQUEST_FLUSH:
		return STATUS_OK;
	case REQUEST_GET_ID:
		return get_id(b);
	default:
		return STATUS_UNSUPPORTED;
	}
}

/* The status byte, which counts when all that is before it was written. */
static void finish(struct vblk *b, enum request_status status)
{
	struct vblk_request *r = &b->request;
	const u8 byte = (u8)status;
	struct virtq_piece p;
	u32 cost;

	while (data_in(r, ~0u, &p)) {
	}
	if (r->has_status &&
	    gaccess_write(r->chain.q->p2m, r->status, &byte, 1) == 0 &&
	    r->written == r->room) {
		r->written++;
	}
	virtq_push(&r->chain, r->written);
	b->is_begun = false;
	cost = REQUEST_COST + (r->chain.q->num - r->chain.left) * PIECE_COST;
	b->budget -= min_u32(cost, b->budget);
}

static u32 run(struct virtio_dev *d, u32 queue)
{
	struct vblk *b = container_of(d, struct vblk, dev);
	u32 work = VIRTIO_IDLE;

	b->budget = BUDGET;
	while (b->budget > 0 && (b->is_begun || begin(b, &d->vq[queue]))) {
		enum request_status status = serve(b);

		if (status == STATUS_LATER) {
			break;
		}
		finish(b, status);
		work = VIRTIO_DONE;
	}
	return b->budget > 0 ? work : work | VIRTIO_MORE;
}

static void reset(struct virtio_dev *d)
{
	struct vblk *b = container_of(d, struct vblk, dev);

	b->is_begun = false;
}

void vblk_set_up(struct vblk *b)
{
	b->dev.own_features = b->store.is_read_only ? FEATURE_RO : 0;
}

static u32 read_config(struct virtio_dev *d, u32 offset, u32 width)
{
	const struct vblk *b = container_of(d, struct vblk, dev);
	const u64 capacity = b->store.size >> SECTOR_SHIFT;
	const u32 seg_max = SEG_MAX, blk_size = VBLK_SECTOR_SIZE;
	u8 config[CFG_SIZE] = { 0 };
	u32 value = 0;

	memcpy(config + CFG_CAPACITY, &capacity, sizeof(capacity));
	memcpy(config + CFG_SEG_MAX, &seg_max, sizeof(seg_max));
	memcpy(config + CFG_BLK_SIZE, &blk_size, sizeof(blk_size));
	memcpy(&value, config + offset, width);
	return value;
}

static void write_config(struct virtio_dev *d, u32 offset, u32 width, u32 value)
{
	/* Nothing there can be written. */
	(void)d;
	(void)offset;
	(void)width;
	(void)value;
}

const struct virtio_model vblk_model = {
	.id = DEVICE_ID,
	.queues = 1,
	.pci_class = CLASS_STORAGE_OTHER,
	.features = FEATURE_SEG_MAX | FEATURE_FLUSH,
	.legacy_features = FEATURE_SEG_MAX | FEATURE_FLUSH,
	.config_size = CFG_SIZE,
	.legacy_config_size = CFG_SEG_MAX + sizeof(u32),
	.run = run,
	.reset = reset,
	.read_config = read_config,
	.write_config = write_config,
};
