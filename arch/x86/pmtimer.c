/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ACPI 6.5 4.8.3.3 "Power Management Timer": three times the frequency of
 * the PIT, 24 or 32 bits.
 *
 * Next: arch/x86/calibrate.c.
 */
#include "arch/x86/pmtimer.h"

#include "arch/x86/cpu.h"

#define PMTIMER_HZ 3579545u

/*
 * The counter of the PIIX4 is not latched: now and then some of its bits are
 * read in the middle of a carry (82371AB specification update, "ACPI Timer
 * Errata"). Two readings in a row are then far apart.
 */
#define TRIES	 3u
#define CLOSE_BY 64u

static u32 read_pmtimer(const struct clock_source *s)
{
	u32 last = inl((u16)s->where);
	u32 now = inl((u16)s->where);

	for (u32 i = 0; i < TRIES && ((now - last) & s->mask) > CLOSE_BY; i++) {
		last = now;
		now = inl((u16)s->where);
	}
	return now & s->mask;
}

struct clock_source pmtimer_source(u16 port, bool is_32bit)
{
	return (struct clock_source){
		.name = "PM timer",
		.read = read_pmtimer,
		.hz = PMTIMER_HZ,
		.mask = is_32bit ? 0xffffffff : 0x00ffffff,
		.where = port,
	};
}
