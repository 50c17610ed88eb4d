/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hypercall numbers of the lguest ABI. Safe to include from assembly.
 *
 * Convention: int $HC_VECTOR from ring 0 or 1, number in EAX, arguments in
 * EBX, ECX, EDX, ESI. No register is changed, EAX and the flags included.
 * A pointer is a guest-physical address unless its row says otherwise.
 * Rules: lguest ABI 2.
 */
#pragma once

#define HC_VECTOR 0x1f

#define HC_FLUSH_ASYNC	   0  /* run what waits in the ring */
#define HC_LGUEST_INIT	   1  /* address of struct lguest_data */
#define HC_SHUTDOWN	   2  /* text of HC_SHUTDOWN_TEXT bytes, reason */
#define HC_NEW_PGTABLE	   4  /* top-level table */
#define HC_FLUSH_TLB	   5  /* 0: this table's user half; else all */
#define HC_LOAD_IDT_ENTRY  6  /* vector, low dword, high dword */
#define HC_SET_STACK	   7  /* SS, ESP (virtual), pages */
#define HC_TS		   8  /* new virtual CR0.TS */
#define HC_SET_CLOCKEVENT  9  /* nanoseconds from now; 0 cancels */
#define HC_HALT		   10 /* sleep until an unblocked interrupt */
#define HC_SET_PMD	   13 /* PAE: page of middle entries, index */
#define HC_SET_PTE	   14 /* top table, virtual address, low, high */
#define HC_SET_PGD	   15 /* top table, index */
#define HC_LOAD_TLS	   16 /* three descriptors */
#define HC_NOTIFY	   17 /* of a queue, device or text; up to 3.19 */
#define HC_LOAD_GDT_ENTRY  18 /* index, low dword, high dword */
#define HC_SEND_INTERRUPTS 19 /* give an interrupt the chance to arrive */

/* Umbra's own: hv/abi/umbra.h. */
#define HC_UMBRA_QUERY 0x40
#define HC_NUMBERS     0x41

/* Second argument of HC_SHUTDOWN; anything else counts as power off. */
#define SHUTDOWN_POWEROFF 1
#define SHUTDOWN_RESTART  2

/* HC_SHUTDOWN reads exactly this much, whatever the text's length. */
#define HC_SHUTDOWN_TEXT 128

/* The ring inside struct lguest_data. */
#define HC_RING_SLOTS	64
#define HC_SLOT_FREE	0xff /* any other status byte means: pending */
#define HC_SLOT_PENDING 0x00
