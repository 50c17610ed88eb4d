/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The console model: two queues, and the emergency write, a character
 * printed without queues, legal in any device state.
 *
 * Flow control: what is typed stays in the console's input ring, and behind
 * it in the sources (hv/lib/console.h), until the guest has a buffer for it.
 *
 * LIMIT: of one output buffer at most OUTPUT_MAX bytes are printed, for that
 * is done at once. Drivers use a page at most.
 *
 * Rules: VIRTIO 1.0 5.3 "Console Device"; lguest ABI 8.2, 8.8.
 */
#include "hv/dev/vcon.h"

#include <string.h>

#include "hv/lib/console.h"

#define CLASS_SERIAL 0x0700

#define QUEUE_INPUT  0
#define QUEUE_OUTPUT 1

#define FEATURE_SIZE	    0x1u
#define FEATURE_EMERG_WRITE 0x4u

/* Device configuration. */
#define CFG_COLS     0 /* u16 */
#define CFG_ROWS     2 /* u16 */
#define CFG_EMERG_WR 8 /* u32, write only */
#define CFG_SIZE     12

/* Bytes moved at once. */
#define BATCH 256

#define OUTPUT_MAX 65536

/*
 * Long output takes what was typed out of its source (hv/lib/console.h): no
 * interrupt tells of it any more.
 */
static void give_typed(struct virtio_dev *d)
{
	virtio_kick(d, QUEUE_INPUT);
}

static u32 read_config(struct virtio_dev *d, u32 offset, u32 width)
{
	struct console_size size = console_size();
	const u16 config[CFG_SIZE / 2] = {
		[CFG_COLS / 2] = size.cols,
		[CFG_ROWS / 2] = size.rows,
	};
	u32 value = 0;

	(void)d;
	memcpy(&value, (const u8 *)config + offset, width);
	return value;
}

static void write_config(struct virtio_dev *d, u32 offset, u32 width, u32 value)
{
	char c = (char)value;

	(void)width;
	if (offset == CFG_EMERG_WR) {
		console_write_guest(&c, 1);
		give_typed(d);
	}
}

static void print(struct virtq_chain *c)
{
	char bytes[BATCH];
	u32 total = 0;
	u32 n;

	do {
		n = virtq_read(c, bytes, sizeof(bytes));
		console_write_guest(bytes, n);
		total += n;
	} while (n == sizeof(bytes) && total < OUTPUT_MAX);
}

static u32 run_output(struct virtq *q)
{
	struct virtq_chain c;
	u32 done = 0;

	while (done < q->num && virtq_pop(q, &c)) {
		print(&c);
		virtq_push(&c, 0);
		done++;
	}
	return done ? VIRTIO_DONE : VIRTIO_IDLE;
}

static u32 take_input(u8 *to, u32 max)
{
	u32 n = 0;

	while (n < max && console_read(&to[n])) {
		n++;
	}
	return n;
}

/* Returns the bytes that were typed and put into the buffer of @c. */
static u32 fill(struct virtq_chain *c, bool *has_room)
{
	u8 bytes[BATCH];
	struct virtq_piece p;
	u32 total = 0;
	u32 n;

	*has_room = false;
	while (virtq_piece(c, true, sizeof(bytes), &p)) {
		*has_room = true;
		n = take_input(bytes, p.len);
		if (n && gaccess_write(c->q->p2m, p.at, bytes, n)) {
			break;
		}
		total += n;
		if (n < p.len) {
			break;
		}
	}
	return total;
}

static u32 run_input(struct virtq *q)
{
	struct virtq_chain c;
	u32 done = 0;

	while (done < q->num && virtq_pop(q, &c)) {
		bool has_room;
		u32 n = fill(&c, &has_room);

		if (n == 0 && has_room) {
			/* Nothing was typed: the buffer waits. */
			virtq_undo(&c);
			break;
		}
		virtq_push(&c, n);
		done++;
	}
	return done ? VIRTIO_DONE : VIRTIO_IDLE;
}

static u32 run(struct virtio_dev *d, u32 queue)
{
	struct virtq *q = &d->vq[queue];
	u32 work;

	if (queue == QUEUE_INPUT) {
		return run_input(q);
	}
	work = run_output(q);
	give_typed(d);
	return work;
}

const struct virtio_model vcon_model = {
	.id = VIRTIO_ID_CONSOLE,
	.queues = 2,
	.pci_class = CLASS_SERIAL,
	.features = FEATURE_EMERG_WRITE,
	.config_size = CFG_SIZE,
	.run = run,
	.read_config = read_config,
	.write_config = write_config,
};

void vcon_set_up(struct vcon *c)
{
	c->dev.own_features = console_size().cols ? FEATURE_SIZE : 0;
}

void vcon_poll(struct vcon *c)
{
	give_typed(&c->dev);
}
