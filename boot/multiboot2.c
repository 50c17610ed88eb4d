/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Multiboot 2: from the loader's tags to a struct boot_info.
 *
 * Owns: the layout of Multiboot 2 tags, known nowhere else. It distrusts all
 * of them: a tag is read within its size, tags within the block's size, and
 * the block's size has an upper bound (INFO_SIZE_MAX).
 *
 * I1  Loader memory is read through boot_fetch() only.
 * I2  Whatever is copied is terminated or counted: later code need not know
 *     where it came from.
 *
 * Rules: Multiboot2 Specification 2.0, 3.6 "Boot information format".
 * Next: boot/multiboot.c, the older form of the same.
 */
#include "boot/multiboot2.h"

#include <string.h>

#define INFO_SIZE_MAX 0x100000u /* far above what any loader builds */
#define TAG_ALIGN     8u

enum tag_type {
	TAG_END = 0,
	TAG_CMDLINE = 1,
	TAG_LOADER = 2,
	TAG_MODULE = 3,
	TAG_MMAP = 6,
	TAG_FRAMEBUFFER = 8,
	TAG_ACPI_OLD = 14,
	TAG_ACPI_NEW = 15,
};

struct mb2_info {
	u32 total_size;
	u32 reserved;
};

/* @size counts this head, but not the padding behind the tag. */
struct mb2_tag {
	u32 type;
	u32 size;
};

struct mb2_module {
	u32 start;
	u32 end; /* first byte behind it */
};

struct mb2_mmap {
	u32 entry_size;
	u32 entry_version;
};

struct mb2_mmap_entry {
	u64 base;
	u64 len;
	u32 type;
	u32 reserved;
};

/* The specification draws one byte less; this is what loaders pass. */
struct mb2_framebuffer {
	u64 addr;
	u32 pitch;
	u32 width;
	u32 height;
	u8 bpp;
	u8 type;
	u16 reserved;
};

struct mb2_rgb {
	u8 red_shift;
	u8 red_bits;
	u8 green_shift;
	u8 green_bits;
	u8 blue_shift;
	u8 blue_bits;
};

_Static_assert(sizeof(struct mb2_mmap_entry) == 24, "Multiboot2 3.6.8");
_Static_assert(sizeof(struct mb2_framebuffer) == 24, "Multiboot2 3.6.12");
_Static_assert(sizeof(struct mb2_rgb) == 6, "Multiboot2 3.6.12");

#define MMAP_AVAILABLE	 1
#define FRAMEBUFFER_RGB	 1
#define FRAMEBUFFER_TEXT 2
#define RSDP_OLD_SIZE	 20u

/* The contents of one tag: @len bytes at @at. */
struct body {
	boot_read_fn read;
	u64 at;
	u32 len;
};

/* Take the first @len bytes out of @b. Returns false when it has fewer. */
static bool take(struct body *b, void *dst, u32 len)
{
	if (b->len < len || !boot_fetch(b->read, b->at, dst, len)) {
		return false;
	}
	b->at += len;
	b->len -= len;
	return true;
}

/* The rest of @b as text. Returns false when it had to be cut. */
static bool take_text(struct body *b, char *dst, u32 size)
{
	u32 n = min_u32(b->len, size);

	memset(dst, 0, size);
	if (n == 0 || !take(b, dst, n)) {
		return false;
	}
	if (memchr(dst, '\0', n)) {
		return true;
	}
	dst[size - 1] = '\0';
	return false;
}

static void read_module(struct body b, u32 number, struct boot_info *out)
{
	struct boot_module *bm;
	struct mb2_module m;

	if (!take(&b, &m, sizeof(m))) {
		boot_note(out, BOOT_MODULE, number, number,
			  "its tag is too short: left out");
		return;
	}
	bm = boot_add_module(out, b.read, number, m.start, m.end);
	if (bm && !take_text(&b, bm->text, sizeof(bm->text))) {
		boot_note(out, BOOT_MODULE, number, number, BOOT_CUT);
	}
}

/* Entries may be longer than this version of them; the rest is skipped. */
static void read_mmap(struct body b, struct boot_info *out)
{
	struct mb2_mmap_entry e;
	struct mb2_mmap head;
	u32 number = 1;

	if (!take(&b, &head, sizeof(head)) || head.entry_size < sizeof(e)) {
		boot_note(out, BOOT_MEMORY_ENTRY, 1, 1, BOOT_BAD_SIZE);
		return;
	}
	while (b.len >= head.entry_size && take(&b, &e, sizeof(e))) {
		boot_add_memory(out, number++, e.base, e.len,
				e.type == MMAP_AVAILABLE ? MEM_AVAILABLE
							 : MEM_RESERVED);
		b.at += head.entry_size - sizeof(e);
		b.len -= head.entry_size - (u32)sizeof(e);
	}
	if (b.len > 0) {
		boot_note(out, BOOT_MEMORY_ENTRY, number, number,
			  BOOT_BAD_SIZE);
	}
}

/* The framebuffer must never be allocated, whatever the map says. */
static void read_pixels(const struct mb2_framebuffer *f, struct body b,
			struct boot_info *out)
{
	struct boot_framebuffer *s = &out->screen;
	struct mb2_rgb rgb;

	if (!take(&b, &rgb, sizeof(rgb))) {
		return;
	}
	s->kind = BOOT_SCREEN_PIXELS;
	s->bpp = f->bpp;
	s->red = (struct boot_colour){ rgb.red_shift, rgb.red_bits };
	s->green = (struct boot_colour){ rgb.green_shift, rgb.green_bits };
	s->blue = (struct boot_colour){ rgb.blue_shift, rgb.blue_bits };
	memmap_add(&out->map, f->addr, (u64)f->pitch * f->height, MEM_RESERVED);
}

static void read_framebuffer(struct body b, struct boot_info *out)
{
	struct mb2_framebuffer f;

	if (!take(&b, &f, sizeof(f))) {
		return;
	}
	out->screen = (struct boot_framebuffer){
		.kind = f.type == FRAMEBUFFER_TEXT ? BOOT_SCREEN_TEXT
						   : BOOT_SCREEN_OTHER,
		.base = mk_hpa(f.addr),
		.pitch = f.pitch,
		.width = f.width,
		.height = f.height,
	};
	if (f.type == FRAMEBUFFER_RGB) {
		read_pixels(&f, b, out);
	}
}

/* The newer root pointer has 64-bit addresses: it wins, in either order. */
static void read_rsdp(struct body b, bool is_old, struct boot_info *out)
{
	u32 len = min_u32(b.len, is_old ? RSDP_OLD_SIZE : BOOT_RSDP_MAX);

	if (len < RSDP_OLD_SIZE || (is_old && out->rsdp_len != 0)) {
		return;
	}
	out->rsdp_len = take(&b, out->rsdp, len) ? len : 0;
}

/* @modules: the number of module tags before this one. */
static void read_tag(u32 type, struct body b, u32 *modules,
		     struct boot_info *out)
{
	switch (type) {
	case TAG_CMDLINE:
		if (!take_text(&b, out->cmdline, sizeof(out->cmdline))) {
			boot_note(out, BOOT_COMMAND_LINE, 0, 0, BOOT_CUT);
		}
		break;
	case TAG_LOADER:
		if (!take_text(&b, out->loader, sizeof(out->loader))) {
			boot_note(out, BOOT_LOADER_NAME, 0, 0, BOOT_CUT);
		}
		break;
	case TAG_MODULE:
		read_module(b, ++*modules, out);
		break;
	case TAG_MMAP:
		read_mmap(b, out);
		break;
	case TAG_FRAMEBUFFER:
		read_framebuffer(b, out);
		break;
	case TAG_ACPI_OLD:
	case TAG_ACPI_NEW:
		read_rsdp(b, type == TAG_ACPI_OLD, out);
		break;
	default:
		break;
	}
}

/*
 * A tag whose size is impossible hides where the next one begins, so it ends
 * the walk. The padding behind the last tag may be missing.
 */
static void read_tags(struct body all, struct boot_info *out)
{
	u32 number = 1, modules = 0;
	struct mb2_tag tag;

	while (take(&all, &tag, sizeof(tag)) && tag.type != TAG_END) {
		struct body b = all;
		u32 step;

		if (tag.size < sizeof(tag) ||
		    tag.size - sizeof(tag) > all.len) {
			boot_note(out, "information tag", number, number,
				  BOOT_BAD_SIZE);
			break;
		}
		b.len = tag.size - (u32)sizeof(tag);
		read_tag(tag.type, b, &modules, out);
		number++;
		step = min_u32(ROUND_UP(b.len, TAG_ALIGN), all.len);
		all.at += step;
		all.len -= step;
	}
}

const char *multiboot2_parse(u32 addr, boot_read_fn read, struct boot_info *out)
{
	struct mb2_info info;

	memset(out, 0, sizeof(*out));
	if (!boot_fetch(read, addr, &info, sizeof(info)) ||
	    info.total_size < sizeof(info) || info.total_size > INFO_SIZE_MAX) {
		return "the boot loader's information is not readable";
	}
	read_tags((struct body){ read, (u64)addr + sizeof(info),
				 info.total_size - (u32)sizeof(info) },
		  out);
	return boot_has_memory(out)
		       ? NULL
		       : "the boot loader reports no usable memory";
}
