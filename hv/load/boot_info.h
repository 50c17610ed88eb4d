/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the boot loader handed over, copied out of loader memory: nothing
 * here points back into it, except the modules' contents, which stay where
 * they are as MEM_IN_USE ranges of the map.
 *
 * All texts are terminated, and otherwise as the loader wrote them: they go
 * through log_escape() before anything prints them.
 */
#pragma once

#include "mm/addr.h"
#include "mm/memmap.h"

#define BOOT_MODULES_MAX 64
#define BOOT_STRING_MAX	 2304 /* a guest command line of 2048 and a label */
#define BOOT_LOADER_MAX	 64
#define BOOT_RSDP_MAX	 36 /* ACPI 2.0 and later; 20 before */
#define BOOT_NOTES_MAX	 64

struct boot_module {
	u32 number;		    /* the loader's, from 1 */
	hpa_t base;		    /* any, 0 as well; of no meaning if empty */
	u32 size;		    /* bytes, all of them readable */
	char text[BOOT_STRING_MAX]; /* NAME [arg ...] */
};

/* One colour's bits within a pixel. */
struct boot_colour {
	u8 shift; /* of its lowest bit */
	u8 bits;
};

/* What the screen is, as far as the loader knows. */
enum boot_screen {
	BOOT_SCREEN_UNKNOWN, /* it did not say */
	BOOT_SCREEN_TEXT,    /* VGA text mode */
	BOOT_SCREEN_PIXELS,  /* linear framebuffer with direct colours */
	BOOT_SCREEN_OTHER,   /* palettes and whatever else: not usable */
};

struct boot_framebuffer {
	enum boot_screen kind;
	/* The rest is for BOOT_SCREEN_PIXELS; nothing is checked. */
	hpa_t base;
	u32 pitch; /* bytes from one line to the next */
	u32 width;
	u32 height;
	u32 bpp; /* bits per pixel */
	struct boot_colour red, green, blue;
};

/* Something from the loader that was left out, or was cut. */
struct boot_note {
	const char *subject; /* "module" and the like */
	u32 first, last;     /* numbers, from 1; 0: there is only one */
	const char *why;     /* printed after the subject and a colon */
};

struct boot_info {
	char loader[BOOT_LOADER_MAX];  /* its name, "" when it has none */
	char cmdline[BOOT_STRING_MAX]; /* Umbra's own, "" when none */
	bool cmdline_has_name;	       /* its first word is the image's */
	struct memmap map;	       /* as passed, unsanitised */
	u32 rsdp_len;		       /* bytes of rsdp[]; 0: none passed */
	u8 rsdp[BOOT_RSDP_MAX];	       /* as passed, unchecked */
	struct boot_framebuffer screen;
	u32 module_count;
	struct boot_module module[BOOT_MODULES_MAX];
	u32 note_count;
	u32 notes_lost; /* beyond BOOT_NOTES_MAX */
	struct boot_note note[BOOT_NOTES_MAX];
};
