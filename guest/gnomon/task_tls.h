/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Thread areas: descriptors that a program may load into GS.
 */
#pragma once

#include <stdint.h>

struct task;

/*
 * Give @t the area that the struct linux_user_desc at user address @from
 * describes; number -1 asks for a free one, and learns which. 0 or -E*.
 */
int task_set_tls(struct task *t, uint32_t from);
