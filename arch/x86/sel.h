/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Segment selectors and GDT entries. Asm-safe.
 * Rules: lguest ABI 4.1 "GDT".
 */
#pragma once

#define GDT_ENTRIES 32

#define GDT_TLS_FIRST  6
#define GDT_TLS_LAST   8
#define GDT_HV_CODE    10
#define GDT_HV_DATA    11
#define GDT_GUEST_CODE 12
#define GDT_GUEST_DATA 13
#define GDT_TSS	       16
#define GDT_DF_TSS     31

#define SEL_HV_CODE    0x50
#define SEL_HV_DATA    0x58
#define SEL_GUEST_CODE 0x61
#define SEL_GUEST_DATA 0x69
#define SEL_TSS	       0x80
#define SEL_DF_TSS     0xf8

#define SEL_RPL 3
