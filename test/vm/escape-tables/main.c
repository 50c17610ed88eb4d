// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The processor's own tables are where sgdt, sidt and the task register say,
 * and a guest cannot write a byte of them.
 *
 * One descriptor or gate of the guest's making would be ring 0.
 */
#include "test/lib/vm.h"

struct table {
	u16 limit;
	u32 base;
} __attribute__((packed));

#define TSS_SELECTOR 0x80u
#define TSS_SIZE     0x68u

static void refuse_writes(const char *name, u32 base, u32 size)
{
	u32 offset;
	u32 value;

	for (offset = 0; offset < size; offset += 4) {
		/* Harmless if it should succeed: what is there already. */
		if (vm_try_read(base + offset, &value)) {
			value = 0;
		}
		if (vm_try_write(base + offset, value) == NULL) {
			vm_fail("%s: 0x%x can be written", name, base + offset);
		}
	}
}

/* Where the descriptor of the TSS, if it can be read, says the TSS is. */
static u32 tss_base(const struct table *gdt)
{
	u32 low;
	u32 high;

	if (vm_try_read(gdt->base + TSS_SELECTOR, &low) ||
	    vm_try_read(gdt->base + TSS_SELECTOR + 4, &high)) {
		return 0;
	}
	return (low >> 16) | ((high & 0xff) << 16) | (high & 0xff000000);
}

void main(void)
{
	struct table gdt;
	struct table idt;
	u32 tss;

	vm_init();
	vm_traps_init();
	__asm__ volatile("sgdt %0" : "=m"(gdt));
	__asm__ volatile("sidt %0" : "=m"(idt));
	vm_printf("gdt 0x%x+0x%x idt 0x%x+0x%x\n", gdt.base, gdt.limit + 1u,
		  idt.base, idt.limit + 1u);
	VM_CHECK(gdt.base >= 0xffc00000);
	VM_CHECK(gdt.limit == 32 * 8 - 1);
	VM_CHECK(idt.base >= 0xffc00000);
	VM_CHECK(idt.limit == 256 * 8 - 1);
	refuse_writes("GDT", gdt.base, gdt.limit + 1u);
	refuse_writes("IDT", idt.base, idt.limit + 1u);
	tss = tss_base(&gdt);
	if (tss != 0) {
		refuse_writes("TSS", tss, TSS_SIZE);
	}
	vm_pass();
}
