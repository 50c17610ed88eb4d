// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A driver that does everything wrong, in a random but repeatable order: it
 * writes configuration space and registers, moves BARs over memory and over
 * each other, puts rings anywhere, fills them with chains that loop, reach
 * too far or lie about everything, and notifies all the while.
 *
 * Whatever comes of it, Umbra stays, this program's own memory is untouched,
 * and the devices work again after a reset.
 */
#include "test/lib/virtio.h"

#define ROUNDS 6000u

/* All that devices are told to touch lies from here to the end of RAM ... */
#define ARENA 0x01000000u
/* ... most of it in a small part, so that things meet. */
#define CORNER 0x8000u

#define SLOT_CONSOLE 1u
#define SLOT_DISK    3u
#define SLOTS	     3u
#define BAR0	     0x10u
#define PCI_ADDRESS  0xcf8u
#define CONFIG_SIZE  152u

/* The window to registers in configuration space. */
#define WINDOW_BAR    0x88u
#define WINDOW_OFFSET 0x8cu
#define WINDOW_LENGTH 0x90u
#define WINDOW_DATA   0x94u

/* Printing takes long, and a chain can be 256 times as long. */
#define CONSOLE_LEN_MAX 16u

static u32 seed;
static u32 ram;
static u32 bar[SLOTS + 1]; /* where they were at first */
static struct vq queue;
static u8 status;

static u32 rnd(u32 n)
{
	seed = seed * 1664525u + 1013904223u;
	return n ? (seed >> 8) % n : 0;
}

static u32 any(void)
{
	static const u32 values[] = {
		0,     1,      2,      3,	0xb, 0xf,   0x40,	0x80,
		0x100, 0x8000, 0xffff, 0x10000, ~0u, ~0xfu, 0x80000000u
	};

	return rnd(4) ? values[rnd(ARRAY_SIZE(values))] : seed;
}

/* An address for a device: memory it may spoil, or none at all. */
static u32 place(void)
{
	switch (rnd(8)) {
	case 0:
		return ram - rnd(64);
	case 1:
		return ram + rnd(0x200000);
	case 2:
		return ARENA + rnd(ram - ARENA);
	default:
		return ARENA + (rnd(CORNER) & ~15u);
	}
}

/* --- registers --- */

static void config_write(u32 slot, u32 reg, u32 width, u32 value)
{
	u16 port = (u16)(PCI_ADDRESS + 4 + reg % 4);

	outl(PCI_ADDRESS, 0x80000000u | slot << 11 | (reg & ~3u));
	if (width == 1) {
		outb(port, (u8)value);
	} else if (width == 2) {
		outw(port, (u16)value);
	} else {
		outl(port, value);
	}
}

struct access {
	u32 at, width, value;
};

static void store(void *arg)
{
	const struct access *a = arg;

	if (a->width == 1) {
		*(volatile u8 *)a->at = (u8)a->value;
	} else if (a->width == 2) {
		*(volatile u16 *)a->at = (u16)a->value;
	} else {
		*(volatile u32 *)a->at = a->value;
	}
}

/* A register, by the window where the BAR is over memory, or now and then. */
static void reg_write(u32 slot, u32 offset, u32 width, u32 value)
{
	struct access a = { 0, width, value };
	u32 base = vm_pci_read(slot, BAR0) & ~0xfu;

	if (base >= ram && rnd(4)) {
		a.at = base + offset;
		vm_try(store, &a);
		return;
	}
	config_write(slot, WINDOW_BAR, 1, 0);
	config_write(slot, WINDOW_OFFSET, 4, offset);
	config_write(slot, WINDOW_LENGTH, 4, width);
	config_write(slot, WINDOW_DATA, 4, value);
}

static void move_bar(u32 slot)
{
	u32 to = rnd(3) ? bar[1 + rnd(SLOTS)] : place();

	config_write(slot, BAR0, 4, rnd(8) ? to : any());
}

/* --- rings --- */

static void write16(u32 at, u32 value)
{
	if (at >= ARENA && at < ram - 2) {
		*(volatile u16 *)at = (u16)value;
	}
}

static void lie(u32 slot, u32 at)
{
	struct vq_desc d = { .addr = place() };

	d.len = rnd(4) ? rnd(2048) : any();
	if (slot == SLOT_CONSOLE) {
		d.len %= CONSOLE_LEN_MAX;
	}
	d.addr += rnd(64) ? 0 : 1ull << (32 + rnd(32));
	d.flags = (u16)(rnd(16) ? rnd(4) : rnd(8));
	d.next = (u16)rnd(rnd(8) ? 8 : 300);
	if (at >= ARENA && at < ram - sizeof(d)) {
		*(volatile struct vq_desc *)at = d;
	}
}

/* Rings somewhere, and chains in them that often make some sense. */
static void start(u32 slot)
{
	u32 desc = place(), avail = place(), used = place();
	u32 num = 1u << rnd(9);

	reg_write(slot, VR_STATUS, 1, 0);
	reg_write(slot, VR_STATUS, 1, 1);
	reg_write(slot, VR_STATUS, 1, 3);
	reg_write(slot, 8, 4, 1);
	reg_write(slot, 12, 4, rnd(16) ? 1 : any());
	reg_write(slot, VR_STATUS, 1, 0xb);
	for (u32 q = 0; q < 2; q++) {
		reg_write(slot, VR_QUEUE_SELECT, 2, q);
		reg_write(slot, VR_QUEUE_SIZE, 2, num);
		reg_write(slot, VR_DESC, 4, desc);
		reg_write(slot, VR_AVAIL, 4, avail);
		reg_write(slot, VR_USED, 4, used);
		reg_write(slot, VR_QUEUE_ENABLE, 2, 1);
	}
	for (u32 i = 0; i < 16; i++) {
		lie(slot, desc + 16 * rnd(16));
	}
	for (u32 i = 0; i < 16; i++) {
		write16(avail + 4 + 2 * i, rnd(rnd(8) ? 16 : 0x10000));
	}
	write16(avail + 2, rnd(rnd(8) ? 6 : num + 2));
	reg_write(slot, VR_STATUS, 1, 0xf);
}

static void notify(u32 slot)
{
	for (u32 n = rnd(8) ? 1 : 100; n > 0; n--) {
		reg_write(slot, VR_NOTIFY, 2, rnd(rnd(8) ? 2 : 0x10000));
	}
}

static void do_something(void)
{
	u32 slot = 1 + rnd(SLOTS), width = 1u << rnd(3);

	switch (rnd(12)) {
	case 0:
		move_bar(slot);
		break;
	case 1:
		config_write(slot, rnd(CONFIG_SIZE) & ~(width - 1), width,
			     any());
		break;
	case 2:
		outb((u16)(PCI_ADDRESS + rnd(8)), (u8)any());
		break;
	case 3:
		start(slot);
		break;
	case 4:
		lie(slot, place());
		break;
	case 5:
		write16(place() & ~1u, any());
		break;
	case 6:
		reg_write(slot, VR_STATUS, 1, any());
		break;
	case 7:
		reg_write(slot, rnd(0x1000), width, any());
		break;
	case 8:
		reg_write(slot, rnd(18) * 4, 4, any());
		break;
	default:
		notify(slot);
		break;
	}
}

/* --- afterwards --- */

static void mend(void)
{
	for (u32 slot = 1; slot <= SLOTS; slot++) {
		config_write(slot, BAR0, 4, bar[slot]);
	}
	virtio_begin(SLOT_CONSOLE);
	virtio_queue(SLOT_CONSOLE, 1, &queue);
	virtio_go(SLOT_CONSOLE);
	vq_fill(&queue, 0, "\nstill well\n", 12, 0, 0);
	vq_offer(SLOT_CONSOLE, 1, &queue, 0);
	VM_CHECK(vq_wait(&queue) == 0);
}

static void check_disk(void)
{
	static const u32 header[4] = { 4, 0, 0, 0 }; /* flush */

	virtio_begin(SLOT_DISK);
	virtio_queue(SLOT_DISK, 0, &queue);
	virtio_go(SLOT_DISK);
	status = 0xee;
	vq_fill(&queue, 0, header, 16, VQ_NEXT, 1);
	vq_fill(&queue, 1, &status, 1, VQ_WRITE, 0);
	vq_offer(SLOT_DISK, 0, &queue, 0);
	vq_wait(&queue);
	VM_CHECK(*(volatile u8 *)&status == 0);
}

static u32 sum_of_image(void)
{
	u32 sum = 0;

	for (const u8 *at = vm_image_start; at < (const u8 *)main; at++) {
		sum = sum * 31 + *at;
	}
	return sum;
}

void main(void)
{
	u32 sum;

	seed = vm_case_number();
	ram = vm_ram_size();
	vm_init();
	vm_traps_init();
	for (u32 slot = 1; slot <= SLOTS; slot++) {
		bar[slot] = vm_pci_read(slot, BAR0);
		VM_CHECK(bar[slot] > ram && bar[slot] != ~0u);
	}
	sum = sum_of_image();
	for (u32 i = 0; i < ROUNDS; i++) {
		do_something();
	}
	VM_CHECK(sum_of_image() == sum);
	mend();
	check_disk();
	vm_pass();
}
