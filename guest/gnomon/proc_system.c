// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /proc: what concerns the whole system.
 */
#include <malloc.h>
#include <string.h>

#include "guest/gnomon/block.h"
#include "guest/gnomon/clock.h"
#include "guest/gnomon/dev.h"
#include "guest/gnomon/file.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/proc.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/version.h"
#include "guest/lib/div.h"

#define NS_PER_TICK    10000000u
#define TICKS	       100u
#define KIB_PER_FRAME  (PAGE_SIZE / 1024)
#define CPUID_BRAND    0x80000002u
#define CPUID_EXTENDED 0x80000000u

uint32_t proc_ticks(uint64_t ns)
{
	return (uint32_t)div64(ns, NS_PER_TICK, NULL);
}

static void add_seconds(struct text *t, uint64_t ns, const char *end)
{
	uint32_t ticks = proc_ticks(ns);

	text_add(t, "%lu.%02lu%s", (unsigned long)ticks / TICKS,
		 (unsigned long)ticks % TICKS, end);
}

static void make_uptime(struct text *t, struct process *p)
{
	(void)p;
	add_seconds(t, platform->now(), " ");
	add_seconds(t, sched_idle_ns(), "\n");
}

static void add_kib(struct text *t, const char *name, uint32_t frames)
{
	text_add(t, "%-16s%8lu kB\n", name,
		 (unsigned long)frames * KIB_PER_FRAME);
}

/* Files are the only cache there is, and cannot be dropped: they are no
 * available memory. */
static void make_meminfo(struct text *t, struct process *p)
{
	(void)p;
	add_kib(t, "MemTotal:", frame_count_all());
	add_kib(t, "MemFree:", frame_count_free());
	add_kib(t, "MemAvailable:", frame_count_free());
	add_kib(t, "Buffers:", 0);
	add_kib(t, "Cached:", ramfs_frames());
	add_kib(t, "SwapCached:", 0);
	add_kib(t, "Active:", 0);
	add_kib(t, "Inactive:", 0);
	add_kib(t, "SwapTotal:", 0);
	add_kib(t, "SwapFree:", 0);
	add_kib(t, "Dirty:", 0);
	add_kib(t, "Writeback:", 0);
	add_kib(t, "AnonPages:", 0);
	add_kib(t, "Mapped:", 0);
	add_kib(t, "Shmem:", ramfs_frames());
	add_kib(t, "Slab:", 0);
}

/* Time that is not idle is a program's, for the kernel keeps no books. */
static void add_cpu(struct text *t, const char *name)
{
	uint32_t idle = proc_ticks(sched_idle_ns());

	text_add(t, "%s %lu 0 0 %lu 0 0 0 0 0 0\n", name,
		 (unsigned long)(proc_ticks(platform->now()) - idle),
		 (unsigned long)idle);
}

static void make_stat(struct text *t, struct process *p)
{
	uint64_t booted = platform->wall() - platform->now();

	(void)p;
	add_cpu(t, "cpu ");
	add_cpu(t, "cpu0");
	text_add(t, "intr 0\nctxt 0\n");
	text_number(t, "btime", (uint32_t)div64(booted, NS_PER_SEC, NULL));
	text_number(t, "processes", task_count());
	text_number(t, "procs_running", sched_ready_count());
	text_number(t, "procs_blocked", 0);
}

/* LIMIT: averages of the load are not kept. */
static void make_loadavg(struct text *t, struct process *p)
{
	(void)p;
	text_add(t, "0.00 0.00 0.00 %lu/%lu %ld\n",
		 (unsigned long)sched_ready_count(),
		 (unsigned long)task_count(), (long)current->tid);
}

void proc_add_mounts(struct text *t, struct process *p)
{
	static char path[PATH_MAX];
	const struct mount *m;

	(void)p;
	text_add(t, "ramfs / ramfs rw 0 0\n");
	for (m = mount_first(); m; m = m->next) {
		if (path_of(m->root, path, sizeof(path)) > 0) {
			text_add(t, "%s %s %s rw 0 0\n", m->type, path,
				 m->type);
		}
	}
}

static void make_filesystems(struct text *t, struct process *p)
{
	(void)p;
	text_add(t, "nodev\tproc\nnodev\ttmpfs\nnodev\tdevtmpfs\n"
		    "nodev\tramfs\n");
}

static void make_version(struct text *t, struct process *p)
{
	(void)p;
	text_add(t, "%s version %s (%s) %s\n", SYSTEM_NAME, SYSTEM_RELEASE,
		 platform->name, SYSTEM_VERSION);
}

/* --- cpuinfo --- */

static void cpuid(uint32_t leaf, uint32_t out[4])
{
	__asm__("cpuid"
		: "=a"(out[0]), "=b"(out[1]), "=c"(out[2]), "=d"(out[3])
		: "a"(leaf), "c"(0));
}

static void add_brand(struct text *t)
{
	uint32_t words[4];
	char brand[49] = "";

	cpuid(CPUID_EXTENDED, words);
	for (uint32_t k = 0; words[0] >= CPUID_BRAND + 2 && k < 3; k++) {
		uint32_t part[4];

		cpuid(CPUID_BRAND + k, part);
		memcpy(brand + k * sizeof(part), part, sizeof(part));
	}
	text_add(t, "model name\t: %s\n", brand[0] ? brand : "unknown");
}

/* Of the features in EDX of leaf 1, by bit; "" has no name. */
static const char *const features[32] = {
	"fpu",	"vme",	 "de",	 "pse",	    "tsc",  "msr", "pae",  "mce",
	"cx8",	"apic",	 "",	 "sep",	    "mtrr", "pge", "mca",  "cmov",
	"pat",	"pse36", "pn",	 "clflush", "",	    "dts", "acpi", "mmx",
	"fxsr", "sse",	 "sse2", "ss",	    "ht",   "tm",  "ia64", "pbe",
};

static void make_cpuinfo(struct text *t, struct process *p)
{
	uint32_t id[4], version[4];
	char vendor[13] = "";

	(void)p;
	cpuid(0, id);
	cpuid(1, version);
	memcpy(vendor, &id[1], 4);
	memcpy(vendor + 4, &id[3], 4);
	memcpy(vendor + 8, &id[2], 4);
	text_add(t, "processor\t: 0\nvendor_id\t: %s\n", vendor);
	text_add(t, "cpu family\t: %lu\nmodel\t\t: %lu\n",
		 (unsigned long)(version[0] >> 8 & 0xf),
		 (unsigned long)((version[0] >> 4 & 0xf) |
				 (version[0] >> 12 & 0xf0)));
	add_brand(t);
	text_add(t, "stepping\t: %lu\nflags\t\t:",
		 (unsigned long)(version[0] & 0xf));
	for (uint32_t bit = 0; bit < 32; bit++) {
		if ((version[3] >> bit & 1) && *features[bit]) {
			text_add(t, " %s", features[bit]);
		}
	}
	text_add(t, "\n\n");
}

/* What must be the same before and after something that leaks nothing. */
static void make_gnomon(struct text *t, struct process *p)
{
	uint32_t processes = 0;

	for (p = process_first(); p; p = p->next) {
		processes++;
	}
	text_number(t, "frames.all", frame_count_all());
	text_number(t, "frames.free", frame_count_free());
	text_number(t, "frames.files", ramfs_frames());
	text_number(t, "heap.used", (uint32_t)mallinfo().uordblks);
	text_number(t, "processes", processes);
	text_number(t, "tasks", task_count());
	text_number(t, "files", file_count());
	text_number(t, "inodes", inode_count());
	if (platform->exits) {
		text_number(t, "exits", platform->exits());
	}
}

static void make_partitions(struct text *t, struct process *p)
{
	(void)p;
	text_add(t, "major minor  #blocks  name\n\n");
	if (block_sectors()) {
		text_add(t, "%4lu %7lu %10lu vda\n",
			 (unsigned long)DEVICE_DISK >> 8,
			 (unsigned long)DEVICE_DISK & 0xff,
			 (unsigned long)(block_sectors() / 2));
	}
}

const struct proc_text proc_system[PROC_SYSTEM_TEXTS] = {
	{ "cpuinfo", make_cpuinfo }, { "filesystems", make_filesystems },
	{ "gnomon", make_gnomon },   { "loadavg", make_loadavg },
	{ "meminfo", make_meminfo }, { "mounts", proc_add_mounts },
	{ "stat", make_stat },	     { "uptime", make_uptime },
	{ "version", make_version }, { "partitions", make_partitions },
};
