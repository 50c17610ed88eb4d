// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest to type at, while it does what its first word says: Umbra hears its
 * keys whatever the guest does, and the guest gets all the others.
 */
#include "test/lib/virtio.h"

#define SLOT  1
#define INPUT 0

#define END_OF_TEXT 4u
#define FULL_STOP   '.'
#define BUFFER	    61u
#define LAZINESS    500u /* steps between two reads */

static struct vq in;
static u8 bytes[BUFFER];

/* In a loop of its own, with virtual interrupts off and half a line said. */
__attribute__((noinline)) static void spin_for_ever(void)
{
	vm_puts("busy: ");
	for (;;) {
		__asm__ volatile("");
	}
}

static void sleep_for_ever(void)
{
	vm_puts("asleep\n");
	for (;;) {
		hypercall(HC_HALT, 0, 0, 0, 0);
	}
}

static void chatter(void)
{
	for (;;) {
		vm_puts("the quick brown fox jumps over the lazy dog\n");
	}
}

static void start_console(void)
{
	virtio_begin(SLOT);
	virtio_queue(SLOT, INPUT, &in);
	virtio_go(SLOT);
}

/* Wait for what is typed; it may be more than one byte. */
static u32 read(u32 max)
{
	u32 len;

	vq_fill(&in, 0, bytes, max, VQ_WRITE, 0);
	vq_offer(SLOT, INPUT, &in, 0);
	while (!vq_done(&in, &len)) {
	}
	VM_CHECK(len > 0 && len <= max);
	return len;
}

/* Say which bytes arrive, up to a full stop. */
static void echo(void)
{
	start_console();
	vm_puts("reading\n");
	do {
		read(1);
		vm_printf("got %02x\n", bytes[0]);
	} while (bytes[0] != FULL_STOP);
}

/* End at the first of them, in the middle of a line. */
static void end_in_line(void)
{
	start_console();
	vm_puts("reading: ");
	read(1);
}

/* Add up what arrives, slowly. */
static void add_up(void)
{
	u32 count = 0, sum = 0;
	bool is_over = false;

	start_console();
	vm_puts("reading\n");
	while (!is_over) {
		u32 len = read(1 + count % BUFFER);

		for (u32 i = 0; i < len && !is_over; i++) {
			is_over = bytes[i] == END_OF_TEXT;
			sum = is_over ? sum : sum * 31 + bytes[i];
			count += !is_over;
		}
		for (volatile u32 i = 0; i < LAZINESS; i++) {
		}
	}
	vm_printf("read %u bytes, sum %08x\n", count, sum);
}

void main(void)
{
	vm_init();
	if (vm_has_word("spin")) {
		spin_for_ever();
	} else if (vm_has_word("sleep")) {
		sleep_for_ever();
	} else if (vm_has_word("chatter")) {
		chatter();
	} else if (vm_has_word("echo")) {
		echo();
	} else if (vm_has_word("end")) {
		end_in_line();
	} else if (vm_has_word("add")) {
		add_up();
	}
	vm_pass();
}
