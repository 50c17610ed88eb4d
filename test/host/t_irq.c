/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arch/x86/irq.c over simulated controllers: who is called, what is
 * acknowledged and when, and what becomes of interrupts that nobody owns.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "arch/x86/ioapic.h"
#include "arch/x86/irq.h"
#include "arch/x86/lapic.h"
#include "arch/x86/pic.h"
#include "arch/x86/regs.h"
#include "arch/x86/timer.h"
#include "hv/lib/log.h"

/* What happened, in order, as words. */
static char events[65536];
static bool is_pic_spurious;
static bool has_ioapic, has_lapic;
static u32 apic_id;
static u32 in_service; /* a vector, or 0 */

static void note(const char *fmt, ...)
{
	size_t len = strlen(events);
	va_list args;

	va_start(args, fmt);
	vsnprintf(events + len, sizeof(events) - len, fmt, args);
	va_end(args);
}

void log_line(enum log_level level, const char *fmt, ...)
{
	(void)level;
	(void)fmt;
	note("log ");
}

void pic_init(void)
{
	note("pic ");
}

void pic_mask(u32 line)
{
	note("pic-%u ", line);
}

void pic_unmask(u32 line)
{
	note("pic+%u ", line);
}

bool pic_acknowledge(u32 line)
{
	note("ack%u ", line);
	return !is_pic_spurious;
}

bool ioapic_is_used(void)
{
	return has_ioapic;
}

bool ioapic_route(u32 input, u32 vector, u32 id, bool is_low, bool is_level)
{
	note("io+%u:%x:%u%s%s ", input, vector, id, is_low ? "L" : "",
	     is_level ? "T" : "");
	return input != 99;
}

void ioapic_mask(u32 input)
{
	note("io-%u ", input);
}

bool lapic_is_used(void)
{
	return has_lapic;
}

u32 lapic_id(void)
{
	return apic_id;
}

void lapic_disconnect_pic(void)
{
	note("cut ");
}

void lapic_acknowledge(void)
{
	note("eoi ");
}

bool lapic_is_in_service(u32 vector)
{
	return vector == in_service;
}

void timer_interrupt(void)
{
	note("timer ");
}

static void handler(void *ctx)
{
	note("serve%u ", *(const u32 *)ctx);
}

static u32 numbers[IRQ_LINES];

static void register_line(u32 line)
{
	numbers[line] = line;
	irq_register(line, handler, &numbers[line]);
}

static void expect(const char *wanted)
{
	assert_string_equal(events, wanted);
	events[0] = '\0';
}

static void handle_line(u32 line, const char *wanted)
{
	irq_handle(X86_VEC_IRQ + line);
	expect(wanted);
}

/* The first tests use the PIC; after test_switch() there is no way back. */
static void test_pic(void **state)
{
	(void)state;
	irq_init();
	register_line(4);
	expect("pic pic+4 ");
	handle_line(4, "ack4 serve4 ");
	is_pic_spurious = true;
	handle_line(4, "ack4 ");
	is_pic_spurious = false;
	assert_int_equal(irq_spurious_count(), 1);
}

/* However often it comes: masked each time, reported once. */
static void test_storm(void **state)
{
	u32 before = irq_spurious_count();

	(void)state;
	handle_line(7, "ack7 pic-7 log ");
	for (u32 i = 0; i < 1000; i++) {
		handle_line(7, "ack7 pic-7 ");
	}
	handle_line(9, "ack9 pic-9 log ");
	handle_line(4, "ack4 serve4 ");
	assert_int_equal(irq_spurious_count(), before + 1002);
}

static void test_vectors(void **state)
{
	u32 before = irq_spurious_count();

	(void)state;
	has_lapic = true;
	irq_handle(X86_VEC_TIMER);
	expect("eoi timer ");
	irq_handle(X86_VEC_SPURIOUS);
	expect("");
	/* Something the firmware left behind: finished, or it blocks us. */
	in_service = 0x5a;
	irq_handle(0x5a);
	expect("eoi ");
	in_service = 0;
	irq_handle(0x5a);
	expect("");
	has_lapic = false;
	irq_handle(X86_VEC_IRQ + IRQ_LINES);
	expect("");
	assert_int_equal(irq_spurious_count(), before + 4);
}

static const struct irq_route routes[IRQ_LINES] = {
	[0] = { 2, false, false },  [1] = { 1, false, false },
	[4] = { 4, false, false },  [5] = { 21, true, true },
	[11] = { 99, false, true },
};

static void test_refused(void **state)
{
	(void)state;
	assert_false(irq_use_ioapic(routes));
	has_ioapic = true;
	assert_false(irq_use_ioapic(routes));
	has_lapic = true;
	apic_id = 0x100;
	assert_false(irq_use_ioapic(routes));
	has_ioapic = false;
	apic_id = 3;
	assert_false(irq_use_ioapic(routes));
	expect("");
}

static void test_switch(void **state)
{
	(void)state;
	has_ioapic = has_lapic = true;
	apic_id = 3;
	assert_true(irq_use_ioapic(routes));
	register_line(0);
	register_line(5);
	expect("cut io+2:20:3 io+21:25:3LT ");
	/* An edge is acknowledged before it is served, a level after. */
	handle_line(0, "eoi serve0 ");
	handle_line(5, "serve5 eoi ");
	handle_line(1, "eoi io-1 log ");
	handle_line(1, "eoi io-1 ");
	register_line(11);
	expect("io+99:2b:3T log ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pic),	cmocka_unit_test(test_storm),
		cmocka_unit_test(test_vectors), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_switch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
