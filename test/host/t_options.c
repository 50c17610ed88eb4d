// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hv/load/options.c: every key and value of README.md "Modules and options",
 * legal ones and near misses; then random sequences of them, and noise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hv/load/options.h"

static struct options got;
static u32 complaints;
static char last[512];

static void complain(const char *text)
{
	assert_in_range(strlen(text), 1, LOG_LINE_MAX);
	for (const char *p = text; *p; p++) {
		assert_in_range(*p, 0x20, 0x7e);
	}
	complaints++;
	strcpy(last, text);
}

/* Parse a copy of exactly the line's size. Returns the complaints. */
static u32 parse_named(const char *line, bool has_name)
{
	char *copy = strdup(line);

	assert_non_null(copy);
	complaints = 0;
	memset(&got, 0xa5, sizeof(got));
	options_parse(&got, copy, has_name, complain);
	free(copy);
	return complaints;
}

static u32 parse(const char *line)
{
	return parse_named(line, true);
}

static void test_defaults(void **state)
{
	static const char *const lines[] = { "", " ", "\t ", "umbra.elf",
					     "  build/umbra.elf  " };

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(lines); i++) {
		assert_int_equal(parse(lines[i]), 0);
		assert_int_equal(got.log, LOG_INFO);
		assert_int_equal(got.on_off, END_HALT);
		assert_int_equal(got.on_restart, END_RESTART);
		assert_int_equal(got.on_crash, END_HALT);
		assert_int_equal(got.paging, PAGING_AUTO);
		assert_int_equal(got.audit, AUDIT_SAMPLE);
		assert_false(got.stats);
		assert_false(got.has_exit_port);
		assert_int_equal(got.guest_mem, 0);
		assert_false(got.consoles_given);
		assert_int_equal(got.console_count, 0);
	}
}

#define KEYS 11
enum {
	CON,
	LOG,
	MEM,
	PAG,
	MOD,
	OFF,
	RES,
	CRA,
	EXI,
	AUD,
	STA
};

/* A word, the key it is about, and the number it must lead to, -1: refused. */
struct row {
	const char *word;
	int key;
	s64 want;
};

#define BAD	(-1)
#define MAX_MEM (-2) /* all ones */

static const struct row rows[] = {
	{ "log=error", LOG, LOG_ERROR },
	{ "log=warn", LOG, LOG_WARN },
	{ "log=info", LOG, LOG_INFO },
	{ "log=debug", LOG, LOG_DEBUG },
	{ "log=", LOG, BAD },
	{ "log", LOG, BAD },
	{ "log=Debug", LOG, BAD },
	{ "log=debu", LOG, BAD },
	{ "log=debugg", LOG, BAD },
	{ "log=debug,", LOG, BAD },
	{ "log==debug", LOG, BAD },
	{ "guest.paging=auto", PAG, PAGING_AUTO },
	{ "guest.paging=2level", PAG, PAGING_2LEVEL },
	{ "guest.paging=pae", PAG, PAGING_PAE },
	{ "guest.paging=4level", PAG, BAD },
	{ "modules=1", MOD, 1 },
	{ "modules=64", MOD, 64 },
	{ "modules=65", MOD, BAD },
	{ "modules=0", MOD, BAD },
	{ "modules=all", MOD, BAD },
	{ "on-off=halt", OFF, END_HALT },
	{ "on-off=reboot", OFF, END_REBOOT },
	{ "on-off=exit", OFF, END_EXIT },
	{ "on-off=restart", OFF, BAD },
	{ "on-restart=halt", RES, END_HALT },
	{ "on-restart=reboot", RES, END_REBOOT },
	{ "on-restart=exit", RES, END_EXIT },
	{ "on-restart=restart", RES, END_RESTART },
	{ "on-restart=off", RES, BAD },
	{ "on-crash=halt", CRA, END_HALT },
	{ "on-crash=reboot", CRA, END_REBOOT },
	{ "on-crash=exit", CRA, END_EXIT },
	{ "on-crash=restart", CRA, END_RESTART },
	{ "on-crash=", CRA, BAD },
	{ "audit=off", AUD, AUDIT_OFF },
	{ "audit=sample", AUD, AUDIT_SAMPLE },
	{ "audit=full", AUD, AUDIT_FULL },
	{ "audit=on", AUD, BAD },
	{ "stats=on", STA, true },
	{ "stats=off", STA, false },
	{ "stats=1", STA, BAD },
	{ "stats=", STA, BAD },
	{ "exit=0x501", EXI, 0x501 },
	{ "exit=1281", EXI, 1281 },
	{ "exit=0xf4", EXI, 0xf4 },
	{ "exit=0xFFff", EXI, 0xffff },
	{ "exit=65535", EXI, 65535 },
	{ "exit=1", EXI, 1 },
	{ "exit=0", EXI, BAD },
	{ "exit=0x0", EXI, BAD },
	{ "exit=0x10000", EXI, BAD },
	{ "exit=65536", EXI, BAD },
	{ "exit=0x10000000000000501", EXI, BAD },
	{ "exit=", EXI, BAD },
	{ "exit=0x", EXI, BAD },
	{ "exit=f4", EXI, BAD },
	{ "exit=0xg", EXI, BAD },
	{ "exit=-1", EXI, BAD },
	{ "exit=+1", EXI, BAD },
	{ "exit=0x501,", EXI, BAD },
	{ "guest.mem=4096", MEM, 4096 },
	{ "guest.mem=64K", MEM, 64 << 10 },
	{ "guest.mem=512M", MEM, 512 << 20 },
	{ "guest.mem=3G", MEM, (s64)3 << 30 },
	{ "guest.mem=4294967296", MEM, (s64)1 << 32 },
	{ "guest.mem=0x1000", MEM, 0x1000 },
	{ "guest.mem=17179869183G", MEM,
	  -((s64)1 << 30) /* as unsigned: 2^64 less 1G */ },
	{ "guest.mem=17179869184G", MEM, MAX_MEM },
	{ "guest.mem=18446744073709551616", MEM, MAX_MEM },
	{ "guest.mem=99999999999999999999999999M", MEM, MAX_MEM },
	{ "guest.mem=0", MEM, BAD },
	{ "guest.mem=0G", MEM, BAD },
	{ "guest.mem=G", MEM, BAD },
	{ "guest.mem=", MEM, BAD },
	{ "guest.mem=1T", MEM, BAD },
	{ "guest.mem=1KM", MEM, BAD },
	{ "guest.mem=1GM", MEM, BAD },
	{ "guest.mem=1.5G", MEM, BAD },
	{ "guest.mem=M512", MEM, BAD },
	{ "guest.mem=-1", MEM, BAD },
	{ "guest.mem=a", MEM, BAD },
	{ "guest.mem=/", MEM, BAD },
	{ "guest.mem=:", MEM, BAD },
	{ "guest.mem=0x@", MEM, BAD },
	{ "guest.mem=0x`", MEM, BAD },
	{ "guest.mem=0xG", MEM, BAD },
	{ "guest.mem=0xaFAf09", MEM, 0xafaf09 },
	/* Consoles: count here, contents in test_consoles(). */
	{ "console=none", CON, 0 },
	{ "console=com1", CON, 1 },
	{ "console=com2:9600,vga", CON, 2 },
	{ "console=fb,vga,com1,com2", CON, 4 },
	{ "console=0x3e8:115200", CON, 1 },
	{ "console=0xfff8", CON, 1 },
	{ "console=com1:50", CON, 1 },
	{ "console=fb,vga,com1,com2,0x3e8", CON, BAD },
	{ "console=", CON, BAD },
	{ "console=,", CON, BAD },
	{ "console=com1,", CON, BAD },
	{ "console=,com1", CON, BAD },
	{ "console=com1,,vga", CON, BAD },
	{ "console=com1,none", CON, BAD },
	{ "console=com3", CON, BAD },
	{ "console=com1:", CON, BAD },
	{ "console=com1:0", CON, BAD },
	{ "console=com1:45", CON, BAD },
	{ "console=com1:230400", CON, BAD },
	{ "console=com1:100000", CON, BAD },
	{ "console=com1:4294976896", CON, BAD },
	{ "console=com1:9600:8", CON, BAD },
	{ "console=com1:9600n8", CON, BAD },
	{ "console=vga:9600", CON, BAD },
	{ "console=:9600", CON, BAD },
	{ "console=3e8", CON, BAD },
	{ "console=1000", CON, BAD },
	{ "console=0x0", CON, BAD },
	{ "console=0xfff9", CON, BAD },
	{ "console=0x100003f8", CON, BAD },
	{ "console=0x3f8x", CON, BAD },
	/* Not keys at all. */
	{ "=", KEYS, BAD },
	{ "=x", KEYS, BAD },
	{ "x", KEYS, BAD },
	{ "quiet=1", KEYS, BAD },
	{ "lo=info", KEYS, BAD },
	{ "logg=info", KEYS, BAD },
	{ "LOG=info", KEYS, BAD },
	{ "guest=1", KEYS, BAD },
	{ "\x1b[31m=\n", KEYS, BAD },
};

static s64 result(int key)
{
	switch (key) {
	case CON:
		return got.consoles_given ? (s64)got.console_count : BAD;
	case LOG:
		return got.log;
	case MEM:
		return got.guest_mem == ~(u64)0 ? MAX_MEM : (s64)got.guest_mem;
	case PAG:
		return got.paging;
	case MOD:
		return got.modules;
	case OFF:
		return got.on_off;
	case RES:
		return got.on_restart;
	case CRA:
		return got.on_crash;
	case EXI:
		return got.has_exit_port ? got.exit_port : BAD;
	case AUD:
		return got.audit;
	default:
		return got.stats;
	}
}

static void check_row(const struct row *r, const struct options *defaults)
{
	char line[128] = "umbra ";

	strcat(line, r->word);
	assert_int_equal(parse(line), r->want == BAD);
	if (r->want == BAD) {
		/* A bad value must not even have been begun. */
		assert_memory_equal(&got, defaults, sizeof(got));
	} else if (result(r->key) != r->want) {
		fail_msg("%s", r->word);
	}
}

static void test_words(void **state)
{
	struct options defaults;

	(void)state;
	parse("");
	defaults = got;
	for (u32 i = 0; i < ARRAY_SIZE(rows); i++) {
		check_row(&rows[i], &defaults);
	}
}

static void assert_console(u32 i, enum console_kind kind, u16 port, u32 baud)
{
	assert_true(i < got.console_count);
	assert_int_equal(got.console[i].kind, kind);
	assert_int_equal(got.console[i].port, port);
	assert_int_equal(got.console[i].baud, baud);
}

static void test_consoles(void **state)
{
	(void)state;
	parse("u console=com1,com2:9600,0x3E8:1200,vga");
	assert_console(0, CONSOLE_UART, 0x3f8, 115200);
	assert_console(1, CONSOLE_UART, 0x2f8, 9600);
	assert_console(2, CONSOLE_UART, 0x3e8, 1200);
	assert_console(3, CONSOLE_VGA, 0, 0);
	parse("u console=fb");
	assert_console(0, CONSOLE_FB, 0, 0);
	parse("u console=vga,fb console=none");
	assert_true(got.consoles_given);
	assert_int_equal(got.console_count, 0);
	/* A refused list leaves the earlier one alone. */
	parse("u console=com2 console=vga,nonsense");
	assert_int_equal(got.console_count, 1);
	assert_console(0, CONSOLE_UART, 0x2f8, 115200);
}

/* A name is no option, whatever it looks like; some loaders leave it off. */
static void test_first_word(void **state)
{
	(void)state;
	for (u32 i = 0; i < 2; i++) {
		assert_int_equal(parse_named("anything log=debug", i), 0);
		assert_int_equal(got.log, LOG_DEBUG);
		assert_int_equal(parse_named("a b", i), 1);
		assert_int_equal(
			parse_named("\t\tname\t\tlog=warn\t stats=on \t", i),
			0);
		assert_int_equal(got.log, LOG_WARN);
		assert_true(got.stats);
	}
	assert_int_equal(parse("a/v=1/umbra.elf log=warn"), 0);
	assert_int_equal(got.log, LOG_WARN);
	assert_int_equal(parse("log=debug stats=on"), 0);
	assert_int_equal(got.log, LOG_INFO);
	assert_true(got.stats);
	assert_int_equal(parse("log=debug b"), 1);
	assert_int_equal(parse_named("log=debug stats=on", false), 0);
	assert_int_equal(got.log, LOG_DEBUG);
	assert_true(got.stats);
	assert_int_equal(parse_named("log=debug b", false), 1);
	assert_int_equal(parse_named("v=1 log=debug", false), 1);
}

static void test_quotes(void **state)
{
	(void)state;
	assert_int_equal(parse("u log=\"debug\" \"stats=on\" \"exit=\"0x1\"\""),
			 0);
	assert_int_equal(got.log, LOG_DEBUG);
	assert_true(got.stats);
	assert_int_equal(got.exit_port, 1);
	assert_int_equal(parse("\"my umbra\" log=warn"), 0);
	assert_int_equal(got.log, LOG_WARN);
	/* A blank within them is part of the value. */
	assert_int_equal(parse("u log=\"debug \" stats=on"), 1);
	assert_int_equal(parse("u \"log=debug stats=on\""), 1);
	assert_non_null(strstr(last, "'\"log=debug stats=on\"'"));
	/* One alone takes all that follows. */
	assert_int_equal(parse("u log=\"debug stats=on"), 1);
	assert_int_equal(parse("u log=deb\"ug\""), 1);
	assert_int_equal(parse("u \"\""), 1);
}

/* Before there is a console, nobody listens. */
static void test_silent(void **state)
{
	(void)state;
	complaints = 0;
	options_parse(&got, "umbra bad log=bad log=warn =", true, NULL);
	assert_int_equal(complaints, 0);
	assert_int_equal(got.log, LOG_WARN);
}

static void assert_told(const char *line, const char *const words[])
{
	assert_int_equal(parse(line), 1);
	for (u32 i = 0; words[i]; i++) {
		if (!strstr(last, words[i])) {
			fail_msg("'%s' not in '%s'", words[i], last);
		}
	}
}

/* The complaint names the word and everything that would be legal. */
static void test_complaints(void **state)
{
	char line[600] = "umbra ";

	(void)state;
	assert_told("u log=loud",
		    (const char *const[]){ "'log=loud'",
					   "log takes: error warn info debug",
					   NULL });
	assert_told("u console=lpt",
		    (const char *const[]){ "'console=lpt'", "com1", "com2",
					   "0xPORT", ":BAUD", "vga", "fb",
					   "none", NULL });
	assert_told("u guest.mem=big",
		    (const char *const[]){ "'guest.mem=big'", "K", "M", "G",
					   NULL });
	assert_told("u exit=no", (const char *const[]){ "'exit=no'", "port",
							"0xffff", NULL });
	assert_told("u stats=maybe",
		    (const char *const[]){ "'stats=maybe'", "on off", NULL });
	assert_told("u color=\x1b[1m",
		    (const char *const[]){
			    "'color=\\x1b[1m'", "known are: console log ",
			    "guest.mem", "guest.paging", "modules", "on-off",
			    "on-restart", "on-crash", "exit", "audit", "stats",
			    NULL });
	/* However long the word, the legal values are still there. */
	memset(line + 6, '\x01', 500);
	assert_told(line, (const char *const[]){ "\\x01...'", "console",
						 "stats", NULL });
	memcpy(line + 6, "console=", 8);
	assert_told(line, (const char *const[]){ "...'", "or none", NULL });
}

/* --- random sequences ---------------------------------------------------- */

static u64 seed;

static u32 rnd(u32 below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (u32)(seed >> 33) % below;
}

/* Of a key given several times the last legal one wins; nothing else does. */
static void test_sequences(void **state)
{
	static const char *const gaps[] = { " ", "  ", "\t", " \t " };
	struct options all;

	(void)state;
	seed = 6;
	for (u32 round = 0; round < 5000; round++) {
		const char *winner[KEYS] = { 0 };
		char line[2048] = "umbra";
		char few[1024] = "umbra";
		u32 bad = 0;

		for (u32 i = rnd(20); i > 0; i--) {
			const struct row *r = &rows[rnd(ARRAY_SIZE(rows))];

			strcat(line, gaps[rnd(ARRAY_SIZE(gaps))]);
			strcat(line, r->word);
			if (r->want == BAD) {
				bad++;
			} else {
				winner[r->key] = r->word;
			}
		}
		for (u32 i = 0; i < KEYS; i++) {
			strcat(few, winner[i] ? " " : "");
			strcat(few, winner[i] ? winner[i] : "");
		}
		assert_int_equal(parse(line), bad);
		all = got;
		assert_int_equal(parse(few), 0);
		assert_memory_equal(&all, &got, sizeof(all));
	}
}

static void check_sane(void)
{
	assert_in_range(got.log, LOG_ERROR, LOG_DEBUG);
	assert_in_range(got.on_off, END_HALT, END_EXIT);
	assert_in_range(got.on_restart, END_HALT, END_RESTART);
	assert_in_range(got.on_crash, END_HALT, END_RESTART);
	assert_in_range(got.paging, PAGING_AUTO, PAGING_PAE);
	assert_in_range(got.audit, AUDIT_OFF, AUDIT_FULL);
	assert_in_range(got.console_count, 0, CONSOLES_MAX);
	for (u32 i = 0; i < got.console_count; i++) {
		const struct console_option *c = &got.console[i];

		assert_in_range(c->kind, CONSOLE_UART, CONSOLE_FB);
		if (c->kind == CONSOLE_UART) {
			assert_in_range(c->port, 1, 0xfff8);
			assert_in_range(c->baud, 50, 115200);
		}
	}
}

/* Legal words with a few bytes exchanged. */
static void test_noise(void **state)
{
	static const char bytes[] = " =,:.-0x19fFGKMcomlgz\t\x01\xff\\\"";

	(void)state;
	seed = 7;
	for (u32 round = 0; round < 30000; round++) {
		char line[2048] = "umbra";

		for (u32 i = rnd(10); i > 0; i--) {
			strcat(line, " ");
			strcat(line, rows[rnd(ARRAY_SIZE(rows))].word);
		}
		for (u32 i = rnd(6); i > 0; i--) {
			line[rnd((u32)strlen(line))] =
				bytes[rnd(sizeof(bytes) - 1)];
		}
		parse(line);
		check_sane();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_consoles),
		cmocka_unit_test(test_first_word),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_complaints),
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
