// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest starts, introduces itself and powers off.
 *
 * The shortest path through everything. When this fails, look at nothing
 * else first.
 */
#include "test/lib/vm.h"

void main(void)
{
	vm_init();
	vm_pass();
}
