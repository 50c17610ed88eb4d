// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memory of a program that begins:
 *
 *	file's parts	mapped; the rest of the last page is cleared
 *	heap		empty, behind them
 *	stack		argc, argv, envp, auxiliary vector, then the strings
 *			in the frames they were collected in
 */
#include "guest/gnomon/exec_load.h"

#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/layout.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/vm.h"

#define STACK_FIRST  0x20000u /* below the strings */
#define EFLAGS_START 0x202u
#define AUX_PAIRS    18

static int map_load(struct exec *e, const struct elf_load *l)
{
	uint32_t start = page_down(l->va);
	uint32_t file_end =
		l->file_size ? page_up(l->va + l->file_size) : start;
	uint32_t end = page_up(l->va + l->memory_size);
	long at = 0;

	if (file_end > start) {
		at = vm_map(e->vm, start, file_end - start, l->rights, e->inode,
			    l->file_offset >> PAGE_SHIFT);
	}
	if (at >= 0 && end > file_end) {
		at = vm_map(e->vm, file_end, end - file_end, l->rights, NULL,
			    0);
	}
	return at < 0 ? (int)at : 0;
}

static int map_stack(struct exec *e)
{
	uint32_t flags = VM_READ | VM_WRITE | VM_STACK | VM_GROWSDOWN;
	struct exec_args *a = &e->args;
	struct vm_area *area;
	uint32_t start;
	long at;

	e->strings_at = USER_END - a->frames * PAGE_SIZE;
	start = e->strings_at - STACK_FIRST;
	if (e->program.wants_stack_to_run) {
		flags |= VM_EXEC;
	}
	at = vm_map(e->vm, start, USER_END - start, flags, NULL, 0);
	if (at < 0) {
		return (int)at;
	}
	area = vm_find(e->vm, start);
	for (uint32_t i = 0; i < a->frames; i++) {
		if (vm_insert(e->vm, area, e->strings_at + i * PAGE_SIZE,
			      a->frame[i])) {
			return -ENOMEM;
		}
		a->frame[i] = 0;
	}
	return 0;
}

int exec_load(struct exec *e)
{
	struct exec_args *a = &e->args;
	int error = 0;

	e->vm = vm_new();
	if (!e->vm) {
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < e->program.count && !error; i++) {
		error = map_load(e, &e->program.load[i]);
	}
	if (!error) {
		error = map_stack(e);
	}
	e->vm->brk_start = e->vm->brk = page_up(e->program.end);
	e->vm->stack_top = e->strings_at;
	e->vm->arg_start = e->strings_at;
	e->vm->arg_end = e->strings_at + a->offset[e->argc];
	e->vm->env_end = e->strings_at + a->offset[e->argc + e->envc];
	e->vm->exe = e->inode;
	inode_get(e->inode);
	return error;
}

/* What memory has behind the end of the file's part. */
static int clear_rest(const struct elf_load *l)
{
	uint32_t at = l->va + l->file_size;
	int32_t code;

	if (!(l->rights & VM_WRITE) || l->memory_size == l->file_size ||
	    !(at & PAGE_MASK) || !l->file_size) {
		return 0;
	}
	/* Asked for in advance, it costs no fault. */
	if (vm_fault(at, true, false, &code)) {
		return -ENOMEM;
	}
	return clear_user(at, page_up(at) - at);
}

static uint32_t cpu_features(void)
{
	uint32_t eax = 1, ebx, ecx, edx;

	__asm__("cpuid" : "+a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx));
	return edx;
}

static uint32_t *put_auxiliary(const struct exec *e, uint32_t *to)
{
	uint32_t extra = e->argc + e->envc;
	uint32_t strings = e->strings_at;
	const uint32_t pair[AUX_PAIRS][2] = {
		{ AT_HWCAP, cpu_features() },
		{ AT_PAGESZ, PAGE_SIZE },
		{ AT_CLKTCK, CLOCK_TICKS_PER_SEC },
		{ AT_PHDR, e->program.phdr_va },
		{ AT_PHENT, sizeof(struct elf_phdr) },
		{ AT_PHNUM, e->program.phnum },
		{ AT_BASE, 0 },
		{ AT_FLAGS, 0 },
		{ AT_ENTRY, e->program.entry },
		{ AT_UID, 0 },
		{ AT_EUID, 0 },
		{ AT_GID, 0 },
		{ AT_EGID, 0 },
		{ AT_SECURE, 0 },
		{ AT_EXECFN, strings + e->args.offset[extra] },
		{ AT_PLATFORM, strings + e->args.offset[extra + 1] },
		{ AT_RANDOM, strings + e->args.offset[extra + 2] },
		{ AT_NULL, 0 },
	};

	memcpy(to, pair, sizeof(pair));
	return to + 2 * AUX_PAIRS;
}

/* Everything below the strings; its user address, or 0. */
static uint32_t put_vectors(const struct exec *e)
{
	uint32_t words = 1 + e->argc + 1 + e->envc + 1 + 2 * AUX_PAIRS;
	uint32_t *vector = malloc(words * sizeof(*vector));
	uint32_t sp = (e->strings_at - words * sizeof(*vector)) & -16u;
	uint32_t *to = vector;
	int32_t code;

	if (!vector) {
		return 0;
	}
	*to++ = e->argc;
	for (uint32_t i = 0; i < e->argc; i++) {
		*to++ = e->strings_at + e->args.offset[i];
	}
	*to++ = 0;
	for (uint32_t i = 0; i < e->envc; i++) {
		*to++ = e->strings_at + e->args.offset[e->argc + i];
	}
	*to++ = 0;
	put_auxiliary(e, to);
	if (vm_fault(e->strings_at - 1, true, false, &code) ||
	    copy_to_user(sp, vector, words * sizeof(*vector))) {
		sp = 0;
	}
	free(vector);
	return sp;
}

int exec_load_finish(struct exec *e)
{
	uint32_t sp = put_vectors(e);

	for (uint32_t i = 0; i < e->program.count && sp; i++) {
		if (clear_rest(&e->program.load[i])) {
			return -ENOMEM;
		}
	}
	if (!sp) {
		return -ENOMEM;
	}
	current->vm->stack_top = sp;
	*current->frame = (struct trap_frame){
		.es = SEL_USER_DATA,
		.ds = SEL_USER_DATA,
		.vector = VECTOR_SYSCALL,
		.error = UINT32_MAX,
		.eip = e->program.entry,
		.cs = SEL_USER_CODE,
		.eflags = EFLAGS_START,
		.esp = sp,
		.ss = SEL_USER_DATA,
	};
	return 0;
}
