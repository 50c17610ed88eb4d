/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 8259A pair, edge triggered, master on 0x20, slave cascaded on line 2.
 *
 * Rules: 8259A data sheet, "Initialization Command Words", "Operation
 * Command Words". A line that drops before it is acknowledged is delivered
 * as line 7 of its controller with no in-service bit: a spurious interrupt,
 * which must not be acknowledged at that controller.
 */
#include "arch/x86/pic.h"

#include "arch/x86/cpu.h"
#include "arch/x86/regs.h"

#define MASTER_CMD  0x20
#define MASTER_DATA 0x21
#define SLAVE_CMD   0xa0
#define SLAVE_DATA  0xa1

#define ICW1_INIT     0x11 /* with ICW4 */
#define ICW4_8086     0x01
#define OCW2_EOI      0x20
#define OCW3_READ_ISR 0x0b

#define CASCADE_LINE  2
#define SPURIOUS_LINE 7 /* of each controller */

static u16 mask = 0xffff;

static void write_mask(void)
{
	outb(MASTER_DATA, (u8)mask);
	outb(SLAVE_DATA, (u8)(mask >> 8));
}

void pic_init(void)
{
	outb(MASTER_CMD, ICW1_INIT);
	outb(SLAVE_CMD, ICW1_INIT);
	outb(MASTER_DATA, X86_VEC_IRQ);
	outb(SLAVE_DATA, X86_VEC_IRQ + 8);
	outb(MASTER_DATA, 1 << CASCADE_LINE);
	outb(SLAVE_DATA, CASCADE_LINE);
	outb(MASTER_DATA, ICW4_8086);
	outb(SLAVE_DATA, ICW4_8086);
	mask = (u16) ~(1u << CASCADE_LINE);
	write_mask();
}

void pic_unmask(u32 line)
{
	mask &= (u16) ~(1u << line);
	write_mask();
}

void pic_mask(u32 line)
{
	mask |= (u16)(1u << line);
	write_mask();
}

static bool is_in_service(u16 cmd_port, u32 line)
{
	outb(cmd_port, OCW3_READ_ISR);
	return inb(cmd_port) >> line & 1;
}

bool pic_acknowledge(u32 line)
{
	bool is_slave = line >= 8;

	if (line % 8 == SPURIOUS_LINE &&
	    !is_in_service(is_slave ? SLAVE_CMD : MASTER_CMD, SPURIOUS_LINE)) {
		/* The master did see the slave's request. */
		if (is_slave) {
			outb(MASTER_CMD, OCW2_EOI);
		}
		return false;
	}
	if (is_slave) {
		outb(SLAVE_CMD, OCW2_EOI);
	}
	outb(MASTER_CMD, OCW2_EOI);
	return true;
}
