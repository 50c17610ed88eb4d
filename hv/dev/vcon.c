/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The console model: two queues; the emergency write, a character printed
 * without queues, legal in any device state; and the texts that kernels up to
 * 3.19 print before they have a driver.
 *
 * Flow control: what is typed stays in the sink until the guest has a buffer
 * for it.
 *
 * LIMIT: of one output buffer at most OUTPUT_MAX bytes are printed, for that
 * is done at once. Drivers use a page at most.
 *
 * Rules: VIRTIO 1.0 5.3 "Console Device"; lguest ABI 8.2, 8.8.
 */
#include "hv/dev/vcon.h"

#include <string.h>

#define DEVICE_ID    3
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
 * After any output: while it prints much, a sink looks for what is typed, of
 * which no interrupt tells any more (hv/lib/console.h).
 */
static void give_typed(struct virtio_dev *d)
{
	virtio_kick(d, QUEUE_INPUT);
}

static void print(struct virtio_dev *d, const char *bytes, u32 len)
{
	const struct vcon_sink *s = &container_of(d, struct vcon, dev)->sink;

	s->write(s->ctx, bytes, len);
}

static u32 read_config(struct virtio_dev *d, u32 offset, u32 width)
{
	struct vcon *c = container_of(d, struct vcon, dev);
	struct vcon_size size = c->sink.size(c->sink.ctx);
	const u16 config[CFG_SIZE / 2] = {
		[CFG_COLS / 2] = size.cols,
		[CFG_ROWS / 2] = size.rows,
	};
	u32 value = 0;

	memcpy(&value, (const u8 *)config + offset, width);
	return value;
}

static void write_config(struct virtio_dev *d, u32 offset, u32 width, u32 value)
{
	char c = (char)value;

	(void)width;
	if (offset == CFG_EMERG_WR) {
		print(d, &c, 1);
		give_typed(d);
	}
}

static void print_buffer(struct virtio_dev *d, struct virtq_chain *c)
{
	char bytes[BATCH];
	u32 total = 0;
	u32 n;

	do {
		n = virtq_read(c, bytes, sizeof(bytes));
		print(d, bytes, n);
		total += n;
	} while (n == sizeof(bytes) && total < OUTPUT_MAX);
}

static u32 run_output(struct virtio_dev *d, struct virtq *q)
{
	struct virtq_chain c;
	u32 done = 0;

	while (done < q->num && virtq_pop(q, &c)) {
		print_buffer(d, &c);
		virtq_push(&c, 0);
		done++;
	}
	return done ? VIRTIO_DONE : VIRTIO_IDLE;
}

/* Returns the bytes that were typed and put into the buffer of @c. */
static u32 fill(const struct vcon_sink *s, struct virtq_chain *c,
		bool *has_room)
{
	u8 bytes[BATCH];
	struct virtq_piece p;
	u32 total = 0;
	u32 n;

	*has_room = false;
	while (virtq_piece(c, true, sizeof(bytes), &p)) {
		*has_room = true;
		n = s->read(s->ctx, bytes, p.len);
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

static u32 run_input(struct virtio_dev *d, struct virtq *q)
{
	const struct vcon_sink *s = &container_of(d, struct vcon, dev)->sink;
	struct virtq_chain c;
	u32 done = 0;

	while (done < q->num && virtq_pop(q, &c)) {
		bool has_room;
		u32 n = fill(s, &c, &has_room);

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
		return run_input(d, q);
	}
	work = run_output(d, q);
	give_typed(d);
	return work;
}

const struct virtio_model vcon_model = {
	.id = DEVICE_ID,
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
	c->dev.own_features = c->sink.size(c->sink.ctx).cols ? FEATURE_SIZE : 0;
}

void vcon_poll(struct vcon *c)
{
	give_typed(&c->dev);
}

void vcon_print_text(struct vcon *c, gpa_t a)
{
	struct p2m *p2m = c->dev.guest->p2m;
	char text[BATCH];
	u32 n = 0;

	while (n < sizeof(text) &&
	       gaccess_read(p2m, &text[n], gpa_add(a, n), 1) == 0 &&
	       text[n] != '\0') {
		n++;
	}
	print(&c->dev, text, n);
	give_typed(&c->dev);
}
