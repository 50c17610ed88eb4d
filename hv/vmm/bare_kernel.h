/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernels for a bare PC, told by the first thing they do that no guest does.
 */
#pragma once

#include "hv/vmm/vcpu.h"

/* Longest name of an instruction, with its end. */
#define BARE_KERNEL_NAME 24

/*
 * Name the instruction at @bytes, @n of them, if it is one by which a kernel
 * sets up a bare PC. False: it is not.
 */
bool bare_kernel_name(const u8 *bytes, size_t n, char name[BARE_KERNEL_NAME]);

/*
 * The guest trapped with no gate. If it has not made its first hypercall and
 * was setting up a PC, end it with that reason; else return false.
 */
bool bare_kernel_kill(struct vcpu *v);

/* The guest did @what before its first hypercall, and ends by that. */
void bare_kernel_kill_for(struct vcpu *v, const char *what);

/* A port was written to. The same for one that only a PC's kernel needs. */
void bare_kernel_port(struct vcpu *v, u16 port);
