// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guest's half of the hypercall interface, and the two ways to end.
 *
 * Owns lguest_data. Read entry.S before, sdk.h for what a guest may call.
 */
#include "guest/lib/hcall.h"
#include "guest/lib/sdk.h"
#include "hv/abi/boot.h"

/* Where a guest kernel of the usual layout begins. */
#define KERNEL_ADDRESS 0xc0000000

/* entry.S: the iret at which no interrupt may be pushed. */
extern const char sdk_iret[];

struct lguest_data lguest_data = {
	.blocked_interrupts = 1,
	.hcall_status = { [0 ... HC_RING_SLOTS - 1] = HC_SLOT_FREE },
	.noirq_iret = (uint32_t)sdk_iret,
	.kernel_address = KERNEL_ADDRESS,
	.syscall_vec = GUEST_SYSCALL_VECTOR,
};

/*
 * The hypervisor reads all HC_SHUTDOWN_TEXT bytes, so a short text is copied
 * to where that many exist. A longer one is cut.
 */
static __attribute__((noreturn)) void shut_down(const char *text,
						uint32_t reason)
{
	static char message[HC_SHUTDOWN_TEXT];
	size_t i;

	for (i = 0; i < sizeof(message) - 1 && text[i]; i++) {
		message[i] = text[i];
	}
	message[i] = '\0';
	for (;;) {
		hcall(HC_SHUTDOWN, (uint32_t)message, reason, 0, 0);
	}
}

void power_off(const char *text)
{
	shut_down(text, SHUTDOWN_POWEROFF);
}

void restart(const char *text)
{
	shut_down(text, SHUTDOWN_RESTART);
}
