// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest without drivers: the C library's memory is RAM behind the image,
 * its console the one that needs nothing.
 */
#include "guest/lib/sdk.h"

#include <stdio.h>

#include "guest/lib/emergency.h"
#include "guest/lib/hcall.h"
#include "guest/lib/newlib.h"
#include "guest/lib/virtio.h"
#include "hv/abi/boot.h"

extern char image_end[];

void *sdk_sbrk(ptrdiff_t by)
{
	static char *end = image_end;
	const uint32_t *params = (const uint32_t *)BOOT_PARAMS_GPA;
	uint32_t ram_end, initrd;
	char *old = end;

	/* Address 0 is where the boot parameters are, not a null pointer. */
	__asm__("" : "+r"(params));
	ram_end = params[(BP_E820_MAP + 8) / 4];
	initrd = params[BP_RAMDISK_IMAGE / 4];
	if (initrd) {
		ram_end = initrd;
	}
	if (by > 0 && (uint32_t)by > ram_end - (uint32_t)end) {
		return NULL;
	}
	end += by;
	return old;
}

/* One to one, like all memory. */
volatile void *sdk_map_device(uint32_t pa, uint32_t size)
{
	(void)size;
	return (volatile void *)pa;
}

void console_write(const char *bytes, uint32_t n)
{
	emergency_write(bytes, n);
}

void power_off(const char *text)
{
	fflush(stdout);
	hcall_shutdown(text, SHUTDOWN_POWEROFF);
}

void restart(const char *text)
{
	fflush(stdout);
	hcall_shutdown(text, SHUTDOWN_RESTART);
}
