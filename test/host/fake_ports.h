/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * I/O ports in the hands of a test. Included before a driver's source, it
 * sends the driver's port instructions to fake_in() and fake_out(), which the
 * test defines; a driver that polls for ever fails.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "arch/x86/cpu.h"

#define PORT_READS_MAX 2000000u

static u32 port_reads;

u8 fake_in(u16 port);
void fake_out(u16 port, u8 value);

static inline u8 counted_in(u16 port)
{
	assert_true(++port_reads < PORT_READS_MAX);
	return fake_in(port);
}

#define inb(port)	  counted_in(port)
#define outb(port, value) fake_out(port, value)
