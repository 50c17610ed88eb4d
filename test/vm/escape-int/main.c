// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * No software interrupt reaches a gate that is not meant for guests.
 *
 * A guest that could raise vector 2, 8 or a device's would feed the hypervisor
 * events that did not happen. All 256 are tried; 31 is the hypercall.
 */
#include "test/lib/vm.h"

#define VECTOR_HYPERCALL 0x1f
#define STUB_SIZE	 16

/* "int $n; ret" for every n. Vector 3 needs the two-byte form too. */
extern const u8 int_stubs[];
__asm__(".text\n"
	".balign 16\n"
	"int_stubs:\n"
	".set n, 0\n"
	".rept 256\n"
	".balign 16\n"
	".byte 0xcd, n\n"
	"ret\n"
	".set n, n + 1\n"
	".endr\n");

void main(void)
{
	u32 n;

	vm_init();
	vm_traps_init();
	for (n = 0; n < VECTORS; n++) {
		const struct vm_trap *trap;
		u32 stub = (u32)&int_stubs[n * STUB_SIZE];

		if (n == VECTOR_HYPERCALL) {
			continue;
		}
		trap = vm_try((void (*)(void *))stub, NULL);
		if (trap == NULL) {
			vm_fail("int %u did nothing", n);
		}
		/* Index in the IDT, with the bit that says so. */
		if (trap->vector != TRAP_GP || trap->error != n * 8 + 2) {
			vm_fail("int %u: trap %u error 0x%x", n, trap->vector,
				trap->error);
		}
	}
	vm_pass();
}
