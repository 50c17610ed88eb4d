// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls left in the ring are made in order at the next hypercall, before that
 * call itself, and nothing makes a second introduction or a wrong number
 * legal there.
 *
 * Linux queues most of its page-table calls this way.
 */
#include "test/lib/vm.h"

#define RING_SLOTS 64u
#define SLOT_SIZE  20u
#define SLOT_FREE  0xff
#define PENDING	   0x00
#define ODD_STATUS 0x7f /* anything but free counts as pending */
#define UNKNOWN	   99
#define TYPE_TRAP  0xf

static u32 next;

static volatile u8 *status(u32 slot)
{
	return &vm_lguest_data[LG_HCALL_STATUS + slot];
}

static void queue(u32 number, u32 a1, u32 a2, u32 a3, u8 pending)
{
	u32 slot = LG_HCALLS + next * SLOT_SIZE;

	lg_write(slot + 0, number);
	lg_write(slot + 4, a1);
	lg_write(slot + 8, a2);
	lg_write(slot + 12, a3);
	lg_write(slot + 16, 0);
	*status(next) = pending;
	next = (next + 1) % RING_SLOTS;
}

static void queue_gate(u32 vector, u32 handler, u8 pending)
{
	queue(HC_LOAD_IDT_ENTRY, vector, (0x61u << 16) | (handler & 0xffff),
	      (handler & 0xffff0000) | 0x8000 | (TYPE_TRAP << 8), pending);
}

static void check_free(void)
{
	u32 slot;

	for (slot = 0; slot < RING_SLOTS; slot++) {
		VM_CHECK(*status(slot) == SLOT_FREE);
	}
}

/* Where the gates of the ring lead. */
static volatile u32 arrived;
void gate_first(void);
void gate_second(void);
__asm__(".text\n"
	"gate_first:	movl $1, arrived; addl $2, (%esp); iret\n"
	"gate_second:	movl $2, arrived; addl $2, (%esp); iret\n");

static u32 undefined(void)
{
	arrived = 0;
	__asm__ volatile("ud2" : : : "memory");
	return arrived;
}

/* The gates differ, so the last one shows the order. */
static void check_order(u32 count, u8 pending)
{
	u32 i;

	for (i = 0; i < count - 1; i++) {
		queue_gate(TRAP_UD, (u32)gate_first, pending);
	}
	queue_gate(TRAP_UD, (u32)gate_second, pending);
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
	check_free();
	VM_CHECK(undefined() == 2);
}

static void check_drained(void)
{
	check_order(2, PENDING);
	check_order(RING_SLOTS, PENDING); /* full, and around the end */
	check_order(RING_SLOTS - 1, ODD_STATUS);

	/* Ring before call: the call's gate is the one that stays. */
	queue_gate(TRAP_UD, (u32)gate_second, PENDING);
	vm_load_gate(TRAP_UD, (u32)gate_first, TYPE_TRAP, 0);
	check_free();
	VM_CHECK(undefined() == 1);
}

void main(void)
{
	static char text[SHUTDOWN_TEXT] = "from the ring";
	static char behind[SHUTDOWN_TEXT] = "from behind the last call";

	vm_init();
	if (vm_has_word("drained")) {
		check_drained();
		vm_pass();
	}
	queue(HC_FLUSH_ASYNC, 0, 0, 0, PENDING);
	if (vm_has_word("shutdown")) {
		queue(HC_SHUTDOWN, (u32)text, SHUTDOWN_POWEROFF, 0, PENDING);
	} else if (vm_has_word("init")) {
		queue(HC_LGUEST_INIT, (u32)vm_lguest_data, 0, 0, PENDING);
	} else if (vm_has_word("unknown")) {
		queue(UNKNOWN, 0, 0, 0, PENDING);
	}
	/* Nothing is served behind the call that ends the guest. */
	queue(HC_SHUTDOWN, (u32)behind, SHUTDOWN_POWEROFF, 0, PENDING);
	vm_pass();
}
