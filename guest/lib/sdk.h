/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a guest built on this library starts from: entry.S enters the guest,
 * sets a stack, introduces the guest to the hypervisor and calls main().
 * printf() and malloc() work. Memory is mapped one to one until the guest
 * loads tables of its own.
 */
#pragma once

#include <stdint.h>

/* Written by the guest. Returning from it is a clean power off. */
void main(const char *cmdline);

/* End the guest. @text is shown to the user, its first 127 bytes at most. */
__attribute__((noreturn)) void power_off(const char *text);
__attribute__((noreturn)) void restart(const char *text);
