/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux bzImage kernels. Owns nothing: bytes in, description out.
 *
 *	0x000	boot sector and real-mode setup code, of no use here
 *	0x1f1	the setup header, to be copied to the boot parameters
 *	(setup_sects + 1) * 512
 *		the protected-mode part, loaded at 1 MiB and entered there; it
 *		decompresses the kernel to where that wants to be
 *
 * I1  No byte outside [file, file + size) is ever read.
 * I2  What bzimage_check() accepts can be copied without another check.
 * I3  Range checks subtract first, or are done in 64 bits.
 *
 * Distrusts every byte of the file. Next: hv/load/load.c, which copies.
 */
#include "hv/load/bzimage.h"

#include <string.h>

#include "hv/abi/boot.h"

/* Fields of "The Real-Mode Kernel Header" in Linux's x86 boot protocol. */
#define HDR_SETUP_SECTS	 0x1f1 /* u8, 0 means 4 */
#define HDR_BOOT_FLAG	 0x1fe /* u16 */
#define HDR_LENGTH	 0x201 /* u8, of what follows 0x202 */
#define HDR_MAGIC	 0x202
#define HDR_VERSION	 0x206 /* u16 */
#define HDR_LOADFLAGS	 0x211 /* u8 */
#define HDR_CODE32_START 0x214 /* u32 */
#define HDR_ALIGNMENT	 0x230 /* u32, since 2.05 */
#define HDR_RELOCATABLE	 0x234 /* u8, since 2.05 */
#define HDR_PREF_ADDRESS 0x258 /* u64, since 2.10 */
#define HDR_INIT_SIZE	 0x260 /* u32, since 2.10 */
#define HDR_FIXED_END	 0x218 /* of what every bzImage has */

#define BOOT_FLAG	     0xaa55
#define LOADFLAG_LOADED_HIGH 0x01
#define VERSION_2_10	     0x020a
#define SETUP_SECTS_DEFAULT  4
#define SECTOR		     512u
#define HEADER_END_MAX	     0x290u /* the next field of boot_params */
#define HEADER_END_2_10	     0x264u

static u64 get(const void *file, u32 at, u32 bytes)
{
	u64 value = 0;

	memcpy(&value, (const u8 *)file + at, bytes);
	return value;
}

bool bzimage_is_bzimage(const void *file, size_t size)
{
	return size >= HDR_FIXED_END &&
	       get(file, HDR_BOOT_FLAG, 2) == BOOT_FLAG &&
	       !memcmp((const u8 *)file + HDR_MAGIC, "HdrS", 4);
}

/*
 * Until it runs at its final address, a kernel needs the memory it is loaded to
 * and the memory it decompresses itself to.
 */
static u64 memory_end(const void *file, const struct bzimage *b)
{
	u64 loaded_end = (u64)BZIMAGE_LOAD_GPA + b->size;
	u64 align, start;

	if (b->version < VERSION_2_10 || b->header_end < HEADER_END_2_10) {
		return loaded_end;
	}
	align = get(file, HDR_ALIGNMENT, 4);
	start = get(file, HDR_PREF_ADDRESS, 8);
	if (get(file, HDR_RELOCATABLE, 1) && align && !(align & (align - 1))) {
		start = max_u64(start, ROUND_UP((u64)BZIMAGE_LOAD_GPA, align));
	}
	/* An invalid address also counts as too much memory. */
	start = min_u64(start, 1ull << 32);
	return max_u64(loaded_end, start + get(file, HDR_INIT_SIZE, 4));
}

const char *bzimage_check(const void *file, size_t size, u32 mem_size,
			  struct bzimage *out)
{
	u32 sects = (u32)get(file, HDR_SETUP_SECTS, 1);
	u32 offset = ((sects ? sects : SETUP_SECTS_DEFAULT) + 1) * SECTOR;
	u64 end;

	if (size <= offset) {
		return "a bzImage that is cut off";
	}
	*out = (struct bzimage){
		.entry = (u32)get(file, HDR_CODE32_START, 4),
		.offset = offset,
		.size = (u32)(size - offset),
		.header_end = min_u32(HDR_MAGIC + (u32)get(file, HDR_LENGTH, 1),
				      HEADER_END_MAX),
		.version = (u32)get(file, HDR_VERSION, 2),
		.loadflags = (u8)get(file, HDR_LOADFLAGS, 1),
	};
	if (!(out->loadflags & LOADFLAG_LOADED_HIGH)) {
		return "a zImage, which is to be loaded below 1 MiB";
	}
	if (mem_size < BZIMAGE_LOAD_GPA ||
	    out->size > mem_size - BZIMAGE_LOAD_GPA) {
		return "does not fit in the guest's memory";
	}
	if (out->entry < BZIMAGE_LOAD_GPA ||
	    out->entry - BZIMAGE_LOAD_GPA >= out->size) {
		return "a bzImage whose entry is outside of it";
	}
	end = memory_end(file, out);
	if (end > mem_size) {
		return "unpacked, does not fit in the guest's memory";
	}
	out->memory_end = (u32)end;
	return NULL;
}
