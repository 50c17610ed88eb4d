// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * VIRTIO 1.0 5.3: queue 0 brings what was typed, queue 1 takes what to show.
 *
 * Output is copied into one of a few buffers, and only waited for when all
 * are on their way.
 *
 * LIMIT: a console that takes nothing any more stops the guest there.
 */
#include "guest/lib/virtio_console.h"

#include <stddef.h>
#include <string.h>

#include "guest/lib/hcall.h"
#include "guest/lib/virtio.h"

#define FEATURE_SIZE 1u

#define CONFIG_SIZE 0 /* u16 columns, u16 rows */

#define INPUTS	    4
#define INPUT_SIZE  64
#define OUTPUTS	    8
#define OUTPUT_SIZE 512

struct input {
	char bytes[INPUT_SIZE];
	uint32_t n, taken;
};

struct output {
	char bytes[OUTPUT_SIZE];
};

static struct virtio_device device;
static struct virtqueue in_queue, out_queue;
static struct input input[INPUTS];
static struct output output[OUTPUTS];
static struct output *free_output[OUTPUTS];
static uint32_t free_outputs;
static struct input *current_input; /* partly read */

static void offer(struct input *i)
{
	const struct virtio_buffer b = { sdk_pa(i->bytes), INPUT_SIZE, true };

	i->taken = 0;
	(void)virtqueue_add(&in_queue, &b, 1, i); /* there is room for all */
}

int vconsole_open(void)
{
	uint32_t i;

	if (virtio_open(&device, VIRTIO_CONSOLE, 0, FEATURE_SIZE) ||
	    virtqueue_open(&in_queue, &device, 0) ||
	    virtqueue_open(&out_queue, &device, 1)) {
		return -1;
	}
	virtqueue_want_interrupts(&out_queue, false);
	virtio_start(&device);
	for (i = 0; i < INPUTS; i++) {
		offer(&input[i]);
	}
	virtqueue_kick(&in_queue);
	for (i = 0; i < OUTPUTS; i++) {
		free_output[free_outputs++] = &output[i];
	}
	return (int)device.irq;
}

static struct output *take_output(void)
{
	uint32_t unused;
	struct output *o;

	do {
		while ((o = virtqueue_take(&out_queue, &unused))) {
			free_output[free_outputs++] = o;
		}
	} while (!free_outputs);
	return free_output[--free_outputs];
}

void vconsole_write(const char *bytes, uint32_t n)
{
	while (n) {
		uint32_t part = n < OUTPUT_SIZE ? n : OUTPUT_SIZE;
		struct output *o = take_output();
		const struct virtio_buffer b = { sdk_pa(o->bytes), part,
						 false };

		memcpy(o->bytes, bytes, part);
		(void)virtqueue_add(&out_queue, &b, 1, o);
		virtqueue_kick(&out_queue);
		bytes += part;
		n -= part;
	}
}

uint32_t vconsole_read(char *to, uint32_t n)
{
	struct input *i = current_input;
	uint32_t part;

	if (!i) {
		i = virtqueue_take(&in_queue, &part);
		if (!i) {
			return 0;
		}
		i->n = part < INPUT_SIZE ? part : INPUT_SIZE;
	}
	part = i->n - i->taken < n ? i->n - i->taken : n;
	memcpy(to, i->bytes + i->taken, part);
	i->taken += part;
	current_input = i;
	if (i->taken == i->n) {
		current_input = NULL;
		offer(i);
		virtqueue_kick(&in_queue);
	}
	return part;
}

bool vconsole_interrupt(void)
{
	return virtio_interrupt(&device);
}

bool vconsole_size(uint16_t *columns, uint16_t *rows)
{
	uint32_t size = virtio_config32(&device, CONFIG_SIZE);

	*columns = (uint16_t)size;
	*rows = (uint16_t)(size >> 16);
	return device.features & FEATURE_SIZE && *columns && *rows;
}
