// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checking program files. They are the programs' own, that is, hostile.
 */
#include "guest/gnomon/elf.h"

#include <stddef.h>
#include <string.h>

#include "guest/gnomon/frame.h"
#include "guest/gnomon/layout.h"
#include "guest/gnomon/vm.h"

/* Where programs go that can be anywhere: below mappings, above the others. */
#define PIE_BASE 0x56555000u

const char *elf_verdict_text(enum elf_verdict v)
{
	static const char *const text[] = {
		[ELF_OK] = "is a program",
		[ELF_NOT_ELF] = "is neither a program nor a script",
		[ELF_64_BIT] = "is a 64-bit program",
		[ELF_OTHER_MACHINE] = "is for another processor",
		[ELF_NO_PROGRAM] = "is an ELF file, but no program",
		[ELF_DYNAMIC] =
			"is a dynamic program, and only static ones run",
		[ELF_TRUNCATED] = "is truncated",
		[ELF_BAD] = "is a program with headers that make no sense",
	};

	return text[v];
}

enum elf_verdict elf_check_header(const void *head, uint32_t size,
				  uint64_t file_size)
{
	const struct elf_header *h = head;

	if (size < 4 || memcmp(h->magic, "\177ELF", 4)) {
		return ELF_NOT_ELF;
	}
	if (size < sizeof(*h)) {
		return ELF_TRUNCATED;
	}
	if (h->class == ELF_CLASS_64) {
		return ELF_64_BIT;
	}
	if (h->class != ELF_CLASS_32 || h->data != ELF_LITTLE ||
	    h->machine != EM_386) {
		return ELF_OTHER_MACHINE;
	}
	if (h->type != ET_EXEC && h->type != ET_DYN) {
		return ELF_NO_PROGRAM;
	}
	if (!h->phnum || h->phnum > ELF_PHDRS_MAX ||
	    h->phentsize != sizeof(struct elf_phdr)) {
		return ELF_BAD;
	}
	if (h->phoff > file_size ||
	    h->phnum * sizeof(struct elf_phdr) > file_size - h->phoff) {
		return ELF_TRUNCATED;
	}
	return ELF_OK;
}

/* One PT_LOAD, moved by @bias. */
static enum elf_verdict plan_load(const struct elf_phdr *p, uint32_t bias,
				  uint64_t file_size, struct elf_program *out)
{
	uint32_t va = p->vaddr + bias;
	struct elf_load *l = &out->load[out->count];

	if (!p->memsz) {
		return ELF_OK;
	}
	if (out->count == ELF_LOADS_MAX || p->filesz > p->memsz ||
	    (p->offset ^ p->vaddr) & PAGE_MASK || va < bias ||
	    va < USER_START || va >= USER_END || p->memsz > USER_END - va ||
	    page_down(va) < page_down(out->end)) {
		return ELF_BAD;
	}
	if (p->offset > file_size || p->filesz > file_size - p->offset) {
		return ELF_TRUNCATED;
	}
	*l = (struct elf_load){
		.va = va,
		.file_offset = p->offset,
		.file_size = p->filesz,
		.memory_size = p->memsz,
		.rights = (p->flags & PF_R ? VM_READ : 0) |
			  (p->flags & PF_W ? VM_WRITE : 0) |
			  (p->flags & PF_X ? VM_EXEC : 0),
	};
	out->end = va + p->memsz;
	out->count++;
	return ELF_OK;
}

/* Where the program finds its own headers, if they are loaded. */
static void find_headers(const struct elf_header *h, struct elf_program *out)
{
	for (uint32_t i = 0; i < out->count; i++) {
		const struct elf_load *l = &out->load[i];

		if (h->phoff >= l->file_offset &&
		    h->phoff - l->file_offset < l->file_size) {
			out->phdr_va = l->va + (h->phoff - l->file_offset);
		}
	}
}

enum elf_verdict elf_plan(const struct elf_header *h, const struct elf_phdr *ph,
			  uint64_t file_size, struct elf_program *out)
{
	uint32_t bias = h->type == ET_DYN ? PIE_BASE : 0;
	enum elf_verdict v = ELF_OK;

	*out = (struct elf_program){
		.entry = h->entry + bias,
		.phnum = h->phnum,
		.wants_stack_to_run = true,
	};
	for (uint32_t i = 0; i < h->phnum && v == ELF_OK; i++) {
		if (ph[i].type == PT_INTERP) {
			v = ELF_DYNAMIC;
		} else if (ph[i].type == PT_GNU_STACK) {
			out->wants_stack_to_run = ph[i].flags & PF_X;
		} else if (ph[i].type == PT_LOAD) {
			v = plan_load(&ph[i], bias, file_size, out);
		}
	}
	if (v == ELF_OK && !out->count) {
		v = ELF_BAD;
	}
	find_headers(h, out);
	return v;
}
