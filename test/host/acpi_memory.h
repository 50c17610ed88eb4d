/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ACPI tables as firmware makes them, in a simulated memory. Included once,
 * by a test program.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hv/lib/types.h"

/* Simulated memory: what lies elsewhere is not there. */
#define BLOCKS_MAX 12
#define BLOCK_SIZE 4096

static struct block {
	u64 at;
	u32 len;
	u8 bytes[BLOCK_SIZE];
} blocks[BLOCKS_MAX];

static u32 block_count;
static u32 reads;
static bool read_memory(u64 addr, void *dst, u32 len)
{
	assert_true(reads++ < 2000000);
	for (u32 i = 0; i < block_count; i++) {
		const struct block *b = &blocks[i];

		if (addr >= b->at && addr - b->at < b->len &&
		    len <= b->len - (addr - b->at)) {
			memcpy(dst, b->bytes + (addr - b->at), len);
			return true;
		}
	}
	return false;
}

static struct block *add_block(u64 at, u32 len)
{
	struct block *b = &blocks[block_count++];

	assert_true(block_count <= BLOCKS_MAX && len <= BLOCK_SIZE);
	memset(b, 0, sizeof(*b));
	b->at = at;
	b->len = len;
	return b;
}

static void put(u8 *p, u64 v, u32 n)
{
	for (u32 i = 0; i < n; i++) {
		p[i] = (u8)(v >> (8 * i));
	}
}

static void fix_sum(u8 *p, u32 len, u32 at)
{
	u8 sum = 0;

	p[at] = 0;
	for (u32 i = 0; i < len; i++) {
		sum = (u8)(sum + p[i]);
	}
	p[at] = (u8)-sum;
}

static void seal(struct block *b)
{
	fix_sum(b->bytes, b->len, 9);
}

static struct block *add_table(u64 at, const char *signature, u32 len,
			       u8 revision)
{
	struct block *b = add_block(at, len);

	memcpy(b->bytes, signature, 4);
	put(b->bytes + 4, len, 4);
	b->bytes[8] = revision;
	memcpy(b->bytes + 10, "MAKER ", 6);
	return b;
}

static void put_address(u8 *p, u8 space, u64 address)
{
	p[0] = space;
	p[1] = 32;
	put(p + 4, address, 8);
}

/* Where things are. */
#define AT_RSDP 0xf5a40ull
#define AT_RSDT 0x7fe1000ull
#define AT_XSDT 0x7fe2000ull
#define AT_FADT 0x7fe3000ull
#define AT_DSDT 0x7fe4000ull
#define AT_MADT 0x7fe5000ull
#define AT_HPET 0x7fe6000ull
#define AT_SSDT 0x7fe7000ull

static struct block *rsdp, *rsdt, *xsdt, *fadt, *dsdt, *madt, *hpet;
static u8 root[36]; /* as the loader hands it over */

static void build_roots(void)
{
	static const u64 tables[] = { AT_SSDT, AT_FADT, AT_MADT, AT_HPET };

	add_table(AT_SSDT, "SSDT", 60, 1);
	rsdt = add_table(AT_RSDT, "RSDT", 36 + 4 * 4, 1);
	xsdt = add_table(AT_XSDT, "XSDT", 36 + 4 * 8, 1);
	for (u32 i = 0; i < 4; i++) {
		put(rsdt->bytes + 36 + 4 * i, tables[i], 4);
		put(xsdt->bytes + 36 + 8 * i, tables[i], 8);
	}
	seal(rsdt);
	seal(xsdt);
	rsdp = add_block(AT_RSDP & ~0xfffull, 0x1000);
	memcpy(root, "RSD PTR ", 8);
	memcpy(root + 9, "MAKER ", 6);
	root[15] = 2;
	put(root + 16, AT_RSDT, 4);
	put(root + 20, 36, 4);
	put(root + 24, AT_XSDT, 8);
	fix_sum(root, 20, 8);
	fix_sum(root, 36, 32);
	memcpy(rsdp->bytes + (AT_RSDP & 0xfff), root, 36);
}

static void build_fadt(void)
{
	u8 *f;

	fadt = add_table(AT_FADT, "FACP", 244, 3);
	f = fadt->bytes;
	put(f + 40, AT_DSDT, 4);
	put(f + 48, 0xb2, 4);
	f[52] = 0xf1;
	put(f + 64, 0x604, 4);
	put(f + 68, 0x704, 4);
	put(f + 76, 0x608, 4);
	f[91] = 4;
	f[108] = 0x32;
	put(f + 109, 2, 2);
	put(f + 112, 1u << 8 | 1u << 10, 4);
	put_address(f + 116, 1, 0xcf9);
	f[128] = 0x0f;
	seal(fadt);
}

static const u8 s5[] = { 0x08, '_',  'S',  '5',	 '_',  0x12, 0x06,
			 0x04, 0x0a, 0x05, 0x01, 0x00, 0x00 };

static void build_dsdt(u32 len, u32 at, const u8 *code, u32 code_len)
{
	dsdt = add_table(AT_DSDT, "DSDT", len, 1);
	for (u32 i = 36; i < len; i++) {
		dsdt->bytes[i] = (u8)(i * 7);
	}
	memcpy(dsdt->bytes + at, code, code_len);
	seal(dsdt);
}

static const u8 madt_entries[] = {
	0, 8,  0,    0,	 1,    0,    0,	   0, /* processor 0 */
	0, 8,  1,    1,	 1,    0,    0,	   0, /* processor 1 */
	0, 8,  2,    2,	 0,    0,    0,	   0, /* processor 2, off */
	1, 12, 0,    0,	 0,    0,    0xc0, 0xfe, 0,    0, 0, 0, /* I/O APIC */
	1, 12, 1,    0,	 0,    0x10, 0xc0, 0xfe, 24,   0, 0, 0,
	2, 10, 0,    0,	 2,    0,    0,	   0,	 0,    0, /* line 0 is input 2
							   */
	2, 10, 0,    9,	 20,   0,    0,	   0,	 0x0f, 0, /* low, level */
	2, 10, 0,    5,	 5,    0,    0,	   0,	 0x0d, 0, /* high, level */
	2, 10, 1,    7,	 9,    0,    0,	   0,	 0,    0, /* not ISA */
	2, 10, 0,    16, 9,    0,    0,	   0,	 0,    0, /* no such line */
	4, 6,  0xff, 0,	 0,    0,			  /* NMI on LINT0 */
	9, 16, 0,    0,	 44,   1,    0,	   0,	 1,    0, 0, 0,
	0, 0,  0,    0,	 0x7f, 3,    1, /* unknown */
};

static void build_madt(void)
{
	madt = add_table(AT_MADT, "APIC", 44 + sizeof(madt_entries), 1);
	put(madt->bytes + 36, 0xfee00000, 4);
	put(madt->bytes + 40, 1, 4);
	memcpy(madt->bytes + 44, madt_entries, sizeof(madt_entries));
	seal(madt);
}

static void build(void)
{
	block_count = 0;
	build_roots();
	build_fadt();
	build_dsdt(700, 211, s5, sizeof(s5));
	build_madt();
	hpet = add_table(AT_HPET, "HPET", 56, 1);
	put_address(hpet->bytes + 40, 0, 0xfed00000);
	seal(hpet);
}
