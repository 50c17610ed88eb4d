// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The devices of a kernel up to 3.19: found on the page behind RAM, brought
 * up by its steps, served through rings that Umbra chose, one interrupt line
 * for each queue.
 */
#include "test/lib/oldbus.h"

#define ALL	(~0u)
#define VEC_IRQ 0x20u
#define IN	0
#define OUT	1
#define FAILED	0x80
#define SEG_MAX 0x004u
#define FLUSH	0x200u
#define SECTORS 200u
#define FREE	0xffu

static struct old_device dev;
static u8 bytes[4096] __attribute__((aligned(4096)));

/* --- interrupts --- */

static bool is_raised(u32 line)
{
	lg_write(LG_BLOCKED, ~(1u << line));
	hypercall(HC_SEND_INTERRUPTS, 0, 0, 0, 0);
	return lg_read(LG_IRQ_PENDING) != 0;
}

static void halt(void *arg)
{
	(void)arg;
	hypercall(HC_HALT, 0, 0, 0, 0);
}

/* The line was raised, once. */
static void take(u32 line)
{
	const struct vm_trap *trap;

	VM_CHECK(is_raised(line));
	vm_load_stub(VEC_IRQ + line, GATE_INTERRUPT, 0);
	trap = vm_try(halt, NULL);
	VM_CHECK(trap && trap->vector == VEC_IRQ + line);
	lg_write(LG_IRQ_ENABLED, 0);
	VM_CHECK(!is_raised(line));
}

/* --- devices --- */

static void print(const char *text)
{
	struct old_queue *q = &dev.queue[OUT];
	u32 len = ALL;

	oldq_fill(q, 9, text, strlen(text), 0, 0);
	oldq_offer(q, 9);
	VM_CHECK(oldq_done(q, &len) && len == 0);
	take(q->line);
}

static void console(void)
{
	struct old_queue *in;
	u32 len;

	oldbus_find(OLD_CONSOLE, &dev);
	in = &dev.queue[IN];
	VM_CHECK(dev.queues == 2 && dev.feature_len == 0);
	VM_CHECK(dev.queue[IN].line != dev.queue[OUT].line);
	oldbus_start(&dev, 0);
	print("old bus: by the queue\n");
	oldq_fill(in, 0, bytes, 1, VQ_WRITE, 0);
	oldq_offer(in, 0);
	while (!oldq_done(in, &len)) {
	}
	VM_CHECK(len == 1 && bytes[0] == 'x');
	take(in->line);
	/* No interrupt is wanted. */
	dev.queue[OUT].avail[0] = 1;
	oldq_fill(&dev.queue[OUT], 0, "\n", 1, 0, 0);
	oldq_offer(&dev.queue[OUT], 0);
	VM_CHECK(!is_raised(dev.queue[OUT].line));
}

static u32 read_sector(u32 sector, u32 type)
{
	static struct {
		u32 type, priority, sector, sector_hi;
	} header;
	static volatile u8 status;
	struct old_queue *q = &dev.queue[0];
	u32 len;

	header.type = type;
	header.sector = sector;
	status = 0xee;
	oldq_fill(q, 0, &header, 16, VQ_NEXT, 1);
	oldq_fill(q, 1, bytes, 512, VQ_NEXT | VQ_WRITE, 2);
	oldq_fill(q, 2, (const void *)(uintptr_t)&status, 1, VQ_WRITE, 0);
	oldq_offer(q, 0);
	VM_CHECK(oldq_done(q, &len));
	return status;
}

static void disk(void)
{
	const u32 offered = SEG_MAX | FLUSH;

	oldbus_find(OLD_BLOCK, &dev);
	VM_CHECK(dev.queues == 1 && dev.feature_len == 4);
	VM_CHECK(!memcmp((const void *)(uintptr_t)dev.features, &offered, 4));
	VM_CHECK(dev.config_len == 16 &&
		 *(volatile u32 *)dev.config == SECTORS);
	oldbus_start(&dev, FLUSH);
	VM_CHECK(read_sector(3, 0) == 0);
	for (u32 i = 0; i < 512; i++) {
		VM_CHECK(bytes[i] == (u8)((3 * 512 + i) * 31 + 7));
	}
	take(dev.queue[0].line);
	VM_CHECK(read_sector(SECTORS, 0) == 1);
	/* A SCSI command, as such kernels send to find out. */
	VM_CHECK(read_sector(0, 2) == 2);
	VM_CHECK(read_sector(0, 8) == 0);
	VM_CHECK(!memcmp(bytes, "umbra-disk-0", 13));
	oldbus_set_status(&dev, 0);
	VM_CHECK(*(volatile u32 *)dev.accepted == 0);
}

static void rng(void)
{
	u32 sum = 0;
	u32 len;

	oldbus_find(OLD_RNG, &dev);
	VM_CHECK(dev.queues == 1);
	oldbus_start(&dev, 0);
	oldq_fill(&dev.queue[0], 0, bytes, 64, VQ_WRITE, 0);
	oldq_offer(&dev.queue[0], 0);
	VM_CHECK(oldq_done(&dev.queue[0], &len) && len == 64);
	for (u32 i = 0; i < 64; i++) {
		sum += bytes[i];
	}
	VM_CHECK(sum != 0);
	take(dev.queue[0].line);
}

/* --- notifications --- */

/* The same call from the ring of deferred ones. */
static void notify_later(u32 pa)
{
	volatile u32 *slot = (volatile u32 *)&vm_lguest_data[LG_HCALLS];

	slot[0] = HC_NOTIFY;
	slot[1] = pa;
	vm_lguest_data[LG_HCALL_STATUS] = 0;
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
	VM_CHECK(vm_lguest_data[LG_HCALL_STATUS] == FREE);
}

/* What an address is decides what its notification means. */
static void notify(void)
{
	struct old_queue *out;
	u32 len;

	oldbus_find(OLD_CONSOLE, &dev);
	out = &dev.queue[OUT];
	/* A queue not in use is no text, whatever is in it. */
	memcpy((void *)out->pa, "not a text\n", 12);
	oldbus_notify(out->pa);
	oldbus_notify(vm_ram_size() + 256 * PAGE_SIZE);
	oldbus_notify(0xfffffff0);
	oldbus_notify(vm_ram_size() - 1);
	oldbus_start(&dev, 0);
	oldq_fill(out, 0, "old bus: kicked\n", 16, 0, 0);
	out->avail[2] = 0;
	out->avail[1] = 1;
	VM_CHECK(!oldq_done(out, &len));
	notify_later(out->pa);
	VM_CHECK(oldq_done(out, &len));
	/* The PCI bus of later kernels is not there. */
	outl(0xcf8, 0x80000800);
	VM_CHECK(inl(0xcf8) == ALL && inl(0xcfc) == ALL);
}

/* Both ways to end service: rings are clean, the next start works. */
static void status(void)
{
	static const u8 ends[] = { 0, FAILED | 7 };

	oldbus_find(OLD_CONSOLE, &dev);
	for (u32 i = 0; i < 2 * ARRAY_SIZE(ends); i++) {
		struct old_queue *out = &dev.queue[OUT];
		u32 len;

		oldbus_start(&dev, 0);
		print("old bus: again\n");
		oldbus_set_status(&dev, ends[i % 2]);
		VM_CHECK(out->avail[1] == 0 && out->used[1] == 0);
		VM_CHECK(out->desc[9].len == 0);
		out->seen = 0;
		oldq_fill(out, 0, "not a text\n", 11, 0, 0);
		oldq_offer(out, 0);
		VM_CHECK(!oldq_done(out, &len));
	}
	/* Started twice: once is enough. */
	oldbus_start(&dev, 0);
	oldbus_set_status(&dev, 3);
	print("old bus: still there\n");
}

void main(void)
{
	oldbus_init();
	vm_traps_init();
	oldbus_print("old bus: alive\n");
	if (vm_has_word("console")) {
		console();
	} else if (vm_has_word("disk")) {
		disk();
	} else if (vm_has_word("rng")) {
		rng();
	} else if (vm_has_word("notify")) {
		notify();
	} else if (vm_has_word("status")) {
		status();
	}
	vm_pass();
}
