/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The screen: a terminal, the hardware that shows it, and how that is
 * reached: by its physical address before paging, by its own mapping after.
 * While it cannot be reached, the terminal keeps what to show.
 *
 * It distrusts the loader's description.
 * Next: hv/lib/term.c, arch/x86/fb.c, arch/x86/vga.c.
 */
#include "hv/pc/screen.h"

#include "arch/x86/fb.h"
#include "arch/x86/vga.h"
#include "hv/lib/console.h"
#include "hv/lib/log.h"
#include "mm/hvmap.h"

#define PAGING_OFF_LIMIT ((u64)1 << 32)

enum screen_kind {
	SCREEN_NONE,
	SCREEN_VGA,
	SCREEN_FB,
};

static struct {
	enum screen_kind kind;
	u64 base; /* host-physical */
	u32 size;
	bool is_reached;
	struct vga vga;
	struct fb fb;
	struct term term;
	u16 cells[FB_ROWS_MAX * FB_COLS_MAX];
} screen;

_Static_assert(VGA_ROWS *VGA_COLS <= FB_ROWS_MAX * FB_COLS_MAX,
	       "both screens use the cells");

static void sink_write(void *ctx, const char *bytes, size_t len)
{
	term_write(ctx, bytes, len);
}

static void sink_write_own(void *ctx, const char *bytes, size_t len)
{
	term_write_own(ctx, bytes, len);
}

static void sink_pin(void *ctx, const char *more)
{
	term_pin(ctx, more);
}

static void sink_unpin(void *ctx)
{
	term_unpin(ctx);
}

static const struct console_sink sink = { sink_write, sink_write_own, sink_pin,
					  sink_unpin };

static void reach(void *base)
{
	if (screen.kind == SCREEN_VGA) {
		screen.vga.text = base;
	} else {
		fb_attach(&screen.fb, base);
	}
	if (!base || screen.is_reached) {
		return;
	}
	screen.is_reached = true;
	if (screen.kind == SCREEN_FB) {
		fb_clear(&screen.fb);
	}
	term_redraw(&screen.term);
}

static const char *start(enum screen_kind kind, u64 base, u32 size)
{
	if (screen.kind != SCREEN_NONE || !console_add(&sink, &screen.term)) {
		return "there is no room for one more console";
	}
	console_set_size((struct console_size){ (u16)screen.term.cols,
						(u16)screen.term.rows });
	screen.kind = kind;
	screen.base = base;
	screen.size = size;
	if (base < PAGING_OFF_LIMIT && size <= PAGING_OFF_LIMIT - base) {
		reach((void *)(uintptr_t)base);
	}
	return NULL;
}

const char *screen_use_vga(const struct boot_framebuffer *s)
{
	if (s->kind == BOOT_SCREEN_PIXELS || s->kind == BOOT_SCREEN_OTHER ||
	    !vga_is_text()) {
		return "the screen is not in VGA text mode";
	}
	if (s->kind == BOOT_SCREEN_TEXT &&
	    (s->width != VGA_COLS || s->height < VGA_ROWS)) {
		return "the text mode is not one of 80 columns";
	}
	term_init(&screen.term, VGA_ROWS, VGA_COLS, screen.cells, &vga_ops,
		  &screen.vga);
	return start(SCREEN_VGA, VGA_TEXT_BASE, VGA_TEXT_SIZE);
}

static struct fb_colour colour(struct boot_colour c)
{
	return (struct fb_colour){ c.shift, c.bits };
}

const char *screen_use_fb(const struct boot_framebuffer *s)
{
	const struct fb_mode mode = {
		.pitch = s->pitch,
		.width = s->width,
		.height = s->height,
		.bpp = s->bpp,
		.red = colour(s->red),
		.green = colour(s->green),
		.blue = colour(s->blue),
	};
	const char *error;

	if (s->kind != BOOT_SCREEN_PIXELS) {
		return "the loader set up no linear framebuffer";
	}
	error = fb_init(&screen.fb, &mode);
	if (error) {
		return error;
	}
	term_init(&screen.term, screen.fb.rows, screen.fb.cols, screen.cells,
		  &fb_ops, &screen.fb);
	return start(SCREEN_FB, hpa_raw(s->base), fb_size(&screen.fb));
}

/* While the mapping changes nothing is drawn, even if a log line comes. */
void screen_map(u64 limit)
{
	void *base = NULL;

	if (screen.kind == SCREEN_NONE) {
		return;
	}
	reach(NULL);
	if (screen.base < limit && screen.size <= limit - screen.base) {
		base = hvmap_device(mk_hpa(screen.base), screen.size);
	}
	if (!base) {
		log_warn("screen: its memory cannot be mapped");
		return;
	}
	reach(base);
}

void screen_log(void)
{
	const struct fb_mode *m = &screen.fb.mode;

	if (screen.kind == SCREEN_FB) {
		log_debug("screen: %ux%u pixels of %u bits, %u bytes a line, "
			  "at " PRI_hpa,
			  m->width, m->height, m->bpp, m->pitch,
			  HI32(screen.base), LO32(screen.base));
	}
	if (screen.kind != SCREEN_NONE) {
		log_debug("screen: %ux%u characters", screen.term.cols,
			  screen.term.rows);
	}
}
