/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF32 executables for i386. Owns nothing: bytes in, description out.
 *
 * I1  No byte outside [file, file + size) is ever read.
 * I2  What elf_check() accepts can be copied without another check: every
 *     range in elf_image lies in the file and in guest memory.
 * I3  Range checks subtract first, so no sum can wrap.
 *
 * Distrusts every byte of the file. Headers are copied out before use: a
 * module may begin at any address and a header at any offset in it.
 *
 * Next: hv/load/load.c, which copies the segments.
 */
#include "hv/load/elf.h"

#include <stdio.h>
#include <string.h>

/* System V ABI, "ELF Header". */
#define ELFCLASS32  1
#define ELFDATA2LSB 1
#define ET_EXEC	    2
#define EM_386	    3
#define PT_LOAD	    1

#define EI_CLASS 4
#define EI_DATA	 5

/* lguest ABI 1.2 "Image acceptance": the headers fit in 64 KiB. */
#define PHNUM_MAX (65536 / sizeof(struct elf_phdr))

/* lguest ABI 1.1: boot_params and the command line, one page each. */
#define BOOT_PAGES_END 0x2000u

struct elf_ehdr {
	u8 ident[16];
	u16 type;
	u16 machine;
	u32 version;
	u32 entry;
	u32 phoff;
	u32 shoff;
	u32 flags;
	u16 ehsize;
	u16 phentsize;
	u16 phnum;
	u16 shentsize;
	u16 shnum;
	u16 shstrndx;
};
_Static_assert(sizeof(struct elf_ehdr) == 52, "ELF header");

struct elf_phdr {
	u32 type;
	u32 offset;
	u32 vaddr;
	u32 paddr;
	u32 filesz;
	u32 memsz;
	u32 flags;
	u32 align;
};
_Static_assert(sizeof(struct elf_phdr) == 32, "ELF program header");

static const u8 elf_magic[4] = { 0x7f, 'E', 'L', 'F' };

bool elf_is_elf(const void *file, size_t size)
{
	return size >= sizeof(elf_magic) &&
	       !memcmp(file, elf_magic, sizeof(elf_magic));
}

/*
 * What is wrong with the file's header, or NULL. Identification comes first:
 * in a file for another machine the other fields mean something else. Version
 * fields are not checked: only one value has ever been defined.
 */
static const char *check_ehdr(const struct elf_ehdr *h)
{
	if (h->ident[EI_CLASS] != ELFCLASS32) {
		return "not a 32-bit ELF file";
	}
	if (h->ident[EI_DATA] != ELFDATA2LSB) {
		return "not a little-endian ELF file";
	}
	if (h->type != ET_EXEC) {
		return "not an executable ELF file (type is not EXEC)";
	}
	if (h->machine != EM_386) {
		return "not an ELF file for i386";
	}
	if (h->phentsize != sizeof(struct elf_phdr)) {
		return "ELF program headers are not 32 bytes each";
	}
	if (h->phnum == 0) {
		return "ELF file has no program headers";
	}
	if (h->phnum > PHNUM_MAX) {
		return "ELF file has more than 2048 program headers";
	}
	return NULL;
}

/*
 * Does @p share a byte of memory with a segment taken before? Neither is
 * empty, so two ranges overlap when the later one begins inside the other.
 */
static bool overlaps_any(const struct elf_image *out, const struct elf_phdr *p)
{
	u32 i;

	for (i = 0; i < out->segment_count; i++) {
		const struct elf_segment *s = &out->segment[i];

		if (p->paddr >= s->paddr ? p->paddr - s->paddr < s->memsz
					 : s->paddr - p->paddr < p->memsz) {
			return true;
		}
	}
	return false;
}

/* What is wrong with a PT_LOAD header that occupies memory, or NULL. */
static const char *check_segment(const struct elf_phdr *p, size_t size,
				 const struct elf_image *out)
{
	if (p->offset > size || p->filesz > size - p->offset) {
		return "lies beyond the end of the file";
	}
	/* Ending exactly at 4 GiB is no wrap, but still too much memory. */
	if (p->memsz - 1 > UINT32_MAX - p->paddr) {
		return "wraps around 4 GiB";
	}
	if (p->paddr < BOOT_PAGES_END) {
		return "overlaps the boot pages below 0x2000";
	}
	if (overlaps_any(out, p)) {
		return "overlaps another one";
	}
	if (out->segment_count == ELF_SEGMENTS_MAX) {
		return "is one too many (32 fit)";
	}
	return NULL;
}

/*
 * Add one program header to @out; returns what is wrong with it, or NULL. One
 * that occupies no memory is skipped, and its file range is not checked.
 */
static const char *add_phdr(const struct elf_phdr *p, size_t size,
			    struct elf_image *out)
{
	const char *wrong;

	if (p->type != PT_LOAD) {
		return NULL;
	}
	if (p->filesz > p->memsz) {
		return "is larger in the file than in memory";
	}
	if (p->memsz == 0) {
		return NULL;
	}
	wrong = check_segment(p, size, out);
	if (wrong) {
		return wrong;
	}
	out->segment[out->segment_count++] = (struct elf_segment){
		.paddr = p->paddr,
		.offset = p->offset,
		.filesz = p->filesz,
		.memsz = p->memsz,
	};
	return NULL;
}

/* The caller has checked that all program headers lie in the file. */
static const char *read_segments(const u8 *file, size_t size,
				 const struct elf_ehdr *h,
				 struct elf_image *out)
{
	u32 i;

	for (i = 0; i < h->phnum; i++) {
		struct elf_phdr p;
		const char *wrong;

		memcpy(&p, file + h->phoff + i * sizeof(p), sizeof(p));
		wrong = add_phdr(&p, size, out);
		if (wrong) {
			snprintf(out->reason, sizeof(out->reason),
				 "ELF segment %u %s", (unsigned)i, wrong);
			return out->reason;
		}
	}
	return out->segment_count ? NULL : "ELF file has no loadable segment";
}

/*
 * All segments are examined before an error is returned, so that the size it
 * names suffices.
 */
static const char *check_memory(struct elf_image *out, u32 mem_size)
{
	u32 last = 0; /* the highest byte; an end could be 2^32 */
	u32 i;

	for (i = 0; i < out->segment_count; i++) {
		const struct elf_segment *s = &out->segment[i];

		if (s->paddr + (s->memsz - 1) > last) {
			last = s->paddr + (s->memsz - 1);
		}
	}
	if (last < mem_size) {
		return NULL;
	}
	snprintf(out->reason, sizeof(out->reason),
		 "ELF file needs %u KiB of guest memory, there are %u",
		 (unsigned)(last / 1024 + 1), (unsigned)(mem_size / 1024));
	return out->reason;
}

/*
 * An entry point in the zero-filled tail of a segment is accepted: it can harm
 * only the guest.
 */
static bool is_loaded(const struct elf_image *out, u32 addr)
{
	u32 i;

	for (i = 0; i < out->segment_count; i++) {
		const struct elf_segment *s = &out->segment[i];

		if (addr >= s->paddr && addr - s->paddr < s->memsz) {
			return true;
		}
	}
	return false;
}

const char *elf_check(const void *file, size_t size, u32 mem_size,
		      struct elf_image *out)
{
	struct elf_ehdr h;
	const char *wrong;

	if (!elf_is_elf(file, size)) {
		return "not an ELF file";
	}
	if (size < sizeof(h)) {
		return "ELF file ends within its header";
	}
	memcpy(&h, file, sizeof(h));
	wrong = check_ehdr(&h);
	if (wrong) {
		return wrong;
	}
	if (h.phoff > size ||
	    h.phnum * sizeof(struct elf_phdr) > size - h.phoff) {
		return "ELF file ends within its program headers";
	}
	out->entry = h.entry;
	out->segment_count = 0;
	wrong = read_segments(file, size, &h, out);
	if (!wrong) {
		wrong = check_memory(out, mem_size);
	}
	if (!wrong && !is_loaded(out, h.entry)) {
		wrong = "ELF entry point is outside every loaded segment";
	}
	return wrong;
}
