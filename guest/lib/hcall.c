// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guest's half of the hypercall interface.
 *
 * Owns lguest_data and the producer's side of the ring. The linker script
 * says where the guest's kernel begins.
 */
#include "guest/lib/hcall.h"
#include "guest/lib/trap.h"
#include "hv/abi/boot.h"

/* The iret at which no interrupt may be pushed. */
extern const char sdk_iret[];
extern const char sdk_kernel_address[];

/*
 * Aligned, so that irq_enabled does not straddle pages: system calls are
 * then delivered without an exit.
 */
__attribute__((aligned(64))) struct lguest_data lguest_data = {
	.blocked_interrupts = UINT32_MAX,
	.hcall_status = { [0 ... HC_RING_SLOTS - 1] = HC_SLOT_FREE },
	.noirq_iret = (uint32_t)sdk_iret,
	.kernel_address = (uint32_t)sdk_kernel_address,
	.syscall_vec = GUEST_SYSCALL_VECTOR,
};

/* Next slot of the ring. */
static uint32_t producer;

/*
 * The newest lazy call stays out of the ring: hcall_sync() makes it like any
 * other, which drains the ring first, and so spares one slot and the call
 * that would only have said "drain".
 */
static struct lguest_hcall held;
static bool is_holding;

static void make_held(void)
{
	is_holding = false;
	hcall(held.number, held.arg1, held.arg2, held.arg3, held.arg4);
}

void hcall_lazy(uint32_t number, uint32_t arg1, uint32_t arg2, uint32_t arg3,
		uint32_t arg4)
{
	volatile uint8_t *status = &lguest_data.hcall_status[producer];

	if (!is_holding) {
		is_holding = true;
	} else if (*status != HC_SLOT_FREE) {
		make_held(); /* the ring is full */
		is_holding = true;
	} else {
		lguest_data.hcalls[producer] = held;
		__asm__ volatile("" : : : "memory");
		*status = HC_SLOT_PENDING;
		producer = (producer + 1) % HC_RING_SLOTS;
	}
	held = (struct lguest_hcall){ number, arg1, arg2, arg3, arg4 };
}

void hcall_sync(void)
{
	if (is_holding) {
		make_held();
	}
}

/*
 * The hypervisor reads all HC_SHUTDOWN_TEXT bytes, so a short text is copied
 * to where that many exist. A longer one is cut.
 */
void hcall_shutdown(const char *text, uint32_t reason)
{
	static char message[HC_SHUTDOWN_TEXT];
	uint32_t pa = sdk_pa(message);
	size_t i;

	for (i = 0; i < sizeof(message) - 1 && text[i]; i++) {
		message[i] = text[i];
	}
	message[i] = '\0';
	for (;;) {
		hcall(HC_SHUTDOWN, pa, reason, 0, 0);
	}
}

void hcall_crash(void)
{
	hcall_sync();
	hcall(HC_LOAD_IDT_ENTRY, VECTOR_OPCODE, 0, 0, 0);
	__builtin_trap();
}
