// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's lines on the console, and its last words.
 */
#include "guest/gnomon/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "guest/gnomon/layout.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/trap.h"
#include "guest/gnomon/tty.h"

#define LINE_MAX    160
#define TRACE_DEPTH 12

bool log_is_quiet;

/* gnomon.ld */
extern const char text_start[], text_end[];

/* Last words go where no driver is needed. */
static bool is_panicking;

static void put(const char *text)
{
	if (!is_panicking) {
		console_write(text, strlen(text));
		return;
	}
	platform->write(text, strlen(text));
}

static void put_line(const char *fmt, va_list args)
{
	char line[LINE_MAX] = "gnomon: ";
	uint32_t n = strlen(line);

	vsnprintf(line + n, sizeof(line) - n - 2, fmt, args);
	strcat(line, "\r\n");
	put(line);
}

void log_info(const char *fmt, ...)
{
	va_list args;

	if (log_is_quiet) {
		return;
	}
	va_start(args, fmt);
	put_line(fmt, args);
	va_end(args);
}

static void log_always(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put_line(fmt, args);
	va_end(args);
}

/* Return addresses, found by following EBP. */
static void log_trace(const uint32_t *ebp)
{
	uint32_t depth;

	for (depth = 0; depth < TRACE_DEPTH; depth++) {
		if ((uint32_t)ebp < KERNEL_BASE || (uint32_t)ebp & 3 ||
		    ebp[1] < (uint32_t)text_start ||
		    ebp[1] >= (uint32_t)text_end) {
			return;
		}
		log_always("  called from 0x%08x", (unsigned)ebp[1]);
		ebp = (const uint32_t *)ebp[0];
	}
}

void panic(const char *fmt, ...)
{
	bool is_again = is_panicking;
	char text[LINE_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	is_panicking = true;
	if (!is_again) {
		log_always("panic: %s", text);
		log_trace(__builtin_frame_address(0));
	}
	platform->crash();
}

void panic_trap(const struct trap_frame *f, uint32_t address)
{
	is_panicking = true;
	log_always("trap %u error 0x%x eip %08x cr2 %08x", (unsigned)f->vector,
		   (unsigned)f->error, (unsigned)f->eip, (unsigned)address);
	log_always("eax %08x ebx %08x ecx %08x edx %08x", (unsigned)f->eax,
		   (unsigned)f->ebx, (unsigned)f->ecx, (unsigned)f->edx);
	log_always("esi %08x edi %08x ebp %08x eflags %08x", (unsigned)f->esi,
		   (unsigned)f->edi, (unsigned)f->ebp, (unsigned)f->eflags);
	log_trace((const uint32_t *)f->ebp);
	is_panicking = false;
	panic("trap %u of the kernel", (unsigned)f->vector);
}
