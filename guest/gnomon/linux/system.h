/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uname(), sysinfo() and reboot().
 */
#pragma once

#include <stdint.h>

/* Programs look for Linux and a release that is not too old. */
#define LINUX_RELEASE "4.10.0-gnomon"
#define LINUX_VERSION "#1 Gnomon"

#define UTS_LENGTH 65

struct linux_utsname {
	char sysname[UTS_LENGTH];
	char nodename[UTS_LENGTH];
	char release[UTS_LENGTH];
	char version[UTS_LENGTH];
	char machine[UTS_LENGTH];
	char domainname[UTS_LENGTH];
};

struct linux_sysinfo {
	int32_t uptime;
	uint32_t loads[3];
	uint32_t totalram, freeram, sharedram, bufferram;
	uint32_t totalswap, freeswap;
	uint16_t procs, unused0;
	uint32_t totalhigh, freehigh;
	uint32_t unit;
	uint32_t unused1[2];
};

_Static_assert(sizeof(struct linux_sysinfo) == 64, "as i386 has it");

#define REBOOT_MAGIC1	 0xfee1deadu
#define REBOOT_MAGIC2	 0x28121969u
#define REBOOT_CAD_OFF	 0x00000000u
#define REBOOT_CAD_ON	 0x89abcdefu
#define REBOOT_RESTART	 0x01234567u
#define REBOOT_HALT	 0xcdef0123u
#define REBOOT_POWER_OFF 0x4321fedcu
