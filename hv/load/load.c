/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The loader: what a guest finds in its memory at the first instruction.
 *
 * Everything in a module is untrusted; hv/load/elf.c and hv/load/bzimage.c
 * check an image's headers against its size before anything here uses them.
 *
 * Rules: lguest ABI 1.1-1.3.
 */
#define _GNU_SOURCE /* memmem() */

#include "hv/load/load.h"

#include <stdio.h>
#include <string.h>

#include "hv/abi/boot.h"
#include "hv/lib/log.h"
#include "hv/load/linux_args.h"
#include "mm/gaccess.h"

static const char *refuse(struct load *l, const char *role,
			  const struct module *m, const char *why)
{
	snprintf(l->problem, sizeof(l->problem), "%s module '%s': %s", role,
		 m->name, why);
	return l->problem;
}

/* Is it a bzImage, or an ELF file with the first line of Linux's log? */
static bool is_linux(const struct module *m)
{
	static const char banner[] = "Linux version ";
	const u8 *file = m->bytes;

	return bzimage_is_bzimage(file, m->size) ||
	       (elf_is_elf(file, m->size) &&
		memmem(file, m->size, banner, sizeof(banner) - 1));
}

u64 load_memory_limit(struct module *kernel)
{
	u64 limit;

	/* The search takes long, and most command lines have no mem=. */
	if (!strstr(kernel->args, "mem=") || !is_linux(kernel) ||
	    !linux_args_take_mem(kernel->args, &limit)) {
		return LINUX_MEM_ALL;
	}
	if (limit == LINUX_MEM_ALL) {
		log_warn("guest: mem= without a size on its command line: "
			 "ignored and not passed on");
	} else {
		log_info("guest: mem= on its command line limits guest.mem "
			 "and is not passed on");
	}
	return limit;
}

static u32 ram_bytes(const struct p2m *p2m)
{
	return p2m->ram_frames << PAGE_SHIFT;
}

static const char *load_elf(struct load *l, struct p2m *p2m, const u8 *file,
			    u32 size)
{
	struct load_kernel *out = &l->kernel;
	const char *error = elf_check(file, size, ram_bytes(p2m), &l->elf);

	if (error) {
		return error;
	}
	for (u32 i = 0; i < l->elf.segment_count; i++) {
		const struct elf_segment *s = &l->elf.segment[i];

		if (gaccess_write(p2m, mk_gpa(s->paddr), file + s->offset,
				  s->filesz)) {
			return "does not fit in memory";
		}
		out->end = (u32)max_u64(out->end, s->paddr + s->memsz);
	}
	out->entry = l->elf.entry;
	return NULL;
}

static const char *load_bzimage(struct load *l, struct p2m *p2m, const u8 *file,
				u32 size)
{
	struct load_kernel *out = &l->kernel;
	const char *error = bzimage_check(file, size, ram_bytes(p2m), &out->bz);

	if (error) {
		return error;
	}
	if (gaccess_write(p2m, mk_gpa(BZIMAGE_LOAD_GPA), file + out->bz.offset,
			  out->bz.size)) {
		return "does not fit in memory";
	}
	out->header = file + BP_HDR_START;
	out->end = out->bz.memory_end;
	out->entry = out->bz.entry;
	return NULL;
}

static const char *load_kernel(struct load *l, struct p2m *p2m,
			       const struct module *m)
{
	const u8 *file = m->bytes;
	const char *error = "not an ELF file, nor a bzImage";

	l->kernel = (struct load_kernel){ 0 };
	if (m->size == 0) {
		error = "is empty";
	} else if (elf_is_elf(file, m->size)) {
		error = load_elf(l, p2m, file, m->size);
	} else if (bzimage_is_bzimage(file, m->size)) {
		error = load_bzimage(l, p2m, file, m->size);
	}
	return error ? refuse(l, "kernel", m, error) : NULL;
}

/* The initrd ends at the top of memory: lguest ABI 1.1. */
static const char *load_initrd(struct load *l, struct p2m *p2m,
			       const struct module *m, u32 *base)
{
	u32 kernel_end = l->kernel.end;
	u32 ram = ram_bytes(p2m);
	char why[80];

	if (m->size > ram ||
	    ROUND_DOWN(ram - m->size, PAGE_SIZE) < kernel_end) {
		snprintf(why, sizeof(why),
			 "too big: %u KiB, and the guest has %u beside the "
			 "kernel",
			 m->size / 1024, (ram - kernel_end) / 1024);
		return refuse(l, "initrd", m, why);
	}
	*base = ROUND_DOWN(ram - m->size, PAGE_SIZE);
	if (gaccess_write(p2m, mk_gpa(*base), m->bytes, m->size)) {
		return refuse(l, "initrd", m, "does not fit in memory");
	}
	return NULL;
}

static void put(u8 *page, u32 offset, u64 value, u32 size)
{
	memcpy(page + offset, &value, size);
}

/* The kernel's setup header goes into its boot parameters. */
static void put_header(u8 *page, const struct load_kernel *k)
{
	memcpy(page + BP_HDR_START, k->header, k->bz.header_end - BP_HDR_START);
	put(page, BP_LOADFLAGS, k->bz.loadflags | BP_LOADFLAG_KEEP_SEGMENTS, 1);
	if (k->bz.version < BP_VERSION_VALUE) {
		put(page, BP_VERSION, BP_VERSION_VALUE, 2);
	}
}

static void put_default_header(u8 *page)
{
	put(page, BP_LOADFLAGS, BP_LOADFLAG_KEEP_SEGMENTS, 1);
	put(page, BP_VERSION, BP_VERSION_VALUE, 2);
	put(page, BP_KERNEL_ALIGNMENT, BP_KERNEL_ALIGNMENT_VALUE, 4);
}

static void fill_boot_params(u8 *page, const struct load_kernel *k, u32 ram,
			     u32 initrd, u32 initrd_size)
{
	put_default_header(page);
	if (k->header) {
		put_header(page, k);
	}
	put(page, BP_E820_ENTRIES, 1, 1);
	put(page, BP_E820_MAP, 0, 8);
	put(page, BP_E820_MAP + 8, ram, 8);
	put(page, BP_E820_MAP + 16, BP_E820_RAM, 4);
	put(page, BP_CMD_LINE_PTR, BOOT_CMDLINE_GPA, 4);
	put(page, BP_HARDWARE_SUBARCH, BP_SUBARCH_LGUEST, 4);
	if (initrd_size) {
		put(page, BP_LOADER_TYPE, BP_LOADER_TYPE_UNKNOWN, 1);
		put(page, BP_RAMDISK_IMAGE, initrd, 4);
		put(page, BP_RAMDISK_SIZE, initrd_size, 4);
	}
}

const char *load_guest(struct load *l, struct p2m *p2m,
		       const struct guest_modules *m, u32 *entry)
{
	u8 *page = l->boot_params;
	u32 initrd = 0, initrd_size = 0;
	size_t len = strlen(m->kernel.args) + 1;
	const char *error = load_kernel(l, p2m, &m->kernel);

	if (!error && m->has_initrd && m->initrd.size > 0) {
		initrd_size = m->initrd.size;
		error = load_initrd(l, p2m, &m->initrd, &initrd);
	}
	if (error) {
		return error;
	}
	if (len > BOOT_CMDLINE_MAX) {
		return refuse(l, "kernel", &m->kernel,
			      "command line longer than 2047 bytes");
	}
	memset(page, 0, PAGE_SIZE);
	fill_boot_params(page, &l->kernel, ram_bytes(p2m), initrd, initrd_size);
	if (gaccess_write(p2m, mk_gpa(BOOT_PARAMS_GPA), page, PAGE_SIZE) ||
	    gaccess_write(p2m, mk_gpa(BOOT_CMDLINE_GPA), m->kernel.args, len)) {
		return "guest memory is too small";
	}
	*entry = l->kernel.entry;
	return NULL;
}
