/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Integer names and compiler attributes used by every file.
 *
 * The same sources are compiled for the 32-bit hypervisor and, in host
 * tests, for a 64-bit machine: sizes are always spelled out.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/cdefs.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

#define __must_check __attribute__((warn_unused_result))
#define __noreturn   __attribute__((noreturn))
/* The C library of the target brings these, the host's does not. */
#ifndef __packed
#define __packed     __attribute__((packed))
#define __aligned(n) __attribute__((aligned(n)))
#endif
#define __printf(fmt, args) __attribute__((format(printf, fmt, args)))
#define __fallthrough	    __attribute__((fallthrough))

/* For the few functions on the path of every exit: inline what they call. */
#define __hot_path __attribute__((flatten))

/* For what those rarely call: kept out of line, to save registers in them. */
#define __cold_path __attribute__((noinline, cold))

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The structure of type @type whose member @member @p points to. */
#define container_of(p, type, member) \
	((type *)(void *)((u8 *)(p) - offsetof(type, member)))

/* Halves of a 64-bit number, for formatting (nano printf has no %llx). */
#define HI32(x) ((u32)((u64)(x) >> 32))
#define LO32(x) ((u32)(x))

/* Rounding to a power of two @a. Callers rule out overflow first. */
#define ROUND_DOWN(x, a) ((x) & ~((__typeof__(x))(a)-1))
#define ROUND_UP(x, a)	 ROUND_DOWN((x) + (a)-1, a)

static inline u32 min_u32(u32 a, u32 b)
{
	return a < b ? a : b;
}

static inline u64 min_u64(u64 a, u64 b)
{
	return a < b ? a : b;
}

static inline u64 max_u64(u64 a, u64 b)
{
	return a > b ? a : b;
}
