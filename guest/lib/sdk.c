// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest without drivers: the C library's memory is RAM behind the image,
 * its console the one that needs nothing.
 */
#include "guest/lib/sdk.h"

#include <stdio.h>
#include <stdlib.h>

#include "guest/lib/emergency.h"
#include "guest/lib/hcall.h"
#include "guest/lib/newlib.h"
#include "hv/abi/boot.h"

extern char image_end[];

static uint32_t boot_param(uint32_t at)
{
	const uint32_t *params = (const uint32_t *)BOOT_PARAMS_GPA;

	/* Address 0 is where the boot parameters are, not a null pointer. */
	__asm__("" : "+r"(params));
	return params[at / 4];
}

uint32_t sdk_ram_end(void)
{
	return boot_param(BP_E820_MAP + 8);
}

void *sdk_sbrk(ptrdiff_t by)
{
	static char *end = image_end;
	uint32_t initrd = boot_param(BP_RAMDISK_IMAGE);
	uint32_t limit = initrd ? initrd : sdk_ram_end();
	char *old = end;

	if (by > 0 && (uint32_t)by > limit - (uint32_t)end) {
		return NULL;
	}
	end += by;
	return old;
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

/* Where the linker has it before newlib offers its own. */
void abort(void)
{
	fflush(stdout);
	hcall_crash();
}
