/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Restarting the machine.
 */
#pragma once

/* By the keyboard controller, else by a triple fault. Does not return. */
void reset_machine(void) __attribute__((noreturn));
