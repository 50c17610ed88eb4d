/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the first code, which runs without page tables, leaves behind.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CMDLINE_MAX 1024

/* What frame.c knows of a page frame; early.c makes the first ones. */
struct frame {
	uint32_t refs; /* 0: free */
	uint32_t next; /* of a free one: number of the next; 0: last */
};

struct early {
	bool is_pv;
	bool is_pae;
	bool has_nx;		      /* natively: it is in use */
	uint32_t ram_end;	      /* pa; no RAM behind it is used */
	uint32_t initrd, initrd_size; /* pa, bytes; size 0: none */
	uint32_t root;		      /* pa of the kernel's top-level table */
	uint32_t frames;	      /* pa of what frame.c knows of them */
	uint32_t free;		      /* pa: from here on only the initrd */
	char cmdline[CMDLINE_MAX];
};

/* For start.S: EAX, EBX, ESI as the loader left them. */
struct early *early_start(uint32_t magic, uint32_t multiboot, uint32_t params);
