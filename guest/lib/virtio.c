// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * VIRTIO 1.0: 2.4 "Virtqueues", 3.1 "Device Initialization", 4.1 "Virtio Over
 * PCI Bus". The device is trusted no further than needed: what it returns is
 * checked before it is an index.
 */
#include "guest/lib/virtio.h"

#include <stddef.h>
#include <string.h>

#include "guest/lib/hcall.h"
#include "guest/lib/pci.h"
#include "hv/abi/pci.h"

/* Common configuration, 4.1.4.3. */
#define C_DEVICE_SELECT	 0
#define C_DEVICE_FEATURE 4
#define C_DRIVER_SELECT	 8
#define C_DRIVER_FEATURE 12
#define C_STATUS	 20
#define C_QUEUE_SELECT	 22
#define C_QUEUE_SIZE	 24
#define C_QUEUE_ENABLE	 28
#define C_QUEUE_NOTIFY	 30
#define C_QUEUE_DESC	 32
#define C_QUEUE_AVAIL	 40
#define C_QUEUE_USED	 48

#define S_ACKNOWLEDGE 1
#define S_DRIVER      2
#define S_DRIVER_OK   4
#define S_FEATURES_OK 8

#define FEATURE_HI_VERSION_1 1 /* bit 32 */

/* Capabilities, 4.1.4. */
#define CAP_VENDOR   0x09
#define CAP_NEXT     1
#define CAP_TYPE     3
#define CAP_BAR	     4
#define CAP_OFFSET   8
#define CAP_LENGTH   12
#define CAP_MULTIPLY 16
#define CAPS_MAX     16

#define TYPE_COMMON 1
#define TYPE_NOTIFY 2
#define TYPE_ISR    3
#define TYPE_DEVICE 4

#define BAR_IS_IO    1u
#define BAR_IS_64    4u
#define BAR_TYPE     6u
#define BAR_ADDRESS  0xfffffff0u
#define TRANSITIONAL 0x1000u /* ids up to 0x103f */

#define DESCRIPTOR_NEXT	 1
#define DESCRIPTOR_WRITE 2
#define NO_INTERRUPT	 1

/*
 * Registers are read and written by plain moves, of exactly their width: a
 * hypervisor carries out no other instruction.
 */
static void write8(volatile uint8_t *at, uint8_t v)
{
	__asm__ volatile("movb %0, (%1)" : : "q"(v), "r"(at) : "memory");
}

static uint8_t read8(const volatile uint8_t *at)
{
	uint8_t v;

	__asm__ volatile("movb (%1), %0" : "=q"(v) : "r"(at) : "memory");
	return v;
}

static void write16(volatile uint8_t *at, uint16_t v)
{
	__asm__ volatile("movw %0, (%1)" : : "r"(v), "r"(at) : "memory");
}

static uint16_t read16(const volatile uint8_t *at)
{
	uint16_t v;

	__asm__ volatile("movw (%1), %0" : "=r"(v) : "r"(at) : "memory");
	return v;
}

static void write32(volatile uint8_t *at, uint32_t v)
{
	__asm__ volatile("movl %0, (%1)" : : "r"(v), "r"(at) : "memory");
}

static uint32_t read32(const volatile uint8_t *at)
{
	uint32_t v;

	__asm__ volatile("movl (%1), %0" : "=r"(v) : "r"(at) : "memory");
	return v;
}

/* The other side sees memory as it is here, no earlier and no later. */
static void barrier(void)
{
	__asm__ volatile("lock; addl $0, (%%esp)" : : : "memory");
}

/* --- finding it ----------------------------------------------------------- */

static bool is_type(uint32_t slot, uint32_t type)
{
	uint32_t id = pci_read(slot, PCI_REG_ID);
	uint32_t device = id >> 16;

	if ((id & 0xffff) != PCI_VENDOR_VIRTIO) {
		return false;
	}
	if (device >= TRANSITIONAL && device < PCI_DEVICE_VIRTIO_BASE) {
		return pci_read(slot, PCI_REG_SUBSYSTEM) >> 16 == type;
	}
	return device == PCI_DEVICE_VIRTIO_BASE + type;
}

/* Physical address behind BAR @n; 0: none below 4 GiB. */
static uint32_t bar_address(uint32_t slot, uint32_t n)
{
	uint32_t bar = pci_read(slot, PCI_REG_BAR0 + n * 4);

	if (n > 5 || (bar & BAR_IS_IO)) {
		return 0;
	}
	if ((bar & BAR_TYPE) == BAR_IS_64 &&
	    pci_read(slot, PCI_REG_BAR0 + n * 4 + 4)) {
		return 0;
	}
	return bar & BAR_ADDRESS;
}

/* The capability at @cap describes a part of the registers: map it. */
static void map_part(struct virtio_device *d, uint32_t slot, uint32_t cap)
{
	uint32_t pa = bar_address(slot, pci_read8(slot, cap + CAP_BAR));
	uint32_t offset = pci_read(slot, cap + CAP_OFFSET);
	uint32_t length = pci_read(slot, cap + CAP_LENGTH);
	uint8_t type = pci_read8(slot, cap + CAP_TYPE);
	volatile uint8_t **parts[] = {
		[TYPE_COMMON] = &d->common,
		[TYPE_NOTIFY] = &d->notify,
		[TYPE_ISR] = &d->isr,
		[TYPE_DEVICE] = &d->config,
	};

	if (!pa || type < TYPE_COMMON || type > TYPE_DEVICE || *parts[type]) {
		return; /* of several, the first is to be used */
	}
	*parts[type] = sdk_map_device(pa + offset, length);
	if (type == TYPE_NOTIFY) {
		d->notify_step = pci_read(slot, cap + CAP_MULTIPLY);
	}
}

static void map_parts(struct virtio_device *d, uint32_t slot)
{
	uint32_t status = pci_read(slot, PCI_REG_COMMAND);
	uint32_t cap = pci_read8(slot, PCI_REG_CAPABILITIES);
	uint32_t i;

	pci_write(slot, PCI_REG_COMMAND,
		  (status & 0xffff) | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	if (!(status & PCI_STATUS_HAS_CAPS)) {
		return;
	}
	/* Bounded: the list may be a ring. */
	for (i = 0; i < CAPS_MAX && cap >= 0x40; i++) {
		if (pci_read8(slot, cap) == CAP_VENDOR) {
			map_part(d, slot, cap);
		}
		cap = pci_read8(slot, cap + CAP_NEXT) & ~3u;
	}
}

/* --- features and status -------------------------------------------------- */

static void add_status(struct virtio_device *d, uint8_t bit)
{
	write8(d->common + C_STATUS, read8(d->common + C_STATUS) | bit);
}

static int negotiate(struct virtio_device *d, uint32_t features)
{
	uint32_t high;

	write32(d->common + C_DEVICE_SELECT, 1);
	high = read32(d->common + C_DEVICE_FEATURE);
	if (!(high & FEATURE_HI_VERSION_1)) {
		return -1;
	}
	write32(d->common + C_DEVICE_SELECT, 0);
	d->features = read32(d->common + C_DEVICE_FEATURE) & features;
	write32(d->common + C_DRIVER_SELECT, 0);
	write32(d->common + C_DRIVER_FEATURE, d->features);
	write32(d->common + C_DRIVER_SELECT, 1);
	write32(d->common + C_DRIVER_FEATURE, FEATURE_HI_VERSION_1);
	add_status(d, S_FEATURES_OK);
	return read8(d->common + C_STATUS) & S_FEATURES_OK ? 0 : -1;
}

int virtio_open(struct virtio_device *d, uint32_t type, uint32_t nth,
		uint32_t features)
{
	uint32_t slot;

	for (slot = 0; slot < PCI_SLOTS; slot++) {
		if (is_type(slot, type) && !nth--) {
			break;
		}
	}
	if (slot == PCI_SLOTS) {
		return -1;
	}
	memset(d, 0, sizeof(*d));
	map_parts(d, slot);
	if (!d->common || !d->notify || !d->isr) {
		return -1;
	}
	d->irq = pci_read8(slot, PCI_REG_INTERRUPT);
	write8(d->common + C_STATUS, 0);
	while (read8(d->common + C_STATUS)) {
		/* A device may take its time to reset. */
	}
	add_status(d, S_ACKNOWLEDGE);
	add_status(d, S_DRIVER);
	return negotiate(d, features);
}

void virtio_start(struct virtio_device *d)
{
	add_status(d, S_DRIVER_OK);
}

/* Reading it ends the interrupt. */
bool virtio_interrupt(struct virtio_device *d)
{
	return read8(d->isr);
}

uint32_t virtio_config32(const struct virtio_device *d, uint32_t at)
{
	return d->config ? read32(d->config + at) : 0;
}

/* --- queues --------------------------------------------------------------- */

static void write_address(struct virtio_device *d, uint32_t at,
			  const volatile void *p)
{
	write32(d->common + at, sdk_pa(p));
	write32(d->common + at + 4, 0);
}

int virtqueue_open(struct virtqueue *q, struct virtio_device *d,
		   uint32_t number)
{
	uint32_t size, i;

	write16(d->common + C_QUEUE_SELECT, (uint16_t)number);
	size = read16(d->common + C_QUEUE_SIZE);
	if (!size) {
		return -1;
	}
	if (size > VIRTQ_MAX) {
		size = VIRTQ_MAX;
		write16(d->common + C_QUEUE_SIZE, VIRTQ_MAX);
	}
	memset(q, 0, sizeof(*q));
	q->device = d;
	q->number = (uint16_t)number;
	q->size = q->free_count = (uint16_t)size;
	for (i = 0; i < size; i++) {
		q->descriptor[i].next = (uint16_t)(i + 1);
	}
	q->notify =
		d->notify + read16(d->common + C_QUEUE_NOTIFY) * d->notify_step;
	write_address(d, C_QUEUE_DESC, q->descriptor);
	write_address(d, C_QUEUE_AVAIL, &q->available);
	write_address(d, C_QUEUE_USED, &q->used);
	write16(d->common + C_QUEUE_ENABLE, 1);
	return 0;
}

int virtqueue_add(struct virtqueue *q, const struct virtio_buffer *buffer,
		  uint32_t count, void *token)
{
	uint16_t head = q->free;
	uint16_t at = head;
	uint32_t i;

	if (count > q->free_count) {
		return -1;
	}
	for (i = 0; i < count; i++) {
		struct virtq_descriptor *d = &q->descriptor[at];

		d->pa = buffer[i].pa;
		d->size = buffer[i].size;
		d->flags =
			(uint16_t)((buffer[i].is_input ? DESCRIPTOR_WRITE : 0) |
				   (i + 1 < count ? DESCRIPTOR_NEXT : 0));
		at = d->next;
	}
	q->free = at;
	q->free_count = (uint16_t)(q->free_count - count);
	q->token[head] = token;
	q->available.head[q->available.index % q->size] = head;
	__asm__ volatile("" : : : "memory");
	q->available.index++;
	return 0;
}

void virtqueue_kick(struct virtqueue *q)
{
	if (q->kicked != q->available.index) {
		q->kicked = q->available.index;
		barrier();
		write16(q->notify, q->number);
	}
}

/* Back to the free list, @head first. */
static void free_chain(struct virtqueue *q, uint16_t head)
{
	uint16_t last = head, count = 1;

	while (q->descriptor[last].flags & DESCRIPTOR_NEXT) {
		last = q->descriptor[last].next;
		count++;
	}
	q->descriptor[last].next = q->free;
	q->free = head;
	q->free_count = (uint16_t)(q->free_count + count);
}

void *virtqueue_take(struct virtqueue *q, uint32_t *bytes)
{
	const volatile uint16_t *index = &q->used.index;
	const struct virtq_used *u = &q->used.of[q->seen % q->size];
	void *token;

	if (*index == q->seen) {
		return NULL;
	}
	__asm__ volatile("" : : : "memory");
	q->seen++;
	if (u->head >= q->size || !q->token[u->head]) {
		return NULL; /* it was never given that one */
	}
	token = q->token[u->head];
	q->token[u->head] = NULL;
	*bytes = u->bytes;
	free_chain(q, (uint16_t)u->head);
	return token;
}

void virtqueue_want_interrupts(struct virtqueue *q, bool wants)
{
	q->available.flags = wants ? 0 : NO_INTERRUPT;
	barrier();
}
