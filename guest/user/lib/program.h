/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the programs here have in common: checks, signals, processes, memory.
 *
 * A test program says PASS in its last line and ends with 0, or says what
 * failed and where and ends with 1, in whichever of its processes that was.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/user/lib/sys.h"

#define PAGE_SIZE 4096u

/* Ends the process with a message unless @condition holds. */
#define CHECK(condition)                                              \
	do {                                                          \
		if (!(condition)) {                                   \
			check_failed(__FILE__, __LINE__, #condition); \
		}                                                     \
	} while (0)

/* The same, and shows both numbers. */
#define CHECK_EQ(value, expected) \
	check_equal(__FILE__, __LINE__, #value, (long)(value), (long)(expected))

void check_failed(const char *file, int line, const char *what)
	__attribute__((noreturn));
void check_equal(const char *file, int line, const char *what, long value,
		 long expected);

/* Deterministic: the same on every machine and in every run. */
u32 random_next(u32 *state);
/* Below @limit, which is not 0. */
u32 random_below(u32 *state, u32 limit);

/* The number in argv[@index], or @otherwise. */
u32 argument(int argc, char **argv, int index, u32 otherwise);

/* --- signals: return of sys() --- */

long signal_handle(int number, void (*handler)(int), u32 flags);
long signal_handle_info(int number,
			void (*handler)(int, struct linux_siginfo *,
					struct linux_ucontext *),
			u32 flags);
long signal_mask(int how, u64 set, u64 *old);

static inline u64 signal_bit(int number)
{
	return 1ull << (number - 1);
}

/* --- processes --- */

/* Both check that there is a child and that it did exit(0). */
void wait_success(long pid);
/* How the child ended, as wait4() says. */
int wait_status(long pid);

void sleep_ms(u32 ms);

/* --- memory: anonymous and private; ends the program if there is none --- */

void *map_pages(u32 pages);
void unmap_pages(void *at, u32 pages);

/* Accesses that may fault: after probe_init(), false and probe_address. */
void probe_init(void);
extern volatile u32 probe_address;
bool probe_read(const volatile u32 *from, u32 *value);
bool probe_write(volatile u32 *to, u32 value);

/* A line "NAME VALUE" of /proc/gnomon; false: no such file or line. */
bool kernel_counter(const char *name, u32 *value);
