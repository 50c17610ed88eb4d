/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a guest kernel built on this library can call.
 *
 * The library enters the guest, sets a stack, introduces the guest to the
 * hypervisor and calls main(). Memory is mapped one to one until the guest
 * loads tables of its own.
 */
#pragma once

/* Written by the guest. Returning from it is a clean power off. */
void main(const char *cmdline);

/* Print through the console's configuration window: slow, always there. */
void console_putc(char c);
void console_write(const char *text);

/* End the guest. @text is shown to the user, its first 127 bytes at most. */
__attribute__((noreturn)) void power_off(const char *text);
__attribute__((noreturn)) void restart(const char *text);
