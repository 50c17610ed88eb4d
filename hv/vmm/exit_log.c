/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events that are told as one.
 *
 * Next: hv/report/last_exits.c, which tells them.
 */
#include "hv/vmm/exit_log.h"

void exit_log_fold_io(struct exit_log *e)
{
	u32 last = e->next / sizeof(struct exit_record) + EXIT_LOG_SIZE - 1;
	struct exit_record *newest = &e->slot[last % EXIT_LOG_SIZE];

	newest->vector = EXIT_LOG_IO;
	newest->again = 0;
	for (u32 n = 1; n < EXIT_LOG_SIZE; n++) {
		struct exit_record *before =
			&e->slot[(last - n) % EXIT_LOG_SIZE];

		if (before->vector != EXIT_LOG_IO) {
			return;
		}
		if (before->eip == newest->eip) {
			before->again++;
			newest->vector = EXIT_LOG_NONE;
			e->next = (last % EXIT_LOG_SIZE) *
				  sizeof(struct exit_record);
			return;
		}
	}
}
