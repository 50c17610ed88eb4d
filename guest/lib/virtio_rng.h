/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtio source of random numbers. There is one.
 */
#pragma once

#include <stdint.h>

/* 0, or -1: there is none. */
int vrng_open(void);
/* At most @n bytes, as many as the device has at once. Waits, but not long. */
uint32_t vrng_read(void *to, uint32_t n);
