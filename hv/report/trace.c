/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the guest was, and where it was called from: the words on its stack
 * that point into its code, just after a call instruction. Where frame pointers
 * form a chain, a word outside of it is marked as doubtful: it may be left over
 * from an earlier call.
 *
 * I1  At most SCAN_WORDS words are looked at; a chain only moves up, and
 *     where it ends the stack begins.
 *
 * Distrusts: ESP, EBP, and every word on the stack.
 * Next: hv/report/registers.c.
 */
#include "hv/lib/log.h"
#include "hv/report/guest_symbols.h"
#include "hv/report/report_priv.h"
#include "mm/peek.h"

#define SCAN_WORDS 4096u
#define LINES_MAX  24u
#define CALL_BYTES 7u /* the longest near call: FF /2, SIB, disp32 */
#define CALL_REL32 0xe8
#define CALL_GROUP 0xff
#define MODRM_CALL 0x10 /* reg field 2 of ... */
#define MODRM_REG  0x38

static bool read_word(const struct guest *g, u32 va, u32 *out)
{
	return !peek_read(&g->mmu, out, mk_gva(va), sizeof(*out));
}

/* Does a call instruction end at @addr? */
static bool follows_call(const struct guest *g, u32 addr)
{
	static const u8 group_lengths[] = { 2, 3, 4, 6, 7 };
	u8 b[CALL_BYTES];

	if (peek_read(&g->mmu, b, mk_gva(addr - CALL_BYTES), sizeof(b))) {
		return false;
	}
	if (b[CALL_BYTES - 5] == CALL_REL32) {
		return true;
	}
	for (u32 i = 0; i < ARRAY_SIZE(group_lengths); i++) {
		const u8 *at = &b[CALL_BYTES - group_lengths[i]];

		if (at[0] == CALL_GROUP && (at[1] & MODRM_REG) == MODRM_CALL) {
			return true;
		}
	}
	return false;
}

/* Is @ebp that of a frame at or above @esp, which returns into code? */
static bool is_frame(const struct guest_symbols *s, u32 esp, u32 ebp)
{
	u32 ret;

	return ebp % 4 == 0 && ebp >= esp && ebp - esp < SCAN_WORDS * 4 &&
	       read_word(s->guest, ebp + 4, &ret) &&
	       guest_symbols_is_code(s, ret);
}

bool report_stack_start(const struct guest *g, u32 *va)
{
	u32 esp = ROUND_DOWN(g->vcpu.regs->esp, 4), word;

	*va = esp;
	if (read_word(g, esp, &word)) {
		return true;
	}
	*va = ROUND_UP(esp + 1, PAGE_SIZE);
	return *va > esp && read_word(g, *va, &word);
}

static void print_return(const struct guest_symbols *s, u32 addr,
			 bool is_certain)
{
	char name[GUEST_SYMBOL_TEXT];

	log_error("  0x%08x %s%s", addr, is_certain ? "" : "? ",
		  guest_symbols_return(s, name, addr));
}

static void print_repeats(u32 count)
{
	if (count) {
		log_error("  ... and again, %u times", count);
	}
}

/* From @at to where the kernel stack begins, if it is the current one. */
static u32 words_to_top(const struct guest *g, u32 at)
{
	return (ROUND_UP(g->vcpu.esp1, 4) - at) / 4;
}

static void scan(const struct guest_symbols *s, u32 at)
{
	const struct guest *g = s->guest;
	u32 ebp = g->vcpu.regs->ebp, lines = 0, repeats = 0, last = 0, word;
	bool has_chain = is_frame(s, at, ebp);
	u32 words = min_u32(SCAN_WORDS, words_to_top(g, at));

	for (u32 n = 0; n < words && lines < LINES_MAX; n++, at += 4) {
		bool in_chain = has_chain && at == ebp + 4;

		if (!read_word(g, at, &word) || (has_chain && !ebp)) {
			break;
		}
		if (in_chain && !(read_word(g, ebp, &ebp) && ebp > at)) {
			ebp = 0;
		}
		if (!guest_symbols_is_code(s, word) || !follows_call(g, word)) {
			continue;
		}
		if (word == last) {
			repeats++;
			continue;
		}
		print_repeats(repeats);
		print_return(s, word, in_chain || !has_chain || n == 0);
		repeats = 0;
		last = word;
		lines++;
	}
	print_repeats(repeats);
}

void report_trace(const struct guest_symbols *s)
{
	const struct guest *g = s->guest;
	const struct exit_record *last = exit_log_last(&g->exit_log);
	u32 eip = g->vcpu.regs->eip;
	char name[GUEST_SYMBOL_TEXT];
	u32 stack;

	log_error("trace, newest first:");
	/* After a hypercall EIP may be past the end of the function. */
	if (last->vector == X86_VEC_HCALL && last->eip == eip) {
		guest_symbols_return(s, name, eip);
	} else {
		guest_symbols_code(s, name, eip);
	}
	log_error("  0x%08x %s", eip, *name ? name : "(no code of the kernel)");
	if (vcpu_in_kernel(&g->vcpu) && report_stack_start(g, &stack)) {
		scan(s, stack);
	}
}
