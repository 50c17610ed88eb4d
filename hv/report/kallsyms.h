/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The symbol table that a Linux kernel carries for itself, found in its
 * memory: versions 2.6.30 to 4.13 for i386.
 */
#pragma once

#include "hv/report/reader.h"

#define KALLSYMS_NAME_MAX   128
#define KALLSYMS_TOKENS_MAX 4096

struct kallsyms {
	struct reader r;
	u32 count;
	u32 addresses;	/* u32 [count], ascending */
	u32 base;	/* to be added to each */
	u32 names;	/* length byte and token numbers, for each */
	u32 markers;	/* u32: offset in names of every 256th */
	u16 token[256]; /* where each begins in ... */
	char tokens[KALLSYMS_TOKENS_MAX]; /* ... texts, each terminated */
};

struct kallsym {
	u32 value;
	char type; /* as nm prints it: t and T are code */
	char name[KALLSYMS_NAME_MAX];
};

/*
 * Look for the table in [@from, @to), which are addresses of @r and multiples
 * of 4 KiB. Returns false when there is none, or only an inconsistent one.
 */
bool kallsyms_open(struct kallsyms *k, const struct reader *r, u32 from,
		   u32 to);

/* The last symbol at or below @addr. False: none, or the table is broken. */
bool kallsyms_find(const struct kallsyms *k, u32 addr, struct kallsym *out);

/* The first symbol called @name. */
bool kallsyms_value(const struct kallsyms *k, const char *name, u32 *value);
