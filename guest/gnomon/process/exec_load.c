// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memory of a program that begins:
 *
 *	file's parts	mapped; the rest of the last page is cleared
 *	heap		empty, behind them
 *	stack		argc, argv, envp, auxiliary vector, strings
 */
#include <string.h>

#include "guest/gnomon/fs/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/linux/stat.h"
#include "guest/gnomon/process/exec.h"
#include "guest/gnomon/vm/vm.h"

#define STACK_FIRST 0x20000u /* below what is in it at first */
#define AUX_PAIRS   10

char exec_strings[EXEC_STRINGS_MAX] __attribute__((aligned(4)));

static int map_load(struct exec *e, const struct elf_phdr *l)
{
	uint32_t start = page_down(l->vaddr), rest = l->vaddr + l->filesz;
	uint32_t file_end = l->filesz ? page_up(rest) : start;
	uint32_t end = page_up(l->vaddr + l->memsz);
	long at = 0;

	if (file_end > start) {
		at = vm_map(e->vm, start, file_end - start, l->flags, e->inode,
			    l->offset >> PAGE_SHIFT);
	}
	if (at >= 0 && end > file_end) {
		at = vm_map(e->vm, file_end, end - file_end, l->flags, NULL, 0);
	}
	/* What memory has in the file's last page, but the file has not. */
	if (at >= 0 && l->flags & VM_WRITE && file_end > rest) {
		at = vm_write(e->vm, rest, NULL, file_end - rest);
	}
	return at < 0 ? (int)at : 0;
}

/*
 * @name: user address of the path; the random bytes end at USER_END. What is
 * not there is 0 to programs, as are the numbers of users.
 */
static void put_auxiliary(const struct exec *e, uint32_t *to, uint32_t name)
{
	const uint32_t pair[AUX_PAIRS][2] = {
		{ AT_PAGESZ, PAGE_SIZE },
		{ AT_CLKTCK, CLOCK_TICKS_PER_SEC },
		{ AT_PHDR, e->program.phdr_va },
		{ AT_PHENT, sizeof(struct elf_phdr) },
		{ AT_PHNUM, e->program.phnum },
		{ AT_ENTRY, e->program.entry },
		{ AT_SECURE, 0 },
		{ AT_EXECFN, name },
		{ AT_RANDOM, USER_END - EXEC_RANDOM_SIZE },
		{ AT_NULL, 0 },
	};

	memcpy(to, pair, sizeof(pair));
}

/*
 * User addresses of @n strings from kernel address *@string on, and NULL
 * behind them. *@string moves behind the last.
 */
static uint32_t *put_strings(uint32_t *to, uint32_t n, const char **string,
			     uint32_t distance)
{
	for (; n; n--) {
		*to++ = (uint32_t)*string + distance;
		*string += strlen(*string) + 1;
	}
	*to++ = 0;
	return to;
}

static int put_stack(struct exec *e)
{
	uint32_t flags = VM_READ | VM_WRITE | VM_GROWSDOWN;
	uint32_t strings_at = USER_END - e->used;
	uint32_t distance = strings_at - (uint32_t)exec_strings;
	uint32_t size = (3 + e->argc + e->envc + 2 * AUX_PAIRS) * 4;
	uint32_t start = page_down(strings_at - size) - STACK_FIRST;
	/* The vectors' place until they are copied: behind the strings. */
	uint32_t *vector = (uint32_t *)(exec_strings + ((e->used + 3) & -4u));
	uint32_t *to = vector;
	const char *string = exec_strings;
	long at;

	if (size + 4 > EXEC_STRINGS_MAX - e->used) {
		return -E2BIG;
	}
	*to++ = e->argc;
	e->vm->arg_start = strings_at;
	to = put_strings(to, e->argc, &string, distance);
	e->vm->arg_end = (uint32_t)string + distance;
	to = put_strings(to, e->envc, &string, distance);
	put_auxiliary(e, to, (uint32_t)string + distance);
	e->vm->stack_top = (strings_at - size) & -16u;
	flags |= e->program.wants_stack_to_run ? VM_EXEC : 0;
	at = vm_map(e->vm, start, USER_END - start, flags, NULL, 0);
	if (at < 0 || vm_write(e->vm, strings_at, exec_strings, e->used) ||
	    vm_write(e->vm, e->vm->stack_top, vector, size)) {
		return -ENOMEM;
	}
	return 0;
}

int exec_load(struct exec *e)
{
	int error = 0;

	e->vm = vm_new();
	if (!e->vm) {
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < e->program.count && !error; i++) {
		error = map_load(e, &e->program.load[i]);
	}
	e->vm->brk_start = e->vm->brk = page_up(e->program.end);
	e->vm->exe = inode_get(e->inode);
	return error ? error : put_stack(e);
}
