// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Initialisation, in order, up to the first program.
 */
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/block.h"
#include "guest/gnomon/early.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/log.h"
#include "guest/gnomon/mmu.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/tty.h"

#define INIT_DEFAULT "/init"
#define INIT_ARGS    16

const struct platform *platform;

void kernel_main(const struct early *e);

/* Everything behind what the boot used, but for the initrd. */
static void memory_init(const struct early *e)
{
	uint32_t initrd_end = e->initrd + e->initrd_size;

	mmu_has_nx = e->is_pae && platform->has_nx();
	frame_init(e);
	if (e->initrd_size && initrd_end > e->free) {
		frame_add(e->free, page_down(e->initrd));
		frame_add(initrd_end, e->ram_end);
	} else {
		frame_add(e->free, e->ram_end);
	}
	mmu_init(e);
	log_info("%s, %s page tables, %u KiB of memory free", platform->name,
		 e->is_pae ? "PAE" : "2-level",
		 (unsigned)frame_count_free() * (PAGE_SIZE / 1024));
}

/* The initrd's own memory is free once it is unpacked. */
static void root_init(const struct early *e)
{
	const char *why;

	ramfs_init();
	if (!e->initrd_size) {
		panic("no initrd: nothing to run");
	}
	why = cpio_unpack(frame_at(e->initrd), e->initrd_size);
	if (why) {
		panic("initrd: %s", why);
	}
	frame_add(e->initrd, page_down(e->initrd + e->initrd_size));
	dev_init();
	proc_init();
}

/*
 * Words of the command line: init=PATH, quiet; what follows "--" are the
 * arguments of init.
 */
static void run_init(char *cmdline)
{
	const char *argv[INIT_ARGS + 1] = { INIT_DEFAULT };
	const char *const envp[] = { "HOME=/root", "PATH=/bin:/sbin:/usr/bin",
				     "TERM=linux", NULL };
	const char *path = INIT_DEFAULT;
	uint32_t argc = 1;
	bool is_for_init = false;
	char *word, *rest = cmdline;

	while ((word = strtok_r(rest, " ", &rest))) {
		if (is_for_init && argc < INIT_ARGS) {
			argv[argc++] = word;
		} else if (!strcmp(word, "--")) {
			is_for_init = true;
		} else if (!strncmp(word, "init=", 5)) {
			path = word + 5;
		}
	}
	argv[0] = path;
	argv[argc] = NULL;
	exec_init(path, argv, envp);
}

static bool has_word(const char *cmdline, const char *word)
{
	const char *at = strstr(cmdline, word);

	return at && (at == cmdline || at[-1] == ' ') &&
	       (!at[strlen(word)] || at[strlen(word)] == ' ');
}

void kernel_main(const struct early *e)
{
	static char cmdline[CMDLINE_MAX];

	platform = e->is_pv ? &platform_pv : &platform_native;
	memcpy(cmdline, e->cmdline, sizeof(cmdline));
	paging_is_pae = e->is_pae;
	platform->init(cmdline);
	log_is_quiet = has_word(cmdline, "quiet");
	memory_init(e);
	sched_init();
	console_init();
	block_init();
	random_init();
	root_init(e);
	run_init(cmdline);
}
