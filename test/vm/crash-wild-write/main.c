// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A write through a pointer that was overwritten: the report shows who wrote,
 * where to, and which level of the tables has nothing there. With the word
 * "rodata" the page exists but may only be read.
 */
#include "test/lib/paging.h"

#define WILD	  0xb5e7d004u
#define READ_ONLY 0x40000000u

struct list {
	struct list *next;
	struct list **link;
};

static struct list head;
static struct list victim;

static __attribute__((noinline)) void list_remove(struct list *entry)
{
	*(struct list *volatile *)(uintptr_t)entry->link = entry->next;
	entry->link = NULL;
}

static __attribute__((noinline)) void forget(struct list *entry)
{
	list_remove(entry);
	victim.next = NULL;
}

void main(void)
{
	u32 link = WILD;

	vm_init();
	pg_init();
	if (vm_has_word("rodata")) {
		link = READ_ONLY + 0x10;
		pg_set(pg_current(), READ_ONLY, pg_alloc() | PTE_P);
	}
	victim.next = &head;
	victim.link = (struct list **)link;
	forget(&victim);
	vm_fail("still alive");
}
