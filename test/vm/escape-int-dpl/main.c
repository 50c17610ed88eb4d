// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Gates that the guest opens to software interrupts open nothing of the
 * hypervisor's.
 *
 * A machine check is the machine's end, so no "int $18" may look like one; an
 * exception with an error code has a larger frame than "int" pushes; and
 * interrupts of the hardware are not the guest's to raise. All others arrive.
 */
#include "test/lib/vm.h"

#define VECTOR_HYPERCALL 0x1f
#define VECTOR_SYSCALL	 0x80
#define EXCEPTIONS	 32
#define STUB_SIZE	 16
#define TYPE_INTERRUPT	 0xe

extern const u8 vm_trap_stubs[];

/* Those with an error code, machine check, and the hypervisor's own. */
static const u32 closed[] = { 2, 8, 10, 11, 12, 13, 14, 15, 17, 18, 21 };

/* "int $n; ret" for every n. */
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

static bool is_closed(u32 vector)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(closed); i++) {
		if (closed[i] == vector) {
			return true;
		}
	}
	return vector >= EXCEPTIONS;
}

static void check(u32 n)
{
	u32 stub = (u32)&int_stubs[n * STUB_SIZE];
	const struct vm_trap *trap = vm_try((void (*)(void *))stub, NULL);
	u32 vector = is_closed(n) ? TRAP_GP : n;
	u32 error = is_closed(n) ? n * 8 + 2 : 0;

	if (trap == NULL) {
		vm_fail("int %u did nothing", n);
	}
	if (trap->vector != vector || trap->error != error) {
		vm_fail("int %u: trap %u error 0x%x", n, trap->vector,
			trap->error);
	}
}

void main(void)
{
	u32 n;

	vm_init();
	vm_traps_init();
	for (n = 0; n < VECTORS; n++) {
		u32 stub = n < EXCEPTIONS ? n * STUB_SIZE : 0;

		vm_load_gate(n, (u32)&vm_trap_stubs[stub], TYPE_INTERRUPT, 3);
	}
	for (n = 0; n < VECTORS; n++) {
		if (n != VECTOR_HYPERCALL && n != VECTOR_SYSCALL) {
			check(n);
		}
	}
	vm_pass();
}
