// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checking program files. They are the programs' own, that is, hostile.
 */
#include <string.h>

#include "guest/gnomon/mm/frame.h"
#include "guest/gnomon/process/exec.h"
#include "guest/gnomon/vm/vm.h"

/* Where programs go that can be anywhere: below mappings, above the others. */
#define PIE_BASE 0x56555000u

const char elf_not_elf[] = "is neither a program nor a script";
const char elf_dynamic[] = "is a dynamic program, and only static ones run";
static const char truncated[] = "is truncated";
static const char bad[] = "is a program with headers that make no sense";

static const char *check_header(const struct elf_header *h, uint32_t size)
{
	if (size < 4 || memcmp(h->magic, "\177ELF", 4)) {
		return elf_not_elf;
	}
	if (size < sizeof(*h)) {
		return truncated;
	}
	if (h->class == ELF_CLASS_64) {
		return "is a 64-bit program";
	}
	if (h->class != ELF_CLASS_32 || h->data != ELF_LITTLE ||
	    h->machine != EM_386) {
		return "is for another processor";
	}
	if (h->type != ET_EXEC && h->type != ET_DYN) {
		return "is an ELF file, but no program";
	}
	if (!h->phnum || h->phentsize != sizeof(struct elf_phdr) ||
	    h->phoff % sizeof(uint32_t)) {
		return bad;
	}
	if (h->phoff > size ||
	    h->phnum > (size - h->phoff) / sizeof(struct elf_phdr)) {
		return "is truncated, or its headers are not at its beginning";
	}
	return NULL;
}

/* One PT_LOAD, moved by @bias. */
static const char *plan_load(const struct elf_header *h,
			     const struct elf_phdr *p, uint32_t bias,
			     uint64_t file_size, struct elf_program *out)
{
	uint32_t va = p->vaddr + bias;

	if (!p->memsz) {
		return NULL;
	}
	if (out->count == EXEC_LOADS_MAX || p->filesz > p->memsz ||
	    (p->offset ^ p->vaddr) & PAGE_MASK || va < bias ||
	    va < USER_START || va >= USER_END || p->memsz > USER_END - va ||
	    page_down(va) < page_down(out->end)) {
		return bad;
	}
	if (p->offset > file_size || p->filesz > file_size - p->offset) {
		return truncated;
	}
	out->load[out->count] = *p;
	out->load[out->count].vaddr = va;
	out->load[out->count++].flags = (p->flags & PF_R ? VM_READ : 0) |
					(p->flags & PF_W ? VM_WRITE : 0) |
					(p->flags & PF_X ? VM_EXEC : 0);
	out->end = va + p->memsz;
	/* The program looks for its own headers. */
	if (h->phoff >= p->offset && h->phoff - p->offset < p->filesz) {
		out->phdr_va = va + (h->phoff - p->offset);
	}
	return NULL;
}

const char *elf_plan(const void *head, uint32_t size, uint64_t file_size,
		     struct elf_program *out)
{
	const struct elf_header *h = head;
	const char *why = check_header(h, size);
	const struct elf_phdr *p;
	uint32_t bias;

	if (why) {
		return why;
	}
	bias = h->type == ET_DYN ? PIE_BASE : 0;
	*out = (struct elf_program){
		.entry = h->entry + bias,
		.phnum = h->phnum,
		.wants_stack_to_run = true,
	};
	p = (const void *)((const char *)head + h->phoff);
	for (uint32_t i = 0; i < h->phnum && !why; i++, p++) {
		if (p->type == PT_INTERP) {
			why = elf_dynamic;
		} else if (p->type == PT_GNU_STACK) {
			out->wants_stack_to_run = p->flags & PF_X;
		} else if (p->type == PT_LOAD) {
			why = plan_load(h, p, bias, file_size, out);
		}
	}
	return why || out->count ? why : bad;
}
