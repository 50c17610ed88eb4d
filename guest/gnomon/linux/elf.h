/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Program files: ELF for 32 bits, and what a program finds on its stack.
 */
#pragma once

#include <stdint.h>

#define ELF_CLASS_32 1
#define ELF_CLASS_64 2
#define ELF_LITTLE   1
#define ET_EXEC	     2
#define ET_DYN	     3
#define EM_386	     3

#define PT_LOAD	     1
#define PT_INTERP    3
#define PT_GNU_STACK 0x6474e551

#define PF_X 1
#define PF_W 2
#define PF_R 4

struct elf_header {
	uint8_t magic[4];
	uint8_t class, data, version, pad[9];
	uint16_t type, machine;
	uint32_t version2, entry, phoff, shoff, flags;
	uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
_Static_assert(sizeof(struct elf_header) == 52, "ELF32");

struct elf_phdr {
	uint32_t type, offset, vaddr, paddr, filesz, memsz, flags, align;
};
_Static_assert(sizeof(struct elf_phdr) == 32, "ELF32");

#define AT_NULL	  0
#define AT_PHDR	  3
#define AT_PHENT  4
#define AT_PHNUM  5
#define AT_PAGESZ 6
#define AT_ENTRY  9
#define AT_CLKTCK 17
#define AT_SECURE 23
#define AT_RANDOM 25
#define AT_EXECFN 31
