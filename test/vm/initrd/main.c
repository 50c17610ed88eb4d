// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The second module lies at the end of RAM, complete, on a page boundary, and
 * the boot parameters name it.
 *
 * The runner makes the file and knows its size and sum.
 */
#include "test/lib/vm.h"

#define BP_LOADER_TYPE	 0x210
#define BP_RAMDISK_IMAGE 0x218
#define BP_RAMDISK_SIZE	 0x21c

void main(void)
{
	static char text[SHUTDOWN_TEXT];
	u32 image = vm_boot_param32(BP_RAMDISK_IMAGE);
	u32 size = vm_boot_param32(BP_RAMDISK_SIZE);
	u32 pages = (size + PAGE_SIZE - 1) / PAGE_SIZE;
	u32 sum = 0;
	u32 i;

	vm_init();
	VM_CHECK((vm_boot_param32(BP_LOADER_TYPE) & 0xff) == 0xff);
	VM_CHECK(image == vm_ram_size() - pages * PAGE_SIZE);
	for (i = 0; i < size; i++) {
		sum += ((const u8 *)image)[i];
	}
	for (; i < pages * PAGE_SIZE; i++) {
		VM_CHECK(((const u8 *)image)[i] == 0);
	}
	vm_format(text, sizeof(text), "initrd of %u bytes, sum 0x%x", size,
		  sum);
	vm_shutdown(text, SHUTDOWN_POWEROFF);
}
