// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Disks: their sizes, bytes, writes that stay, and bounds; one that is
 * read-only refuses writes and says beforehand that it will; a request for
 * more than is moved at once is served while the guest runs on, also when
 * the guest does nothing but look; and where Umbra has no timer, at once.
 *
 * The disks have byte i * 31 + 7 at offset i.
 */
#include "test/lib/virtio.h"

#define SLOT	  3
#define SLOT_RO	  4
#define F_RO	  0x20u
#define RO_SIZE	  2621440u
#define BUFFER	  0x1000000u
#define LOOKS_MAX 10000000u
#define SECTORS	  200
#define BYTES	  (SECTORS * 512)
#define T_IN	  0
#define T_OUT	  1

static struct vq q;
static u8 bytes[BYTES] __attribute__((aligned(4096)));
static struct {
	u32 type, priority;
	u64 sector;
} header;
static u8 status;

static u32 slot = SLOT;

static void start(u32 type, u32 sector, void *at, u32 len)
{
	header.type = type;
	header.sector = sector;
	status = 0xee;
	vq_fill(&q, 0, &header, 16, VQ_NEXT, 1);
	vq_fill(&q, 1, at, len, VQ_NEXT | (type == T_IN ? VQ_WRITE : 0), 2);
	vq_fill(&q, 2, &status, 1, VQ_WRITE, 0);
	vq_offer(slot, 0, &q, 0);
}

static u32 request(u32 type, u32 sector, void *at, u32 len)
{
	start(type, sector, at, len);
	vq_wait(&q);
	return *(volatile u8 *)&status;
}

static bool is_said_read_only(void)
{
	volatile u32 *r = virtio_registers(slot);

	r[0] = 0;
	return r[1] & F_RO;
}

static void bring_up(u32 new_slot, u32 sectors)
{
	volatile u32 *capacity;

	slot = new_slot;
	virtio_begin(slot);
	capacity = (volatile u32 *)((u32)virtio_registers(slot) + VR_CONFIG);
	VM_CHECK(capacity[0] == sectors && capacity[1] == 0);
	virtio_queue(slot, 0, &q);
	virtio_go(slot);
}

static void read_only(void)
{
	bring_up(SLOT, SECTORS);
	VM_CHECK(!is_said_read_only());
	bring_up(SLOT_RO, RO_SIZE / 512);
	VM_CHECK(is_said_read_only());
	VM_CHECK(request(T_OUT, 0, bytes, 512) == 1);
	VM_CHECK(request(T_OUT, 1, bytes, BYTES) == 1);
	VM_CHECK(request(T_OUT, RO_SIZE / 512, bytes, 512) == 1);
	VM_CHECK(request(T_IN, 0, bytes, BYTES) == 0);
	for (u32 i = 0; i < BYTES; i++) {
		VM_CHECK(bytes[i] == (u8)(i * 31 + 7));
	}
}

static void parts(void)
{
	const u8 *got = (const u8 *)BUFFER;
	u32 looks = 0;
	u32 len;

	bring_up(SLOT_RO, RO_SIZE / 512);
	start(T_IN, 0, (void *)BUFFER, RO_SIZE);
	/* Not at once, and not never: looking is no exit. */
	while (!vq_done(&q, &len)) {
		VM_CHECK(++looks < LOOKS_MAX);
	}
	/* Without a timer Umbra would not get to it again. */
	VM_CHECK((looks == 0) == vm_has_word("no-timer"));
	VM_CHECK(len == RO_SIZE + 1 && *(volatile u8 *)&status == 0);
	for (u32 i = 0; i < RO_SIZE; i++) {
		VM_CHECK(got[i] == (u8)(i * 31 + 7));
	}
}

static void contents(void)
{
	u32 i;

	bring_up(SLOT, SECTORS);
	VM_CHECK(request(T_IN, 0, bytes, BYTES) == 0);
	for (i = 0; i < BYTES; i++) {
		VM_CHECK(bytes[i] == (u8)(i * 31 + 7));
	}
	for (i = 0; i < BYTES; i++) {
		bytes[i] = (u8)(i * 17 + i / 512);
	}
	VM_CHECK(request(T_OUT, 8, bytes + 8 * 512, 100 * 512) == 0);
	VM_CHECK(request(T_OUT, SECTORS, bytes, 512) == 1);
	VM_CHECK(request(T_OUT, SECTORS - 1, bytes, 1024) == 1);
	VM_CHECK(request(9, 0, bytes, 512) == 2);
	memset(bytes, 0, BYTES);
	VM_CHECK(request(T_IN, 0, bytes, BYTES) == 0);
	for (i = 0; i < BYTES; i++) {
		bool is_new = i / 512 >= 8 && i / 512 < 108;

		/* The last sector's first half of the refused write. */
		if (i / 512 == SECTORS - 1) {
			continue;
		}
		VM_CHECK(bytes[i] ==
			 (u8)(is_new ? i * 17 + i / 512 : i * 31 + 7));
	}
}

void main(void)
{
	vm_init();
	read_only();
	if (vm_has_word("parts")) {
		parts();
	} else {
		contents();
	}
	vm_pass();
}
