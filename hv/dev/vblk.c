/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The block model: reads and writes are copies between guest memory and the
 * disk's bytes, done at once, whole pages where the buffers are such.
 *
 * A request is a header that the device reads, data, and a status byte, the
 * last one that the device writes. How these are spread over descriptors is
 * the driver's choice.
 *
 * I1  Nothing outside [disk.bytes, disk.bytes + sectors * 512) is touched.
 *
 * LIMIT: a request for more than REQUEST_MAX bytes is an I/O error, for it is
 * served at once. Drivers that respect seg_max stay far below.
 *
 * Distrusts every field of a request. Rules: VIRTIO 1.0 5.2 "Block Device";
 * lguest ABI 8.7, 11.2.
 */
#include "hv/dev/vblk.h"

#include <stdio.h>
#include <string.h>

#define CLASS_STORAGE_OTHER 0x0180

#define FEATURE_SEG_MAX 0x004u
#define FEATURE_FLUSH	0x200u

#define SECTOR_SHIFT 9
#define SECTOR_SIZE  512u
#define REQUEST_MAX  (16u << 20)

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
};

#define ID_SIZE 20

struct request_header {
	u32 type;
	u32 priority;
	u64 sector;
};

_Static_assert(sizeof(struct request_header) == 16, "VIRTIO 1.0 5.2.6");

struct request {
	struct vblk *disk;
	struct virtq_chain chain;
	u64 at;	     /* next byte of the disk */
	u32 left;    /* of REQUEST_MAX */
	u32 written; /* bytes of data for the driver */
	gpa_t status;
	bool has_status;
};

static u64 disk_size(const struct vblk *b)
{
	return ROUND_DOWN(b->disk.size, SECTOR_SIZE);
}

/* Does the request go on for @len bytes of the disk? Then account for them. */
static u8 *disk_bytes(struct request *r, u32 len)
{
	u64 size = disk_size(r->disk);
	u8 *bytes;

	if (r->at > size || len > size - r->at || len > r->left) {
		return NULL;
	}
	bytes = r->disk->disk.bytes + (u32)r->at;
	r->at += len;
	r->left -= len;
	return bytes;
}

/* The next bytes that the driver wants written, but for the status byte. */
static bool data_in(struct request *r, struct virtq_piece *p)
{
	if (r->has_status || !virtq_piece(&r->chain, true, ~0u, p)) {
		return false;
	}
	if (p->is_last) {
		p->len--;
		r->status = gpa_add(p->at, p->len);
		r->has_status = true;
	}
	return true;
}

static enum request_status read_disk(struct request *r)
{
	struct virtq_piece p;

	while (data_in(r, &p)) {
		const u8 *bytes = disk_bytes(r, p.len);

		if (!bytes ||
		    gaccess_write(r->disk->dev.p2m, p.at, bytes, p.len)) {
			return STATUS_IOERR;
		}
		r->written += p.len;
	}
	return STATUS_OK;
}

static enum request_status write_disk(struct request *r)
{
	struct virtq_piece p;

	while (virtq_piece(&r->chain, false, ~0u, &p)) {
		u8 *bytes = disk_bytes(r, p.len);

		if (!bytes ||
		    gaccess_read(r->disk->dev.p2m, bytes, p.at, p.len)) {
			return STATUS_IOERR;
		}
	}
	return STATUS_OK;
}

static enum request_status get_id(struct request *r)
{
	char id[ID_SIZE + 1] = { 0 };
	struct virtq_piece p;

	snprintf(id, sizeof(id), "umbra-disk-%u", (unsigned)r->disk->number);
	while (r->written < ID_SIZE && data_in(r, &p)) {
		u32 n = min_u32(p.len, ID_SIZE - r->written);

		if (gaccess_write(r->disk->dev.p2m, p.at, id + r->written, n)) {
			return STATUS_IOERR;
		}
		r->written += n;
	}
	return STATUS_OK;
}

static enum request_status serve(struct request *r)
{
	struct request_header h;

	if (virtq_read(&r->chain, &h, sizeof(h)) != sizeof(h)) {
		return STATUS_IOERR;
	}
	/* A sector beyond any disk must not become a small offset. */
	r->at = h.sector >> (64 - SECTOR_SHIFT) ? ~0ull
						: h.sector << SECTOR_SHIFT;
	switch (h.type) {
	case REQUEST_IN:
		return read_disk(r);
	case REQUEST_OUT:
		return write_disk(r);
	case REQUEST_FLUSH:
		return STATUS_OK;
	case REQUEST_GET_ID:
		return get_id(r);
	default:
		return STATUS_UNSUPPORTED;
	}
}

/* The status byte and, where there is no data missing before it, its place. */
static void finish(struct request *r, enum request_status status)
{
	const u8 byte = (u8)status;
	struct virtq_piece p;
	u32 skipped = 0;

	while (data_in(r, &p)) {
		skipped += p.len;
	}
	if (r->has_status &&
	    gaccess_write(r->disk->dev.p2m, r->status, &byte, 1) == 0 &&
	    skipped == 0 && status == STATUS_OK) {
		r->written++;
	}
	virtq_push(&r->chain, r->written);
}

static bool run(struct virtio_dev *d, u32 queue)
{
	struct vblk *b = container_of(d, struct vblk, dev);
	struct virtq *q = &d->vq[queue];
	struct request r;
	u32 done = 0;

	while (done < q->num && virtq_pop(q, &r.chain)) {
		r.disk = b;
		r.left = REQUEST_MAX;
		r.written = 0;
		r.has_status = false;
		finish(&r, serve(&r));
		done++;
	}
	return done > 0;
}

static u32 read_config(struct virtio_dev *d, u32 offset, u32 width)
{
	const struct vblk *b = container_of(d, struct vblk, dev);
	const u64 capacity = disk_size(b) >> SECTOR_SHIFT;
	const u32 seg_max = SEG_MAX, blk_size = SECTOR_SIZE;
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
	.id = VIRTIO_ID_BLOCK,
	.queues = 1,
	.pci_class = CLASS_STORAGE_OTHER,
	.features = FEATURE_SEG_MAX | FEATURE_FLUSH,
	.legacy_features = FEATURE_SEG_MAX | FEATURE_FLUSH,
	.config_size = CFG_SIZE,
	.legacy_config_size = CFG_SEG_MAX + sizeof(u32),
	.run = run,
	.read_config = read_config,
	.write_config = write_config,
};
