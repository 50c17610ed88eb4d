/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes at EIP, words at ESP.
 *
 * Next: hv/report/walk.c.
 */
#include <stdio.h>

#include "hv/lib/log.h"
#include "hv/report/guest_symbols.h"
#include "hv/report/report_priv.h"
#include "mm/peek.h"

#define BYTES_PER_LINE 16u
#define BYTES_BEFORE   BYTES_PER_LINE
#define BYTES_AFTER    BYTES_PER_LINE

#define WORDS_PER_LINE 4u
#define STACK_LINES    8u

/* One line of bytes, with a mark before the one at @mark. */
static void print_bytes(const struct guest *g, u32 at, u32 mark)
{
	char text[BYTES_PER_LINE * 3 + 1];
	u32 used = 0;
	u8 byte = 0;

	for (u32 i = 0; i < BYTES_PER_LINE; i++) {
		const char *format = at + i == mark ? ">%02x" : " %02x";

		if (peek_read(&g->mmu, &byte, mk_gva(at + i), 1)) {
			format = " ??";
		}
		used += (u32)snprintf(text + used, sizeof(text) - used, format,
				      byte);
	}
	log_error("  0x%08x %s", at, text);
}

void report_code(const struct guest *g)
{
	u32 eip = g->vcpu.regs->eip;
	gpa_t a;

	if (!peek_translate(&g->mmu, mk_gva(eip), &a)) {
		log_error("code: none, 0x%08x is not mapped", eip);
		return;
	}
	log_error("code:");
	print_bytes(g, eip - BYTES_BEFORE, eip);
	print_bytes(g, eip, eip);
}

/* Words up to @end. Returns false at the end of what can be read. */
static bool print_words(const struct guest *g, u32 at, u32 end)
{
	char text[WORDS_PER_LINE * 11 + 1];
	u32 used = 0, word;

	for (u32 i = 0; i < WORDS_PER_LINE; i++) {
		if (at + i * 4 == end ||
		    peek_read(&g->mmu, &word, mk_gva(at + i * 4),
			      sizeof(word))) {
			break;
		}
		used += (u32)snprintf(text + used, sizeof(text) - used,
				      " 0x%08x", word);
	}
	if (used) {
		log_error("  0x%08x %s", at, text);
	}
	return used == WORDS_PER_LINE * 11;
}

void report_stack(const struct guest *g)
{
	/* Where the kernel stack begins; 0 before the guest has said so. */
	u32 end = ROUND_UP(g->vcpu.esp1, 4);
	u32 esp = g->vcpu.regs->esp, at;

	if (!report_stack_start(g, &at)) {
		log_error("stack: none, 0x%08x is not mapped", esp);
		return;
	}
	if (at > esp) {
		log_error("stack (0x%08x is not mapped, the next page is):",
			  esp);
	} else {
		log_error("stack:");
	}
	for (u32 n = 0; n < STACK_LINES && print_words(g, at, end); n++) {
		at += WORDS_PER_LINE * 4;
	}
}
