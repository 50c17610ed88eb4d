/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events that are told as one.
 *
 * Next: hv/report/events.c, which tells them.
 */
#include "hv/events.h"

void events_fold_io(struct events *e)
{
	u32 last = e->next / sizeof(struct event) + EVENTS - 1;
	struct event *newest = &e->slot[last % EVENTS];

	newest->vector = EVENT_IO;
	newest->again = 0;
	for (u32 n = 1; n < EVENTS; n++) {
		struct event *before = &e->slot[(last - n) % EVENTS];

		if (before->vector != EVENT_IO) {
			return;
		}
		if (before->eip == newest->eip) {
			before->again++;
			newest->vector = EVENT_NONE;
			e->next = (last % EVENTS) * sizeof(struct event);
			return;
		}
	}
}
