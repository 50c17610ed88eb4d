/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hv/load/linux_args.c: sizes as Linux reads them, and what is left of the
 * line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hv/load/linux_args.h"

#define MIB (1024u * 1024)

static const struct {
	const char *args;
	u64 size;
	const char *left;
} lines[] = {
	{ "", LINUX_MEM_ALL, "" },
	{ "quiet  root=/dev/vda", LINUX_MEM_ALL, "quiet  root=/dev/vda" },
	{ "mem=64M", 64 * MIB, "" },
	{ "a mem=64M b", 64 * MIB, "a b" },
	{ "a  mem=64M", 64 * MIB, "a" },
	{ "\tmem=64M  b", 64 * MIB, "b" },
	{ "a\tmem=64M  b", 64 * MIB, "a  b" },
	/* Every word is a limit. */
	{ "mem=64M x mem=128M", 64 * MIB, "x" },
	{ "mem=128M mem=64M x", 64 * MIB, "x" },
	/* Suffixes, bases, and what is behind. */
	{ "mem=65536k", 64 * MIB, "" },
	{ "mem=65536K", 64 * MIB, "" },
	{ "mem=67108864", 64 * MIB, "" },
	{ "mem=0x4000000", 64 * MIB, "" },
	{ "mem=0X40m", 64 * MIB, "" },
	{ "mem=0100M", 64 * MIB, "" },
	{ "mem=1G", 1024 * (u64)MIB, "" },
	{ "mem=1t", (u64)MIB *MIB, "" },
	{ "mem=1P", (u64)MIB *MIB * 1024, "" },
	{ "mem=1e", (u64)MIB *MIB *MIB, "" },
	{ "mem=64Megabytes", 64 * MIB, "" },
	{ "mem=64M@16M", 64 * MIB, "" },
	{ "mem=0x", LINUX_MEM_ALL, "" },
	{ "mem=09M", LINUX_MEM_ALL, "" },
	/* Too large for 64 bits. */
	{ "mem=99999999999999999999999999", UINT64_MAX, "" },
	{ "mem=64E x", UINT64_MAX, "x" },
	/* No size: Linux would not survive the word. */
	{ "mem= x", LINUX_MEM_ALL, "x" },
	{ "mem=0 x", LINUX_MEM_ALL, "x" },
	{ "mem=M x", LINUX_MEM_ALL, "x" },
	{ "mem=many mem=64M", 64 * MIB, "" },
	{ "mem=nopentiums", LINUX_MEM_ALL, "" },
	/* Other words. */
	{ "mem=nopentium a", LINUX_MEM_ALL, "mem=nopentium a" },
	{ "mem=\"nopentium\"", LINUX_MEM_ALL, "mem=\"nopentium\"" },
	{ "mem", LINUX_MEM_ALL, "mem" },
	{ "memmap=64M mem.x=1 umem=64M", LINUX_MEM_ALL,
	  "memmap=64M mem.x=1 umem=64M" },
	{ "a -- mem=64M", LINUX_MEM_ALL, "a -- mem=64M" },
	{ "a --x mem=64M", 64 * MIB, "a --x" },
	/* Quotes. */
	{ "mem=\"64M\" b", 64 * MIB, "b" },
	{ "\"mem=64M\" b", 64 * MIB, "b" },
	{ "x=\"a mem=64M\" b", LINUX_MEM_ALL, "x=\"a mem=64M\" b" },
	{ "\"mem=64M b", 64 * MIB, "" },
	{ "\"", LINUX_MEM_ALL, "\"" },
};

static void lines_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		char *args = strdup(lines[i].args);
		u64 size;
		bool is_taken = linux_args_take_mem(args, &size);

		if (size != lines[i].size || strcmp(args, lines[i].left) ||
		    is_taken != (strcmp(args, lines[i].args) != 0)) {
			fail_msg("'%s': %llu bytes, leaves '%s'", lines[i].args,
				 (unsigned long long)size, args);
		}
		free(args);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
