/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own lines: kept for dmesg, and shown on the console as
 * "gnomon: ..." if they are for the user.
 */
#pragma once

void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A bug of the kernel: say what, and end the machine. */
void panic(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));
