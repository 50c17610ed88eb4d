/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device numbers, and what fills /dev.
 */
#pragma once

/* As st_rdev and mknod() have it, for minors below 256. */
#define DEVICE(major, minor) ((major) << 8 | (minor))
#define DEVICE_TTY	     DEVICE(5u, 0u)
#define DEVICE_CONSOLE	     DEVICE(5u, 1u)
#define DEVICE_SERIAL	     DEVICE(4u, 64u)
#define DEVICE_DISK	     DEVICE(254u, 0u)

void dev_init(void); /* fills /dev */
