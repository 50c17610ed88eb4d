// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What Linux does from its first hypercall to its first processes, in its
 * order and with its numbers, as recorded from Linux 3.11 (old) and 4.10
 * (new): descriptors, gates and address spaces, page tables filled silently,
 * probing of ports and buses, the early console, drivers, the timer, switches
 * of threads, fork, copy on write, a run of pages mapped around a fault; and
 * how kernels with high memory copy its pages.
 *
 * Real kernels cannot be part of the tests; their shape can.
 */
#include "test/lib/oldbus.h"
#include "test/lib/paging.h"
#include "test/lib/virtio.h"

#define RING_SLOTS 64u
#define SLOT_BYTES 20u
#define TASK_GATE  0x8500u

#define FIXMAP	0xffbfc000u
#define VMALLOC 0xcb222000u
#define TEXT	0x08049000u
#define STACK	0xbf834000u

/* Linux's flags: of a page table, of kernel pages, of registers. */
#define PTE_KERNEL (PTE_P | PTE_RW | PTE_A | PTE_D)
#define PTE_DEVICE (PTE_KERNEL | 0x010u)
#define PTE_TEXT   (PTE_P | PTE_US | PTE_A)

#define AROUND	16u /* pages that Linux maps around a fault in a file */
#define RNG	2u
#define TICK_NS 4000000u
#define IF	0x200u

static bool is_old;
static u32 next_slot;
static u32 init_root;

/* --- calls --- */

/* Lazy mode: into the ring, or at once when it is full. */
static void later(u32 number, u32 a1, u32 a2, u32 a3, u32 a4)
{
	u32 slot = LG_HCALLS + next_slot * SLOT_BYTES;
	volatile u8 *status = &vm_lguest_data[LG_HCALL_STATUS + next_slot];

	if (*status != 0xff) {
		hypercall(number, a1, a2, a3, a4);
		return;
	}
	lg_write(slot, number);
	lg_write(slot + 4, a1);
	lg_write(slot + 8, a2);
	lg_write(slot + 12, a3);
	lg_write(slot + 16, a4);
	*status = 0;
	next_slot = (next_slot + 1) % RING_SLOTS;
}

static void leave_lazy(void)
{
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
	VM_CHECK(vm_lguest_data[LG_HCALL_STATUS] == 0xff);
}

static void set_later(u32 root, u32 va, u64 pte)
{
	pg_write(root, va, pte);
	later(HC_SET_PTE, root, va, (u32)pte, (u32)(pte >> 32));
}

/* --- the processor --- */

/* Entries 0 to 31, most of them empty, some of them not the guest's. */
static void load_gdt(void)
{
	static const struct {
		u32 index, lo, hi;
	} used[] = {
		{ 12, 0xffff, 0xcf9a00 }, { 13, 0xffff, 0xcf9200 },
		{ 14, 0xffff, 0xcffa00 }, { 15, 0xffff, 0xcff200 },
		{ 18, 0xffff, 0x409a00 }, { 19, 0xffff, 0x9a00 },
		{ 20, 0xffff, 0x9200 },	  { 21, 0, 0x9200 },
		{ 22, 0, 0x9200 },	  { 23, 0xffff, 0x409a00 },
		{ 24, 0xffff, 0x9a00 },	  { 25, 0xffff, 0x409200 },
		{ 26, 0xffff, 0xcf9200 }, { 27, 0xffff, 0xcf9200 },
	};
	u32 n = 0;

	for (u32 i = 0; i < 32; i++) {
		bool is_used = n < ARRAY_SIZE(used) && used[n].index == i;

		hypercall(HC_LOAD_GDT_ENTRY, i, is_used ? used[n].lo : 0,
			  is_used ? used[n].hi : 0, 0);
		n += is_used;
	}
}

/* Three gates early, then all 256, then the real ones. */
static void load_gates(void)
{
	vm_load_stub(TRAP_DB, GATE_INTERRUPT, 0);
	vm_load_stub(TRAP_BP, GATE_TRAP, 3);
	vm_load_stub(TRAP_PF, GATE_INTERRUPT, 0);
	for (u32 v = 0; v < VECTORS; v++) {
		if (v != TRAP_PF && v != TRAP_BP && v != TRAP_DB) {
			hypercall(HC_LOAD_IDT_ENTRY, v, 0, 0, 0);
		}
	}
	vm_traps_init();
	hypercall(HC_LOAD_IDT_ENTRY, 8, 0xf80000, TASK_GATE, 0);
	for (u32 v = IRQ_VECTOR; v < VECTORS; v++) {
		if (v != 0x80) {
			vm_load_stub(v, GATE_INTERRUPT, 0);
		}
	}
}

static void load_cpu(void)
{
	load_gdt();
	/* Its task states, which are none of its business. */
	hypercall(HC_LOAD_GDT_ENTRY, 16, 0x7be0206b, 0xc1008920, 0);
	hypercall(HC_LOAD_GDT_ENTRY, 31, 0, 0, 0);
	hypercall(HC_SET_STACK, 0x69, pg_trap_stack_top(), 2, 0);
	hypercall(HC_TS, 0, 0, 0, 0);
}

/* --- page tables, before the first process --- */

/* A kernel table, in the space that others are copied from as well. */
static void add_kernel_table(u32 va)
{
	u32 pattern = pg_pattern();

	pg_table_of(pattern, va);
	pg_set_directory(init_root, va,
			 pg_read_at(pg_directory_entry_at(pattern, va)));
}

/* Directory entries one by one, each announced, with flushes between. */
static void fill_kernel_directory(void)
{
	u32 step = pg_is_pae ? 2u << 20 : 4u << 20;

	for (u32 i = 0; i < 36; i++) {
		add_kernel_table(0xc1800000u + i * step);
		if (i % 12 == 0) {
			pg_flush(true);
		}
	}
	add_kernel_table(VMALLOC);
	add_kernel_table(FIXMAP);
	pg_enter(init_root);
	pg_flush(true);
	pg_flush(true);
}

/* A temporary mapping is made, announced twice as nothing, and gone. */
static void use_fixmap(void)
{
	u32 page = pg_signed(0xf1);
	u32 value;

	pg_set(init_root, FIXMAP, page | PTE_KERNEL);
	pg_check_sign(FIXMAP, 0xf1);
	pg_set(init_root, FIXMAP, 0);
	hypercall(HC_SET_PTE, init_root, FIXMAP, 0, 0);
	VM_CHECK(vm_try_read(FIXMAP, &value)->vector == TRAP_PF);
}

/* Does the processor honour read-only pages in the kernel's ring? */
static void test_write_protection(void)
{
	const struct vm_trap *trap;

	pg_set(init_root, FIXMAP, pg_alloc() | PTE_P | PTE_A);
	trap = vm_try_write(FIXMAP, 1);
	pg_check_fault(trap, FIXMAP, PF_PRESENT | PF_WRITE);
	pg_set(init_root, FIXMAP, 0);
}

/*
 * Until the first process runs Linux changes kernel entries and tells nobody
 * but by a flush of everything.
 */
static void edit_silently(void)
{
	u32 first = pg_signed(0x51), second = pg_signed(0x52);

	pg_write(init_root, VMALLOC, first | PTE_KERNEL);
	pg_check_sign(VMALLOC, 0x51);
	pg_write(init_root, VMALLOC, second | PTE_KERNEL);
	pg_flush(true);
	pg_check_sign(VMALLOC, 0x52);
}

/* --- ports, buses, drivers --- */

/* Each pair is a port and what is written there after it was read. */
static void probe_ports(void)
{
	static const u16 uarts[] = { 0x3f9, 0x2f9, 0x3e9, 0x2e9 };

	VM_CHECK(inb(0x61) == 0xff);
	outb(0x61, 0xfd);
	outb(0x43, 0xb0);
	outb(0x42, 0xff);
	outb(0x42, 0xff);
	for (u32 i = 0; i < 4; i++) {
		VM_CHECK(inb(0x42) == 0);
	}
	for (u32 i = 0; i < ARRAY_SIZE(uarts); i++) {
		VM_CHECK(inb(uarts[i]) == 0xff);
		outb(uarts[i], 0);
		outb(0x80, 0xff);
		VM_CHECK(inb(uarts[i]) == 0xff);
		outb(uarts[i], 0x0f);
		outb(0x80, 0);
		VM_CHECK(inb(uarts[i]) == 0xff);
	}
}

/* Class and vendor of every slot, as the early scan reads them. */
static void scan_bus(void)
{
	u32 found = 0;

	outl(0xcf8, 0x80000000);
	VM_CHECK(inl(0xcf8) == (is_old ? ~0u : 0x80000000));
	for (u32 slot = 0; slot < 32; slot++) {
		outl(0xcf8, 0x80000000 | slot << 11 | 8);
		found += inw(0xcfe) != 0xffff;
	}
	VM_CHECK(found == (is_old ? 0u : 4u));
}

/* One character: BAR, length and offset of the window, then the byte. */
static void early_char(u32 c)
{
	outl(0xcf8, 0x80000888);
	outb(0xcfc, 0);
	outl(0xcf8, 0x80000890);
	outl(0xcfc, 4);
	outl(0xcf8, 0x8000088c);
	outl(0xcfc, 68);
	outl(0xcf8, 0x80000894);
	outl(0xcfc, c);
}

static void early_console(const char *text)
{
	if (is_old) {
		oldbus_print(text);
		return;
	}
	while (*text) {
		early_char((u8)*text++);
	}
}

/* Pages beyond RAM, one to one, so that the drivers of test/lib find them. */
static void map_devices(void)
{
	u32 base = vm_ram_size() + (is_old ? 0 : 0x100000);
	u32 flags = is_old ? PTE_KERNEL : PTE_DEVICE;

	for (u32 i = 0; i < (is_old ? 64u : 4u); i++) {
		u32 page = base + i * PAGE_SIZE;

		pg_set(init_root, page, page | flags);
	}
}

static void use_rng(void)
{
	static struct vq queue;
	static struct old_device dev;
	static volatile u8 bytes[64];
	u32 sum = 0, len;

	map_devices();
	if (is_old) {
		oldbus_find(OLD_RNG, &dev);
		oldbus_start(&dev, 0);
		oldq_fill(&dev.queue[0], 0, (void *)(uintptr_t)bytes,
			  sizeof(bytes), VQ_WRITE, 0);
		oldq_offer(&dev.queue[0], 0);
		VM_CHECK(oldq_done(&dev.queue[0], &len));
	} else {
		virtio_begin(RNG);
		virtio_queue(RNG, 0, &queue);
		virtio_go(RNG);
		vq_fill(&queue, 0, (void *)(uintptr_t)bytes, sizeof(bytes),
			VQ_WRITE, 0);
		vq_offer(RNG, 0, &queue, 0);
		len = vq_wait(&queue);
		VM_CHECK(*((volatile u8 *)virtio_registers(RNG) + VR_ISR) == 1);
	}
	for (u32 i = 0; i < sizeof(bytes); i++) {
		sum += bytes[i];
	}
	VM_CHECK(len == sizeof(bytes) && sum != 0);
}

/* --- time and threads --- */

static void halt(void *arg)
{
	(void)arg;
	hypercall(HC_HALT, 0, 0, 0, 0);
}

static void tick(void)
{
	const struct vm_trap *trap;

	lg_write(LG_BLOCKED, 0);
	hypercall(HC_SET_CLOCKEVENT, TICK_NS, 0, 0, 0);
	hypercall(HC_SET_CLOCKEVENT, TICK_NS, 0, 0, 0);
	trap = vm_try(halt, NULL);
	VM_CHECK(trap && trap->vector == IRQ_VECTOR);
	VM_CHECK(lg_read(LG_IRQ_PENDING) == 0);
	lg_write(LG_BLOCKED, 1);
	/* What enables interrupts asks for those that wait. */
	lg_write(LG_IRQ_ENABLED, IF);
	hypercall(HC_SEND_INTERRUPTS, 0, 0, 0, 0);
	lg_write(LG_IRQ_ENABLED, 0);
}

/* The other thread's stack, address space and thread-local segments. */
static void switch_to(u32 root)
{
	static u32 tls[6];

	if (root) {
		later(HC_NEW_PGTABLE, root, 0, 0, 0);
	}
	if (is_old) {
		later(HC_SET_STACK, 0x69, pg_trap_stack_top(), 2, 0);
	}
	later(HC_LOAD_TLS, (u32)tls, 0, 0, 0);
	leave_lazy();
	if (!is_old) {
		hypercall(HC_SET_STACK, 0x69, pg_trap_stack_top(), 2, 0);
	}
}

/* --- processes --- */

/* A directory, the stack's top page, its move further down, a flush. */
static u32 exec(void)
{
	u32 root = pg_new_space();
	u32 page = pg_signed(0xe0);

	pg_table_of(root, STACK);
	pg_announce_directory(root, STACK);
	pg_set(root, 0xbffff000u, page | PTE_ALL);
	pg_enter(root);
	set_later(root, 0xbffff000u, 0);
	set_later(root, STACK, page | PTE_ALL);
	leave_lazy();
	pg_flush(false);
	pg_check_sign(STACK, 0xe0);
	return root;
}

/* A fault in the program's text maps what lies around it, page by page. */
static void map_around(u32 root)
{
	pg_check_fault(pg_access(TEXT, PG_READ, 3), TEXT, PF_USER);
	pg_table_of(root, TEXT);
	pg_announce_directory(root, TEXT);
	for (u32 i = 0; i < AROUND; i++) {
		pg_set(root, TEXT + i * PAGE_SIZE,
		       pg_signed(0x70 + i) | PTE_TEXT);
	}
	for (u32 i = 0; i < AROUND; i++) {
		VM_CHECK(pg_access(TEXT + i * PAGE_SIZE, PG_READ, 3) == NULL);
		VM_CHECK(pg_access_value == 0x70 + i);
	}
}

/* Parent and child get the same pages, read-only, by one batch. */
static u32 fork(u32 parent)
{
	u32 child = pg_new_space();

	pg_table_of(child, STACK);
	pg_announce_directory(child, STACK);
	for (u32 i = 0; i < 4; i++) {
		u32 va = STACK + i * PAGE_SIZE;
		u64 shared = pg_read(parent, va) & ~(u64)PTE_RW;

		set_later(parent, va, shared);
		set_later(child, va, shared & ~(u64)(PTE_A));
	}
	leave_lazy();
	pg_flush(false);
	return child;
}

/* Gone, in the first space's name and in the current one's. */
static void kunmap(u32 va)
{
	pg_write(pg_current(), va, 0);
	hypercall(HC_SET_PTE, init_root, va, 0, 0);
	hypercall(HC_SET_PTE, pg_current(), va, 0, 0);
}

/*
 * With high memory a page is copied by two mappings, always the same ones,
 * each made silently and told of by a flush of everything.
 */
static void copy_high_page(u32 sign)
{
	u32 from = pg_signed(sign), to = pg_alloc(), value;

	pg_write(pg_current(), FIXMAP, from | PTE_KERNEL);
	pg_flush(true);
	pg_write(pg_current(), FIXMAP - PAGE_SIZE, to | PTE_KERNEL);
	pg_flush(true);
	*(volatile u32 *)(FIXMAP - PAGE_SIZE) = *(volatile u32 *)FIXMAP;
	kunmap(FIXMAP - PAGE_SIZE);
	kunmap(FIXMAP);
	VM_CHECK(*(volatile u32 *)PG_VA(to) == sign);
	VM_CHECK(vm_try_read(FIXMAP, &value)->vector == TRAP_PF);
	VM_CHECK(vm_try_read(FIXMAP - PAGE_SIZE, &value)->vector == TRAP_PF);
}

/* The old entry goes, twice announced, before the copy's comes. */
static void copy_on_write(u32 root, u32 sign)
{
	u32 page = pg_signed(sign);

	pg_check_fault(pg_access(STACK, PG_WRITE, 3), STACK,
		       PF_USER | PF_WRITE | PF_PRESENT);
	pg_set(root, STACK, 0);
	hypercall(HC_SET_PTE, root, STACK, 0, 0);
	pg_set(root, STACK, page | PTE_ALL);
	VM_CHECK(pg_access(STACK, PG_READ, 3) == NULL);
	VM_CHECK(pg_access_value == sign);
}

static void run_processes(void)
{
	u32 parent = exec(), child;

	map_around(parent);
	for (u32 i = 1; i < 4; i++) {
		pg_set(parent, STACK + i * PAGE_SIZE, pg_alloc() | PTE_ALL);
	}
	child = fork(parent);
	copy_on_write(parent, 0xc0);
	switch_to(child);
	pg_check_sign(STACK, 0xe0);
	copy_on_write(child, 0xc1);
	switch_to(parent);
	pg_check_sign(STACK, 0xc0);
	/* What kernel threads map is everybody's. */
	pg_set(parent, VMALLOC, pg_signed(0x53) | PTE_KERNEL);
	switch_to(child);
	pg_check_sign(VMALLOC, 0x53);
	pg_check_sign(STACK, 0xc1);
	copy_high_page(0x91);
	switch_to(parent);
	copy_high_page(0x92);
}

void main(void)
{
	is_old = vm_is_case("old");
	if (is_old) {
		oldbus_init();
	} else {
		vm_init();
	}
	load_gdt();
	load_gates();
	pg_init();
	init_root = pg_current();
	fill_kernel_directory();
	scan_bus();
	use_fixmap();
	load_cpu();
	test_write_protection();
	edit_silently();
	early_console("console: replayed\n");
	probe_ports();
	tick();
	switch_to(0);
	use_rng();
	run_processes();
	vm_pass();
}
