/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address spaces and the value types that keep them apart.
 *
 *   gva  guest-virtual (= linear) address      gva_t, bytes
 *   gpa  guest-physical address                gpa_t, bytes
 *   gfn  guest-physical frame number           gfn_t, frames of 4 KiB
 *   hpa  host-physical address                 hpa_t, bytes
 *   mfn  machine frame number                  mfn_t, frames of 4 KiB
 *   gpte an entry of a guest's page table      gpte_t, raw bits
 *   spte an entry of a shadow page table       spte_t, raw bits
 *
 * A hypervisor-virtual address is an ordinary pointer.
 *
 * Spaces change in four functions only: gwalk() gva to gpa, p2m_lookup() gfn
 * to mfn, hvmap_page() mfn to pointer, spte_make() mfn to spte. Everything
 * else converts within a space (bytes to frames and back), by the functions
 * below and never by a cast.
 *
 * Structs of one field cost nothing: everything is compiled with
 * -freg-struct-return.
 */
#pragma once

#include "hv/lib/types.h"

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096u
#define PAGE_MASK (PAGE_SIZE - 1)

/* For name N over type T: N_t, mk_N(), N_raw(), N_eq(). */
#define ADDR_TYPE(name, raw_type)                                             \
	typedef struct {                                                      \
		raw_type raw;                                                 \
	} name##_t;                                                           \
	static inline name##_t mk_##name(raw_type raw)                        \
	{                                                                     \
		return (name##_t){ raw };                                     \
	}                                                                     \
	static inline raw_type name##_raw(name##_t x)                         \
	{                                                                     \
		return x.raw;                                                 \
	}                                                                     \
	static inline bool name##_eq(name##_t a, name##_t b)                  \
	{                                                                     \
		return a.raw == b.raw;                                        \
	}

/* For name N over type T: N_add(). Wraps like the raw type does. */
#define ADDR_TYPE_ADD(name, raw_type)                                         \
	static inline name##_t name##_add(name##_t x, raw_type n)             \
	{                                                                     \
		return mk_##name(x.raw + n);                                  \
	}

ADDR_TYPE(gva, u32)
ADDR_TYPE(gpa, u64)
ADDR_TYPE(hpa, u64)
ADDR_TYPE(gfn, u32)
ADDR_TYPE(mfn, u32)
ADDR_TYPE(gpte, u64)
ADDR_TYPE(spte, u64)

ADDR_TYPE_ADD(gva, u32)
ADDR_TYPE_ADD(gpa, u64)
ADDR_TYPE_ADD(gfn, u32)
ADDR_TYPE_ADD(mfn, u32)

/* Formatting: printf("hpa " PRI_hpa, ARG_hpa(x)). 64-bit ones in halves. */
#define PRI_hpa "0x%x%08x"
#define PRI_mfn "0x%x"
#define ARG_hpa(x) HI32(hpa_raw(x)), LO32(hpa_raw(x))
#define ARG_mfn(x) mfn_raw(x)

#define INVALID_gfn mk_gfn(~0u)
#define INVALID_mfn mk_mfn(~0u)

static inline gfn_t gpa_to_gfn(gpa_t a)
{
	return mk_gfn((u32)(a.raw >> PAGE_SHIFT));
}

static inline gpa_t gfn_to_gpa(gfn_t f)
{
	return mk_gpa((u64)f.raw << PAGE_SHIFT);
}

static inline mfn_t hpa_to_mfn(hpa_t a)
{
	return mk_mfn((u32)(a.raw >> PAGE_SHIFT));
}

static inline hpa_t mfn_to_hpa(mfn_t f)
{
	return mk_hpa((u64)f.raw << PAGE_SHIFT);
}

static inline u32 gpa_offset(gpa_t a)
{
	return (u32)a.raw & PAGE_MASK;
}

static inline u32 gva_offset(gva_t a)
{
	return a.raw & PAGE_MASK;
}
