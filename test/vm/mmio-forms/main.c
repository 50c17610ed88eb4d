// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Device registers by every form of mov, and what lies where no device is.
 */
#include "test/lib/virtio.h"

#define SLOT	1
#define STATUS	20
#define QUEUES	18
#define SELECT	8
#define COLUMNS (80 | 25 << 16)

static void check_loads(volatile u8 *r)
{
	u32 a, b = 0x11223344;

	/* movzx, movsx; the device's own registers take any width. */
	__asm__ volatile("movzbl 60(%1), %0" : "=r"(a) : "r"(r));
	VM_CHECK(a == 80);
	__asm__ volatile("movzwl 60(%1), %0" : "=r"(a) : "r"(r));
	VM_CHECK(a == 80);
	__asm__ volatile("movswl 26(%1), %0" : "=r"(a) : "r"(r));
	VM_CHECK(a == 0xffffffff);
	__asm__ volatile("movsbl 62(%1), %0" : "=r"(a) : "r"(r));
	VM_CHECK(a == 25);
	/* The rest of a register stays: AH, then AX. */
	__asm__ volatile("movb 60(%1), %%ah" : "+a"(b) : "r"(r));
	VM_CHECK(b == 0x11225044);
	__asm__ volatile("movw 60(%1), %%ax" : "+a"(b) : "r"(r));
	VM_CHECK(b == 0x11220050);
	/* Index and scale; a plain address. */
	__asm__ volatile("movl -4(%1,%2,8), %0" : "=r"(a) : "r"(r), "r"(8));
	VM_CHECK(a == COLUMNS);
	__asm__ volatile("movl %%ds:60(%1), %%eax" : "=a"(a) : "r"(r));
	VM_CHECK(a == COLUMNS);
}

static void check_stores(volatile u8 *r)
{
	volatile u32 *select = (volatile u32 *)(r + SELECT);

	__asm__ volatile("movl $0x12345678, 8(%0)" : : "r"(r) : "memory");
	VM_CHECK(*select == 0x12345678);
	__asm__ volatile("movl %%esp, 8(%0)" : : "r"(r) : "memory");
	VM_CHECK(*select != 0x12345678);
	__asm__ volatile("movw $1, 22(%0)" : : "r"(r) : "memory");
	VM_CHECK(*(volatile u16 *)(r + 22) == 1);
	__asm__ volatile("movb $1, 20(%0)" : : "r"(r) : "memory");
	VM_CHECK(r[STATUS] == 1);
	__asm__ volatile("movb %%ch, 20(%0)"
			 :
			 : "r"(r), "c"(0x0300)
			 : "memory");
	VM_CHECK(r[STATUS] == 3);
	r[STATUS] = 0;
	VM_CHECK(r[STATUS] == 0);
}

/* An instruction that is no move, or comes in parts: the guest's own fault. */
static void add(void *arg)
{
	__asm__ volatile("addl $1, (%0)" : : "r"(arg) : "memory");
}

void main(void)
{
	volatile u8 *r;
	const struct vm_trap *trap;
	u32 ram = vm_ram_size();

	vm_init();
	vm_traps_init();
	r = virtio_registers(SLOT);
	VM_CHECK((u32)r >= ram + 0x100000 && (u32)r % PAGE_SIZE == 0);
	VM_CHECK(*(volatile u16 *)(r + QUEUES) == 2);
	check_loads(r);
	check_stores(r);
	/* A hole in the window. */
	VM_CHECK(*(volatile u32 *)ram == 0xffffffff);
	*(volatile u32 *)ram = 0;
	VM_CHECK(*(volatile u8 *)(ram + 4) == 0xff);
	/* The device moves, and leaves a hole. */
	vm_pci_write(SLOT, 0x10, ram + 0x4000);
	VM_CHECK(*(volatile u16 *)(r + QUEUES) == 0xffff);
	r = virtio_registers(SLOT);
	VM_CHECK(*(volatile u16 *)(r + QUEUES) == 2);
	trap = vm_try(add, (void *)(uintptr_t)r);
	VM_CHECK(trap && trap->vector == 14 && trap->cr2 == (u32)r);
	vm_pass();
}
