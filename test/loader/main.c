// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A Multiboot loader that tells what a test wants it to tell. The emulator
 * loads it as a kernel: its first module is the kernel to be started, with the
 * words behind the module's name as command line; the others are that
 * kernel's. Words on its own command line, all numbers in base 16:
 *
 *	flags=N			what there is; the other fields are rubbish
 *	upper=N			memory above 1 MiB, in KiB
 *	map=START+SIZE:TYPE,...	the map of memory, else the emulator's
 *
 * Rules: Multiboot 0.6.96, 3.2 "Machine state", 3.3 "Boot information format".
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LOADER_MAGIC  0x2badb002
#define RUBBISH	      0xdeadbee0
#define FLAG_MEMORY   0x01
#define FLAG_CMDLINE  0x04
#define FLAG_MODULES  0x08
#define FLAG_MAP      0x40
#define FLAGS_DEFAULT (FLAG_MEMORY | FLAG_CMDLINE | FLAG_MODULES | FLAG_MAP)
#define RANGES_MAX    8
#define RANGE_SIZE    20 /* what a range says of itself */
#define PT_LOAD	      1

struct info {
	uint32_t flags, mem_lower, mem_upper, boot_device, cmdline;
	uint32_t module_count, modules, symbols[4], map_size, map;
	uint32_t others[8];
};

struct module {
	uint32_t start, end, string, unused;
};

struct range {
	uint32_t size;
	uint64_t start, length;
	uint32_t type;
} __attribute__((packed));

struct elf {
	uint32_t magic[4], type_machine, version, entry, phoff, shoff, flags;
	uint16_t size, phentsize, phnum;
};

struct phdr {
	uint32_t type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

/* The header, and the first instructions; the stack grows down to the code. */
__asm__(".section .boot, \"ax\"\n\t"
	".balign 4\n\t"
	".long 0x1badb002, 3, -(0x1badb002 + 3)\n\t"
	".globl _start\n"
	"_start:\n\t"
	"mov $loader_stack + 4096, %esp\n\t"
	"push %ebx\n\t"
	"call loader_main\n\t"
	".text");

uint8_t loader_stack[4096] __attribute__((aligned(16)));

void loader_main(const struct info *from);

/* Of the word key=VALUE: behind the sign; NULL: there is none. */
static const char *word(const char *cmdline, const char *key)
{
	const char *at = strstr(cmdline, key);

	return at ? at + strlen(key) : NULL;
}

/* All ranges of "START+SIZE:TYPE,...". Returns their size. */
static uint32_t read_map(struct range *to, const char *text)
{
	uint32_t n = 0;
	char *end;

	do {
		to[n].size = RANGE_SIZE;
		to[n].start = strtoul(text, &end, 16);
		to[n].length = strtoul(end + 1, &end, 16);
		to[n].type = strtoul(end + 1, &end, 16);
		text = end + 1;
	} while (++n < RANGES_MAX && *end == ',');
	return n * sizeof(*to);
}

/* Returns the entry. */
static uint32_t load(const struct module *m)
{
	const struct elf *e = (const struct elf *)m->start;
	const struct phdr *p = (const struct phdr *)(m->start + e->phoff);

	for (uint32_t i = 0; i < e->phnum; i++, p++) {
		if (p->type == PT_LOAD) {
			memset((void *)p->paddr, 0, p->memsz);
			memcpy((void *)p->paddr,
			       (const void *)(m->start + p->offset), p->filesz);
		}
	}
	return e->entry;
}

static void fill(struct info *to, const struct info *from)
{
	static struct range ranges[RANGES_MAX];
	const struct module *modules = (const struct module *)from->modules;
	const char *cmdline = (const char *)from->cmdline;
	const char *flags = word(cmdline, "flags=");
	const char *upper = word(cmdline, "upper=");
	const char *map = word(cmdline, "map=");
	const char *args = strchr((const char *)modules->string, ' ');

	for (uint32_t i = 0; i < sizeof(*to) / sizeof(uint32_t); i++) {
		((uint32_t *)to)[i] = RUBBISH;
	}
	to->flags = flags ? strtoul(flags, NULL, 16) : FLAGS_DEFAULT;
	if (to->flags & FLAG_MEMORY) {
		to->mem_lower = from->mem_lower;
		to->mem_upper =
			upper ? strtoul(upper, NULL, 16) : from->mem_upper;
	}
	if (to->flags & FLAG_CMDLINE) {
		to->cmdline = (uint32_t)(args ? args + 1 : "");
	}
	if (to->flags & FLAG_MODULES) {
		to->module_count = from->module_count - 1;
		to->modules = (uint32_t)(modules + 1);
	}
	if (to->flags & FLAG_MAP) {
		to->map = map ? (uint32_t)ranges : from->map;
		to->map_size = map ? read_map(ranges, map) : from->map_size;
	}
}

void loader_main(const struct info *from)
{
	static struct info to;
	uint32_t entry;

	fill(&to, from);
	entry = load((const struct module *)from->modules);
	__asm__ volatile("jmp *%2"
			 :
			 : "a"(LOADER_MAGIC), "b"(&to), "r"(entry)
			 : "memory");
	__builtin_unreachable();
}
