// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Initialisation, in order, up to the first program.
 */
#include <string.h>

#include "guest/gnomon/arch/early.h"
#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/dev/dev.h"
#include "guest/gnomon/dev/disk.h"
#include "guest/gnomon/dev/random.h"
#include "guest/gnomon/dev/tty.h"
#include "guest/gnomon/fs/cpio.h"
#include "guest/gnomon/fs/path.h"
#include "guest/gnomon/fs/ramfs.h"
#include "guest/gnomon/lib/log.h"
#include "guest/gnomon/mm/frame.h"
#include "guest/gnomon/mm/mmu.h"
#include "guest/gnomon/process/process.h"
#include "guest/gnomon/procfs/proc.h"
#include "guest/gnomon/task/sched.h"
#include "guest/lib/cmdline.h"

#define INIT_ARGS 16

static const char *init_argv[INIT_ARGS + 1] = { "/init" };

void kernel_main(struct early *e);
extern const uint8_t syscall_entry[];

/*
 * Words of the command line: init=PATH; what follows "--" are the
 * arguments of init.
 */
static void parse_cmdline(char *cmdline)
{
	bool is_for_init = false;
	uint32_t argc = 1;
	char *word;

	while ((word = cmdline_word(&cmdline))) {
		if (is_for_init && argc < INIT_ARGS) {
			init_argv[argc++] = word;
		} else if (!strcmp(word, "--")) {
			is_for_init = true;
		} else if (!strncmp(word, "init=", 5)) {
			init_argv[0] = word + 5;
		}
	}
}

static uint32_t initrd_end(const struct early *e)
{
	return page_up(e->initrd + e->initrd_size);
}

static void memory_init(const struct early *e)
{
	frame_init(e);
	frame_add(e->free > initrd_end(e) ? e->free : initrd_end(e),
		  e->ram_end);
	frame_add(e->free, e->initrd);
	mmu_init(e);
	log_info("%s, %s page tables, %u KiB of memory free", platform->name,
		 e->is_pae ? "PAE" : "2-level",
		 (unsigned)frame_count_free() * (PAGE_SIZE / 1024));
}

/* The initrd's own memory is free once it is unpacked. */
static void root_init(const struct early *e)
{
	const char *why;

	root_inode = ramfs_new(0755);
	if (!e->initrd_size) {
		panic("no initrd: nothing to run");
	}
	why = cpio_unpack(frame_at(e->initrd), e->initrd_size);
	if (why) {
		panic("initrd: %s", why);
	}
	frame_add(e->initrd, initrd_end(e));
	dev_init();
	proc_init();
}

void kernel_main(struct early *e)
{
	const char *const envp[] = { "HOME=/root", "PATH=/bin:/sbin:/usr/bin",
				     "TERM=linux", NULL };

	platform = e->is_pv ? &platform_pv : &platform_native;
	log_init(platform->write, platform->crash);
	paging_is_pae = e->is_pae;
	paging_has_nx = e->has_nx;
	platform_init(e->cmdline, syscall_entry);
	parse_cmdline(e->cmdline);
	memory_init(e);
	sched_init();
	tty_init();
	block_init();
	random_init();
	root_init(e);
	exec_init(init_argv[0], init_argv, envp);
}
