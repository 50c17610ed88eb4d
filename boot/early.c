/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first C code: is this processor able to run Umbra at all?
 *
 * Compiled for the i386 and calling nothing, since the rest of the image may
 * use instructions that this processor lacks. Its message goes to COM1 and to
 * the screen, blindly: to a framebuffer when a Multiboot 2 loader left one,
 * else to where the text screen would be.
 *
 * Next: boot/boot.c.
 */
#include "arch/x86/cpu.h"
#include "arch/x86/font.h"
#include "arch/x86/regs.h"
#include "boot/multiboot2.h"

#define EDX_FPU	 (1u << 0)
#define EDX_TSC	 (1u << 4)
#define EDX_MSR	 (1u << 5)
#define EDX_PAE	 (1u << 6)
#define EDX_CX8	 (1u << 8)
#define EDX_CMOV (1u << 15)
#define EDX_FXSR (1u << 24)

#define COM1	   0x3f8
#define COM1_LSR   (COM1 + 5)
#define LSR_THRE   0x20
#define THRE_POLLS 100000u

#define VGA_TEXT      ((volatile u16 *)0xb8000)
#define VGA_COLUMNS   80
#define VGA_ATTRIBUTE 0x4f00 /* white on red */

/* Multiboot2 3.6.12 "Framebuffer info"; words and bytes of the tag. */
#define TAG_FRAMEBUFFER 8
#define TAG_SIZE_MIN	32
#define TAG_WORD_ADDR	2 /* and its upper half */
#define TAG_WORD_PITCH	4
#define TAG_WORD_WIDTH	5
#define TAG_WORD_HEIGHT 6
#define TAG_BYTE_BPP	28
#define TAG_BYTE_TYPE	29
#define TYPE_RGB	1
#define TAGS_SIZE_MAX	0x100000u

static const struct {
	u32 bit;
	const char *name;
} required[] = {
	{ EDX_FPU, "FPU" },   { EDX_TSC, "TSC" },	{ EDX_MSR, "MSR" },
	{ EDX_PAE, "PAE" },   { EDX_CX8, "CMPXCHG8B" }, { EDX_CMOV, "CMOV" },
	{ EDX_FXSR, "FXSR" },
};

/*
 * Called from head.S on its stack with what the loader left in EAX and EBX,
 * paging off. Returns or halts for ever.
 */
void early_check(u32 magic, u32 info);

static u32 column;
static struct {
	volatile u8 *base; /* NULL: there is none */
	u32 pitch, bytes;  /* of a line, of a pixel */
	u32 columns;
} fb;

static void use_framebuffer(const u32 *tag)
{
	const u8 *byte = (const u8 *)tag;

	if (byte[TAG_BYTE_TYPE] != TYPE_RGB || tag[TAG_WORD_ADDR + 1] != 0 ||
	    tag[TAG_WORD_HEIGHT] < FONT_HEIGHT) {
		return;
	}
	fb.base = (volatile u8 *)(uintptr_t)tag[TAG_WORD_ADDR];
	fb.pitch = tag[TAG_WORD_PITCH];
	fb.bytes = (byte[TAG_BYTE_BPP] + 7u) / 8;
	fb.columns = tag[TAG_WORD_WIDTH] / FONT_WIDTH;
}

/* The tags are those of boot/multiboot2.c, which has not run yet. */
static void find_framebuffer(u32 info)
{
	u32 size = *(const u32 *)(uintptr_t)info;
	u32 at = 8;

	while (size <= TAGS_SIZE_MAX && at < size &&
	       size - at >= TAG_SIZE_MIN) {
		const u32 *tag = (const u32 *)(uintptr_t)(info + at);

		if (tag[0] == TAG_FRAMEBUFFER && tag[1] >= TAG_SIZE_MIN) {
			use_framebuffer(tag);
		}
		if (tag[1] < 8 || tag[1] > size - at) {
			break;
		}
		at += ROUND_UP(tag[1], 8u);
	}
}

/* All bits of a pixel set are white, whatever its colours' places. */
static void draw(u8 c)
{
	volatile u8 *line = fb.base + column * FONT_WIDTH * fb.bytes;

	for (u32 y = 0; y < FONT_HEIGHT; y++) {
		volatile u8 *at = line;

		for (u32 x = 0; x < FONT_WIDTH; x++) {
			u8 value = font_glyphs[c][y] << x & 0x80 ? 0xff : 0;

			for (u32 i = 0; i < fb.bytes; i++) {
				*at++ = value;
			}
		}
		line += fb.pitch;
	}
}

static void show(u8 c)
{
	if (fb.base && column < fb.columns) {
		draw(c);
	} else if (!fb.base && column < VGA_COLUMNS) {
		VGA_TEXT[column] = VGA_ATTRIBUTE | c;
	}
	column++;
}

static void put(char c)
{
	u32 polls = THRE_POLLS;

	while (!(inb(COM1_LSR) & LSR_THRE) && --polls) {
	}
	outb(COM1, (u8)c);
	if (c >= ' ') {
		show((u8)c);
	}
}

static void print(const char *s)
{
	while (*s) {
		put(*s++);
	}
}

/* The ID flag can be changed only where CPUID exists: SDM 1 3.4.3.3. */
static bool has_cpuid(void)
{
	u32 before, after;

	__asm__ volatile("pushfl\n\t"
			 "popl %0\n\t"
			 "movl %0, %1\n\t"
			 "xorl %2, %1\n\t"
			 "pushl %1\n\t"
			 "popfl\n\t"
			 "pushfl\n\t"
			 "popl %1"
			 : "=&r"(before), "=&r"(after)
			 : "i"(EFL_ID));
	return (before ^ after) & EFL_ID;
}

void early_check(u32 magic, u32 info)
{
	u32 a, b, c, features = 0;
	bool is_able = true;

	if (has_cpuid()) {
		cpuid(0, &a, &b, &c, &features);
		features = 0;
		if (a >= 1) {
			cpuid(1, &a, &b, &c, &features);
		}
	}
	if (magic == MULTIBOOT2_LOADER_MAGIC) {
		find_framebuffer(info);
	}
	for (u32 i = 0; i < ARRAY_SIZE(required); i++) {
		if (features & required[i].bit) {
			continue;
		}
		print(is_able ? "umbra: cannot run: this processor lacks "
			      : " ");
		print(required[i].name);
		is_able = false;
	}
	if (!is_able) {
		print("\r\n");
		cpu_halt_forever();
	}
}
