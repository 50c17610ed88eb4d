/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operations of futex() on Linux.
 */
#pragma once

#define FUTEX_WAIT	  0u
#define FUTEX_WAKE	  1u
#define FUTEX_REQUEUE	  3u
#define FUTEX_CMP_REQUEUE 4u
#define FUTEX_WAIT_BITSET 9u

#define FUTEX_CMD	     0x7fu /* without FUTEX_PRIVATE_FLAG */
#define FUTEX_CLOCK_REALTIME 0x100u
