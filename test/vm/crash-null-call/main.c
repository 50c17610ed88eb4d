// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A call through a null pointer: EIP says nothing, the stack says who called.
 */
#include "test/lib/paging.h"

struct driver {
	const char *name;
	u32 (*probe)(u32 slot);
};

static u32 probe_disk(u32 slot)
{
	return slot;
}

static const struct driver drivers[] = {
	{ "disk", probe_disk },
	{ "net", NULL },
};

static __attribute__((noinline)) u32 probe_driver(const volatile void *driver)
{
	return ((const volatile struct driver *)driver)->probe(1) + 1;
}

static __attribute__((noinline)) u32 probe_all(void)
{
	u32 found = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(drivers); i++) {
		found += probe_driver(&drivers[i]);
	}
	return found;
}

void main(void)
{
	vm_init();
	pg_init();
	pg_set(pg_current(), 0, 0);
	vm_fail("probed %u", probe_all());
}
