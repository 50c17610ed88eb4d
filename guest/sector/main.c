// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest with page tables of its own, which shows the first sector of its
 * disk through a page that is mapped when it is touched. "pae" on its command
 * line chooses the format of the tables.
 */
#include <stdio.h>
#include <string.h>

#include "guest/lib/irq.h"
#include "guest/lib/paging.h"
#include "guest/lib/sdk.h"
#include "guest/lib/trap.h"
#include "guest/lib/virtio_block.h"

#define WINDOW	  0x70000000u /* no RAM is there */
#define SECOND_NS 1000000000u

static char sector[BLOCK_SECTOR] __attribute__((aligned(4096)));
static struct block_request request; /* in the image: the disk writes it */
static uint32_t disk_vector;
static volatile int patience = 60; /* seconds */

/* Everything comes here, with interrupts closed. */
void trap_dispatch(struct trap_frame *f)
{
	uint32_t at = lguest_data.cr2;

	if (f->vector == IRQ_VECTOR) {
		patience--;
	} else if (f->vector == disk_vector && vblock_interrupt()) {
		vblock_collect();
	} else if (f->vector == VECTOR_PAGE && at - WINDOW < sizeof(sector)) {
		paging_map(at & ~PAGING_OFFSET_MASK, sdk_pa(sector) | PTE_P);
	} else {
		printf("trap %u at 0x%08x\n", (unsigned)f->vector,
		       (unsigned)f->eip);
		power_off("that was not expected");
	}
}

/* For guests with a ring 3. */
void trap_work_run(struct trap_frame *f)
{
	(void)f;
	trap_work = 0;
}

static void read_sector(void)
{
	volatile bool *is_done = &request.is_done;

	if (vblock_start(&request, BLOCK_READ, 0, sdk_pa(sector),
			 sizeof(sector))) {
		power_off("the disk takes no request");
	}
	for (irq_close(); !*is_done && patience; irq_close()) {
		irq_set_timer(SECOND_NS);
		irq_wait();
	}
	if (!*is_done || request.has_failed) {
		power_off("the disk does not answer");
	}
}

void main(const char *cmdline)
{
	int line;

	trap_init();
	paging_is_pae = strstr(cmdline, "pae");
	line = paging_start() ? vblock_open() : -1;
	if (line < 0) {
		power_off("no disk, or no memory for tables");
	}
	disk_vector = IRQ_VECTOR + (uint32_t)line;
	irq_unmask(0);
	irq_unmask((uint32_t)line);
	read_sector();
	printf("sector 0: '%.64s'\n", (const char *)WINDOW);
	power_off(paging_is_pae ? "by PAE tables" : "by 2-level tables");
}
