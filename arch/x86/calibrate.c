/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calibration against clocks that are not trusted.
 *
 * I1  Every loop has a bound that does not depend on what a clock says.
 * I2  A rate is one that several windows show. A clock that jumps, or an
 *     interruption that hides one of its wraps, makes a window differ.
 * I3  A rate is trusted when two clocks agree on it.
 *
 * Next: arch/x86/clock.c.
 */
#include "arch/x86/calibrate.h"

#include "arch/x86/muldiv.h"
#include "hv/lib/log.h"

/* One measurement: the windows that must agree, and their length. */
#define WINDOWS		 4u
#define WINDOWS_MAX	 12u /* measured until so many are found */
#define WINDOWS_PER_S	 400u
#define WINDOW_TOLERANCE 64u /* windows may differ by one part in so many */

/* Two clocks agree when they differ by less than one part in so many. */
#define TOLERANCE 512u

/*
 * Reading a clock takes from 20 ns to 4 us, so that these are at least 0.2 ms
 * (240 ticks of the slowest clock) and at least four windows.
 */
#define STILL_POLLS  10000u
#define WINDOW_POLLS 500000u
#define SPIN	     16u /* empty loops between two polls */

/* Read so many times, and keep the reading that took the shortest time. */
#define SAMPLE_TRIES 5u

/* How often measurements that contradict each other are repeated. */
#define ATTEMPTS 4u

/* The only fault that may not occur again on another attempt. */
static const char jumps[] = "jumps";

struct sample {
	u32 ticks; /* of the reference */
	u64 count; /* of the counter, at the same moment */
};

static struct sample take_sample(const struct clock_source *ref,
				 u64 (*count)(void))
{
	struct sample s = { 0, 0 };
	u64 best = ~0ull;

	for (u32 i = 0; i < SAMPLE_TRIES; i++) {
		u64 before = count();
		u32 ticks = ref->read(ref);
		u64 took = count() - before;

		if (took < best) {
			best = took;
			s.ticks = ticks;
			s.count = before + took / 2;
		}
	}
	return s;
}

static void spin(void)
{
	for (u32 i = 0; i < SPIN; i++) {
		__asm__ volatile("");
	}
}

/* Wait until @ref is @wanted ticks past @from. Returns NULL or a fault. */
static const char *wait_ticks(const struct clock_source *ref, u32 from,
			      u32 wanted)
{
	u32 still = 0, last = 0;

	for (u32 polls = 0; polls < WINDOW_POLLS; polls++) {
		u32 gone = (ref->read(ref) - from) & ref->mask;

		if (gone >= wanted) {
			return NULL;
		}
		still = gone == last ? still + 1 : 0;
		if (still >= STILL_POLLS) {
			return "stands still";
		}
		last = gone;
		spin();
	}
	return "is too slow";
}

/* Do @a and @b differ by no more than one part of @a in @parts? */
static bool are_close(u64 a, u64 b, u32 parts)
{
	return (a > b ? a - b : b - a) <= div_u64(a, parts);
}

/* @count in @ticks of @ref, as Hz; 0 when that is not plausible. */
static u64 rate_of(const struct clock_source *ref, u64 count, u64 ticks)
{
	u64 ns = div_u64((u32)ticks * (u64)NS_PER_S, ref->hz);

	/* What follows must not overflow. */
	if (HI32(ticks) || ns == 0 || HI32(ns) || HI32(count) >= 4) {
		return 0;
	}
	return div_u64(count * NS_PER_S, (u32)ns);
}

struct window {
	u64 count;
	u64 rate; /* in Hz; 0: none that is plausible */
	u32 ticks;
};

static const char *measure_window(const struct clock_source *ref,
				  u64 (*count)(void), struct sample *last,
				  struct window *w)
{
	const char *fault =
		wait_ticks(ref, last->ticks, ref->hz / WINDOWS_PER_S);
	struct sample now = take_sample(ref, count);

	w->ticks = (now.ticks - last->ticks) & ref->mask;
	w->count = now.count - last->count;
	w->rate = rate_of(ref, w->count, w->ticks);
	*last = now;
	return fault;
}

/*
 * The rate over all windows that agree with w[@latest], if those are enough.
 * As long as they follow each other, errors within them cancel out.
 */
static bool find_rate(const struct clock_source *ref, const struct window *w,
		      u32 latest, u64 *hz)
{
	u64 count = 0, ticks = 0;
	u32 n = 0;

	for (u32 i = 0; i <= latest; i++) {
		if (w[latest].rate &&
		    are_close(w[latest].rate, w[i].rate, WINDOW_TOLERANCE)) {
			count += w[i].count;
			ticks += w[i].ticks;
			n++;
		}
	}
	*hz = rate_of(ref, count, ticks);
	return n >= WINDOWS && *hz != 0;
}

const char *calibrate(const struct clock_source *ref, u64 (*count)(void),
		      u64 *hz)
{
	struct window w[WINDOWS_MAX];
	struct sample last = take_sample(ref, count);
	u64 counted = 0;

	for (u32 i = 0; i < WINDOWS_MAX; i++) {
		const char *fault = measure_window(ref, count, &last, &w[i]);

		if (fault) {
			return fault;
		}
		if (find_rate(ref, w, i, hz)) {
			return NULL;
		}
		counted |= w[i].count;
	}
	return counted ? jumps : "sees the counter standing still";
}

/* The rate by each source, in one attempt or over all of them. */
struct verdicts {
	const struct clock_source *const *sources;
	u32 n;
	u32 khz[CALIBRATE_SOURCES_MAX]; /* 0: nothing */
	const char *fault[CALIBRATE_SOURCES_MAX];
};

/* Another source than @i that agrees with it, or @n. */
static u32 find_second(const struct verdicts *v, u32 i)
{
	for (u32 j = 0; j < v->n; j++) {
		if (j != i && v->khz[j] &&
		    are_close(v->khz[i], v->khz[j], TOLERANCE)) {
			return j;
		}
	}
	return v->n;
}

/*
 * Measure by one source after the other until two agree. Returns the first
 * of those, or @n.
 */
static u32 attempt(struct verdicts *v, u64 (*count)(void))
{
	for (u32 i = 0; i < v->n; i++) {
		v->khz[i] = 0;
	}
	for (u32 i = 0; i < v->n; i++) {
		u64 hz;

		if (v->fault[i] && v->fault[i] != jumps) {
			continue; /* it failed before: not asked again */
		}
		v->fault[i] = calibrate(v->sources[i], count, &hz);
		if (v->fault[i]) {
			continue;
		}
		v->khz[i] = (u32)div_u64(hz + 500, 1000);
		if (v->khz[i] && find_second(v, i) < v->n) {
			return min_u32(i, find_second(v, i));
		}
	}
	return v->n;
}

/* Could two sources disagree only because one was interrupted? */
static bool is_worth_repeating(const struct verdicts *v)
{
	u32 alive = 0, jumping = 0;

	for (u32 i = 0; i < v->n; i++) {
		alive += !v->fault[i] || v->fault[i] == jumps;
		jumping += v->fault[i] == jumps;
	}
	return alive > 1 || jumping;
}

static void report(const struct verdicts *v, u32 khz)
{
	for (u32 i = 0; i < v->n; i++) {
		const char *name = v->sources[i]->name;

		if (v->fault[i]) {
			log_warn("clock: %s %s: not used", name, v->fault[i]);
		} else if (v->khz[i] == 0) {
			continue; /* not asked: two others agreed */
		} else if (are_close(v->khz[i], khz, TOLERANCE)) {
			log_debug("clock: %u kHz by %s", v->khz[i], name);
		} else {
			log_warn("clock: %u kHz by %s, which disagrees",
				 v->khz[i], name);
		}
	}
}

struct calibration calibrate_all(const struct clock_source *const *sources,
				 u32 n, u64 (*count)(void))
{
	struct verdicts v = { .sources = sources, .n = n };
	struct calibration c = { 0 };
	u32 best = n;

	for (u32 i = 0; i < ATTEMPTS && best == n; i++) {
		best = attempt(&v, count);
		if (!is_worth_repeating(&v)) {
			break;
		}
	}
	if (best < n) {
		c.by[1] = sources[find_second(&v, best)]->name;
	}
	for (u32 i = 0; i < n && best == n; i++) {
		best = v.khz[i] ? i : n;
	}
	if (best < n) {
		c.khz = v.khz[best];
		c.by[0] = sources[best]->name;
	}
	report(&v, c.khz);
	return c;
}
