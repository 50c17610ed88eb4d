// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first instruction finds the registers, boot parameters and command
 * line of the guest interface.
 *
 * A kernel believes them before it can check anything.
 */
#include "test/lib/vm.h"

#define GUEST_CS  0x61u
#define GUEST_DS  0x69u
#define EFLAGS_IN 0x202u

static void check_registers(void)
{
	VM_CHECK(vm_entry.eax == 0);
	VM_CHECK(vm_entry.ebx == 0);
	VM_CHECK(vm_entry.ecx == 0);
	VM_CHECK(vm_entry.edx == 0);
	VM_CHECK(vm_entry.esi == 0);
	VM_CHECK(vm_entry.edi == 0);
	VM_CHECK(vm_entry.ebp == 0);
	VM_CHECK(vm_entry.esp == 0);
	VM_CHECK(vm_entry.eflags == EFLAGS_IN);
	VM_CHECK(vm_entry.cs == GUEST_CS);
	VM_CHECK(vm_entry.ds == GUEST_DS);
	VM_CHECK(vm_entry.es == GUEST_DS);
	VM_CHECK(vm_entry.ss == GUEST_DS);
	VM_CHECK(vm_entry.fs == 0);
	VM_CHECK(vm_entry.gs == 0);
}

static u32 bp16(u32 offset)
{
	return vm_boot_param32(offset) & 0xffff;
}

static u32 bp8(u32 offset)
{
	return vm_boot_param32(offset) & 0xff;
}

/* Names as in Linux's boot protocol. No initrd here. */
static void check_boot_params(void)
{
	VM_CHECK(bp16(0x040) == 0);		    /* APM version */
	VM_CHECK(bp8(0x1ef) == 0);		    /* sentinel */
	VM_CHECK(bp16(0x206) >= 0x207);		    /* version */
	VM_CHECK((bp8(0x211) & 0x40) != 0);	    /* KEEP_SEGMENTS */
	VM_CHECK(vm_boot_param32(0x218) == 0);	    /* ramdisk_image */
	VM_CHECK(vm_boot_param32(0x21c) == 0);	    /* ramdisk_size */
	VM_CHECK(vm_boot_param32(0x228) == 0x1000); /* cmd_line_ptr */
	VM_CHECK(vm_boot_param32(0x23c) == 1);	    /* hardware_subarch */
	VM_CHECK(vm_ram_size() % PAGE_SIZE == 0);
}

void main(void)
{
	static const char expected[] = "one two=three";

	vm_init();
	check_registers();
	check_boot_params();
	if (memcmp(vm_cmdline(), expected, sizeof(expected)) != 0) {
		vm_fail("command line \"%s\"", vm_cmdline());
	}
	vm_pass();
}
