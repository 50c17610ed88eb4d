// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Umbra's own command line.
 *
 * Owns: the table of keys. Error messages are made from it too, so that the
 * values they list are those that are accepted. It distrusts the text: a value
 * is taken whole or not at all, and no word can stop the boot.
 *
 * Keys, values and defaults: README.md "Modules and options".
 * Next: hv/main.c, which acts on the result.
 */
#include "hv/load/options.h"

#include <string.h>

#include "arch/x86/uart.h"
#include "hv/lib/text.h"
#include "hv/load/boot_info.h"

struct option {
	const char *key;
	/*
	 * The legal values, for the user. Without @set they are the words
	 * themselves, in the order of the enum they stand for.
	 */
	const char *legal;
	size_t field; /* the enum's offset in struct options */
	/* Takes a value, or returns false and changes nothing. */
	bool (*set)(struct options *o, struct text value);
};

_Static_assert(BOOT_MODULES_MAX == 64, "as the table says");
_Static_assert(sizeof(enum log_level) == sizeof(u32) &&
		       sizeof(enum end_action) == sizeof(u32) &&
		       sizeof(enum paging_mode) == sizeof(u32) &&
		       sizeof(enum audit_mode) == sizeof(u32),
	       "set_choice() stores a u32");

#define UART_PORTS 8 /* registers of one UART */
#define BAUD_MIN   50u

#define WORD_SHOWN_MAX 80 /* bytes of a refused word in a complaint */

/* A lone 0x is not a number: its base stays 10, where x is no digit. */
static bool is_hex(struct text t)
{
	return text_len(t) > 2 && t.at[0] == '0' && t.at[1] == 'x';
}

/* The whole of @t as a number, 0x for hex. Too large ones become ~0. */
static bool text_number(struct text t, u64 *out)
{
	u32 base = is_hex(t) ? 16 : 10;
	u64 n = 0;

	if (base == 16) {
		t.at += 2;
	}
	if (t.at == t.end) {
		return false;
	}
	for (; t.at < t.end; t.at++) {
		u32 digit = text_digit(*t.at);

		if (digit >= base) {
			return false;
		}
		/* Both bases are at most 16: no division is needed. */
		n = n >> 60 ? ~(u64)0 : n * base + digit;
	}
	*out = n;
	return true;
}

/* The position of @t among the words of @list, or -1. */
static int text_choice(struct text t, const char *list)
{
	struct text rest = text_of(list);

	for (int i = 0; rest.at; i++) {
		struct text word = text_split(&rest, " ");

		if (text_len(word) == text_len(t) &&
		    memcmp(word.at, t.at, text_len(t)) == 0) {
			return i;
		}
	}
	return -1;
}

/* The setter of all keys whose value is one of a few words. */
static bool set_choice(const struct option *opt, struct options *o,
		       struct text value)
{
	int choice = text_choice(value, opt->legal);

	if (choice < 0) {
		return false;
	}
	memcpy((char *)o + opt->field, &(u32){ (u32)choice }, sizeof(u32));
	return true;
}

static bool set_stats(struct options *o, struct text value)
{
	if (!text_is(value, "on") && !text_is(value, "off")) {
		return false;
	}
	o->stats = text_is(value, "on");
	return true;
}

static bool set_exit_port(struct options *o, struct text value)
{
	u64 port;

	if (!text_number(value, &port) || port == 0 || port > 0xffff) {
		return false;
	}
	o->has_exit_port = true;
	o->exit_port = (u16)port;
	return true;
}

static bool set_modules(struct options *o, struct text value)
{
	u64 n;

	if (!text_number(value, &n) || n == 0 || n > BOOT_MODULES_MAX) {
		return false;
	}
	o->modules = (u32)n;
	return true;
}

/* No upper bound: the machine's memory is not known yet. */
static bool set_guest_mem(struct options *o, struct text value)
{
	static const char suffixes[] = "KMG";
	u32 shift = 0;
	u64 n;

	for (u32 i = 0; i < 3 && value.at < value.end; i++) {
		if (value.end[-1] == suffixes[i]) {
			shift = 10 * (i + 1);
			value.end--;
			break;
		}
	}
	if (!text_number(value, &n) || n == 0) {
		return false;
	}
	o->guest_mem = n > ~(u64)0 >> shift ? ~(u64)0 : n << shift;
	return true;
}

/* A UART by name or by its first port. */
static bool parse_uart_port(struct text name, u16 *out)
{
	u64 port;

	if (text_is(name, "com1")) {
		port = UART_COM1;
	} else if (text_is(name, "com2")) {
		port = UART_COM2;
	} else if (!is_hex(name) || !text_number(name, &port) || port == 0 ||
		   port > 0x10000 - UART_PORTS) {
		return false;
	}
	*out = (u16)port;
	return true;
}

/* One item of the console list, into a zeroed @c. */
static bool parse_console(struct text item, struct console_option *c)
{
	u64 baud = DEFAULT_BAUD;
	struct text name;

	if (text_is(item, "vga") || text_is(item, "fb")) {
		c->kind = text_is(item, "fb") ? CONSOLE_FB : CONSOLE_VGA;
		return true;
	}
	name = text_split(&item, ":");
	if (item.at && !text_number(item, &baud)) {
		return false;
	}
	/* The UART would round any other rate to a divisor's. */
	if (baud < BAUD_MIN || baud > UART_BAUD_MAX ||
	    UART_BAUD_MAX % (u32)baud != 0) {
		return false;
	}
	c->kind = CONSOLE_UART;
	c->baud = (u32)baud;
	return parse_uart_port(name, &c->port);
}

/* A list with one bad item is refused as a whole. */
static bool set_console(struct options *o, struct text value)
{
	struct console_option list[CONSOLES_MAX] = { { 0 } };
	u32 count = 0;

	if (text_is(value, "none")) {
		value.at = NULL;
	}
	while (value.at) {
		struct text item = text_split(&value, ",");

		if (count == CONSOLES_MAX ||
		    !parse_console(item, &list[count])) {
			return false;
		}
		count++;
	}
	o->consoles_given = true;
	o->console_count = count;
	memcpy(o->console, list, sizeof(list));
	return true;
}

#define CHOICE(name)  offsetof(struct options, name), NULL
#define SET(function) 0, function

/* In the order in which error messages name the keys. */
static const struct option table[] = {
	{ "console",
	  "up to 4 of com1[:BAUD] com2[:BAUD] 0xPORT[:BAUD] vga fb with commas "
	  "between, or none",
	  SET(set_console) },
	{ "log", "error warn info debug", CHOICE(log) },
	{ "guest.mem", "a size such as 512M, with K, M or G",
	  SET(set_guest_mem) },
	{ "guest.paging", "auto 2level pae", CHOICE(paging) },
	{ "modules", "a number from 1 to 64", SET(set_modules) },
	{ "on-off", "halt reboot exit", CHOICE(on_off) },
	{ "on-restart", "halt reboot exit restart", CHOICE(on_restart) },
	{ "on-crash", "halt reboot exit restart", CHOICE(on_crash) },
	{ "exit", "an I/O port from 0x1 to 0xffff", SET(set_exit_port) },
	{ "audit", "off sample full", CHOICE(audit) },
	{ "stats", "on off", SET(set_stats) },
};

static void set_defaults(struct options *o)
{
	memset(o, 0, sizeof(*o));
	o->log = LOG_INFO;
	o->on_off = END_HALT;
	o->on_restart = END_RESTART;
	o->on_crash = END_HALT;
	o->paging = PAGING_AUTO;
	o->audit = AUDIT_SAMPLE;
}

/* Append to an error message, as far as there is room. */
static void add(char text[LOG_LINE_MAX + 1], const char *more)
{
	strncat(text, more, LOG_LINE_MAX - strlen(text));
}

/* @opt is NULL when the key is unknown. */
static void refuse(struct text word, const struct option *opt,
		   options_complain_fn complain)
{
	char shown[WORD_SHOWN_MAX];
	char text[LOG_LINE_MAX + 1] = "option '";

	if (!complain) {
		return;
	}
	add(text, log_escape(shown, sizeof(shown), word.at, text_len(word)));
	add(text, "' ignored; ");
	if (opt) {
		add(text, opt->key);
		add(text, " takes: ");
		add(text, opt->legal);
	} else {
		add(text, "known are:");
		for (u32 i = 0; i < ARRAY_SIZE(table); i++) {
			add(text, " ");
			add(text, table[i].key);
		}
	}
	complain(text);
}

/* One word key=value; without '=' it is refused like a bad value. */
static void apply(struct options *o, struct text word,
		  options_complain_fn complain)
{
	struct text value = text_unquote(word);
	struct text key = text_split(&value, "=");
	const struct option *opt = NULL;
	bool taken;

	for (u32 i = 0; i < ARRAY_SIZE(table); i++) {
		if (text_is(key, table[i].key)) {
			opt = &table[i];
		}
	}
	if (!opt || !value.at) {
		refuse(word, opt, complain);
		return;
	}
	value = text_unquote(value);
	taken = opt->set ? opt->set(o, value) : set_choice(opt, o, value);
	if (!taken) {
		refuse(word, opt, complain);
	}
}

/* A loader that omits the image's name may still be configured to pass one. */
static bool is_name(struct text word, bool has_name)
{
	return has_name || !memchr(word.at, '=', text_len(word));
}

void options_parse(struct options *o, const char *cmdline, bool has_name,
		   options_complain_fn complain)
{
	struct text rest = text_of(cmdline);
	struct text word = text_word(&rest);

	set_defaults(o);
	if (is_name(word, has_name)) {
		word = text_word(&rest);
	}
	for (; text_len(word) != 0; word = text_word(&rest)) {
		apply(o, word, complain);
	}
}
