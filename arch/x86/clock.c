/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clock. It uses the time-stamp counter even when that cannot be trusted,
 * since nothing else is as cheap to read. Guests are then told not to use the
 * counter, so that their time does not differ from ours.
 *
 * Next: arch/x86/calibrate.c, arch/x86/timer.c.
 */
#include "arch/x86/clock.h"

#include "arch/x86/cpu.h"
#include "hv/lib/log.h"

#define NS_PER_MS 1000000u

/* Assumed when no source gave a rate. */
#define KHZ_GUESS 1000000u

static struct {
	u64 base; /* of the counter, at clock_init() */
	struct ratio to_ns;
	struct calibration rate;
	bool is_trusted;
	u64 wall; /* nanoseconds since 1970, at clock_init() */
} clock;

void clock_init(const struct clock_source *const *sources, u32 n,
		bool is_constant)
{
	struct calibration *c = &clock.rate;

	*c = calibrate_all(sources, n, rdtsc);
	clock.is_trusted = c->by[1] && is_constant;
	if (c->khz == 0) {
		log_warn("clock: nothing to go by: the TSC is taken for 1 GHz");
		c->khz = KHZ_GUESS;
	} else if (!c->by[1]) {
		log_warn("clock: only %s speaks for a TSC of %u kHz: guests "
			 "are not told",
			 c->by[0], c->khz);
	} else if (!is_constant) {
		log_warn("clock: the TSC's rate varies: guests are not told");
	}
	clock.to_ns = ratio_make(NS_PER_MS, c->khz);
	clock.base = rdtsc();
}

u32 clock_tsc_khz(void)
{
	return clock.is_trusted ? clock.rate.khz : 0;
}

const struct calibration *clock_calibration(void)
{
	return &clock.rate;
}

u64 clock_now_ns(void)
{
	return ratio_apply(clock.to_ns, rdtsc() - clock.base);
}

void clock_set_wall(u32 sec)
{
	clock.wall = sec * (u64)NS_PER_S - clock_now_ns();
}

void clock_wall(u32 *sec, u32 *nsec)
{
	u64 now = clock.wall + clock_now_ns();

	*sec = (u32)div_u64(now, NS_PER_S);
	*nsec = (u32)now - *sec * NS_PER_S;
}

static u32 read_reference(const struct clock_source *s)
{
	(void)s;
	return (u32)clock_now_ns();
}

const struct clock_source clock_reference = {
	.name = "TSC",
	.read = read_reference,
	.hz = NS_PER_S,
	.mask = 0xffffffff,
};
