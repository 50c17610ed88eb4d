/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own lines, "gnomon: ..." on the console.
 */
#pragma once

void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A bug of the kernel: say what, and end the machine. */
void panic(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));
