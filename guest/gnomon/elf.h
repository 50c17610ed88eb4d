/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in a program file, checked: pure functions.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/linux/elf.h"

#define ELF_PHDRS_MAX 32
#define ELF_LOADS_MAX 16

/* A part of the file that goes into memory; addresses are final. */
struct elf_load {
	uint32_t va, file_offset, file_size, memory_size;
	uint32_t rights; /* VM_READ... */
};

struct elf_program {
	uint32_t entry;
	uint32_t phdr_va, phnum;
	uint32_t end;		 /* behind the last part */
	bool wants_stack_to_run; /* or does not say */
	uint32_t count;
	struct elf_load load[ELF_LOADS_MAX];
};

enum elf_verdict {
	ELF_OK,
	ELF_NOT_ELF,
	ELF_64_BIT,
	ELF_OTHER_MACHINE,
	ELF_NO_PROGRAM, /* an object file and the like */
	ELF_DYNAMIC,
	ELF_TRUNCATED,
	ELF_BAD,
};

/* In words, for the console. */
const char *elf_verdict_text(enum elf_verdict v);

/* The first @size bytes of a file of @file_size. */
enum elf_verdict elf_check_header(const void *head, uint32_t size,
				  uint64_t file_size);
/* Of a header that is ELF_OK, with its phnum program headers. */
enum elf_verdict elf_plan(const struct elf_header *h, const struct elf_phdr *ph,
			  uint64_t file_size, struct elf_program *out);
