// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest that crashes whenever it is started, after a life of as many
 * seconds as its first word says. It tells when its life began and ended, so
 * that a test can see how the hypervisor spaces restarts.
 */
#include "test/lib/clock.h"

#define NAP_S 4u

static void tell(const char *what)
{
	vm_printf("crash-again: %s at %u.%09u\n", what, lg_read(LG_TIME_SEC),
		  lg_read(LG_TIME_NSEC));
}

void main(void)
{
	u32 left = vm_case_number();

	vm_init();
	tell("born");
	clock_init();
	while (left != 0) {
		u32 nap = left < NAP_S ? left : NAP_S;

		clock_sleep(nap * NS_PER_S);
		left -= nap;
	}
	tell("dying");
	__asm__ volatile("ud2");
}
