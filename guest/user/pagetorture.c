// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page tables against a model: "pagetorture [STEPS [SEED]]".
 *
 * A window of pages is mapped, protected, unmapped, written, read and forked
 * at random; after each step the program knows for every page whether it can
 * be read and written and what is in it, and looks. Private pages are part of
 * the model in the process; what processes and mappings share has its true
 * value in memory that is shared and never remapped.
 */
#include "guest/user/lib/program.h"

#define WINDOW	   64u /* pages */
#define RUN_MAX	   12u /* pages that one step changes at most */
#define SLOTS	   8192u
#define FILE_PAGES 16u
#define DEPTH_MAX  3u
#define FILE_NAME  "/tmp/pagetorture"

/* What is looked at in a page: its first and its last word. */
enum {
	FIRST,
	LAST,
	WORDS
};
static const u32 word_index[WORDS] = { 0, PAGE_SIZE / 4 - 1 };

enum kind {
	UNMAPPED,
	PRIVATE,
	SHARED,
	FILE_PRIVATE,
	FILE_SHARED
};

struct page {
	enum kind kind;
	u32 rights;
	u32 slot;	  /* SHARED: of truth->slot; files: page of it */
	bool is_own;	  /* FILE_PRIVATE: it was written, has its own values */
	u32 value[WORDS]; /* of private pages */
};

/* Shared with all children, at the same place. */
static struct truth {
	u32 slots_used;
	u32 slot[SLOTS][WORDS];
	u32 file[FILE_PAGES][WORDS];
} * truth;

static struct page model[WINDOW];
static u8 *window;
static u32 seed, depth;
static int file;

static u32 below(u32 limit)
{
	return random_below(&seed, limit);
}

static u32 *word_at(u32 page, u32 word)
{
	return (u32 *)(window + page * PAGE_SIZE) + word_index[word];
}

/* Where the values of a mapped page are, by the model. */
static u32 *values(struct page *p)
{
	switch (p->kind) {
	case SHARED:
		return truth->slot[p->slot];
	case FILE_SHARED:
		return truth->file[p->slot];
	case FILE_PRIVATE:
		return p->is_own ? p->value : truth->file[p->slot];
	default:
		return p->value;
	}
}

static bool can_read(const struct page *p)
{
	return p->kind != UNMAPPED && p->rights != PROT_NONE;
}

static bool can_write(const struct page *p)
{
	return p->kind != UNMAPPED && (p->rights & PROT_WRITE);
}

/* Without NX the right to execute is one to read; so is that to write. */
static u32 random_rights(void)
{
	static const u32 rights[] = {
		PROT_NONE,
		PROT_READ,
		PROT_READ | PROT_WRITE,
		PROT_READ | PROT_WRITE,
		PROT_READ | PROT_EXEC,
		PROT_WRITE,
	};

	return rights[below(sizeof(rights) / sizeof(rights[0]))];
}

static void verify_page(u32 page)
{
	struct page *p = &model[page];

	for (u32 w = 0; w < WORDS; w++) {
		u32 value = 0;
		bool is_read = probe_read(word_at(page, w), &value);

		CHECK_EQ(is_read, can_read(p));
		if (is_read) {
			CHECK_EQ(value, values(p)[w]);
		} else {
			CHECK_EQ(probe_address, word_at(page, w));
		}
	}
}

static void verify(void)
{
	for (u32 page = 0; page < WINDOW; page++) {
		verify_page(page);
	}
}

static void map(u32 first, u32 count, enum kind kind)
{
	bool is_file = kind == FILE_PRIVATE || kind == FILE_SHARED;
	u32 file_page = below(FILE_PAGES - RUN_MAX);
	u32 rights = random_rights();
	u32 flags = MAP_FIXED | (is_file ? 0 : MAP_ANONYMOUS);

	flags |= kind == SHARED || kind == FILE_SHARED ? MAP_SHARED
						       : MAP_PRIVATE;
	CHECK_EQ(sys(SYS_MMAP2, word_at(first, 0), count * PAGE_SIZE, rights,
		     flags, is_file ? file : -1, file_page),
		 word_at(first, 0));
	for (u32 i = 0; i < count; i++) {
		model[first + i] =
			(struct page){ .kind = kind, .rights = rights };
		if (is_file) {
			model[first + i].slot = file_page + i;
		} else if (kind == SHARED) {
			model[first + i].slot = truth->slots_used++;
		}
	}
}

static void unmap(u32 first, u32 count)
{
	CHECK_EQ(sys(SYS_MUNMAP, word_at(first, 0), count * PAGE_SIZE), 0);
	memset(&model[first], 0, count * sizeof(model[0]));
}

/* Only as far as there are pages: what a hole does is another matter. */
static void protect(u32 first, u32 count)
{
	u32 rights = random_rights(), n = 0;

	while (n < count && model[first + n].kind != UNMAPPED) {
		model[first + n++].rights = rights;
	}
	if (n) {
		CHECK_EQ(sys(SYS_MPROTECT, word_at(first, 0), n * PAGE_SIZE,
			     rights),
			 0);
	}
}

/* The model of a word that was written. */
static void wrote(struct page *p, u32 w, u32 value)
{
	if (p->kind == FILE_PRIVATE && !p->is_own) {
		memcpy(p->value, truth->file[p->slot], sizeof(p->value));
		p->is_own = true;
	}
	values(p)[w] = value;
}

static void write_word(u32 page)
{
	u32 w = below(WORDS), value = random_next(&seed);
	bool is_written = probe_write(word_at(page, w), value);

	CHECK_EQ(is_written, can_write(&model[page]));
	if (is_written) {
		wrote(&model[page], w, value);
	} else {
		CHECK_EQ(probe_address, word_at(page, w));
	}
}

/* The kernel writes to the page, or finds that it must not. */
static void read_into(u32 page)
{
	u32 w = below(WORDS), value = random_next(&seed);
	int fd[2];
	long n;

	CHECK_EQ(sys(SYS_PIPE, fd), 0);
	CHECK_EQ(sys(SYS_WRITE, fd[1], &value, sizeof(value)), sizeof(value));
	n = sys(SYS_READ, fd[0], word_at(page, w), sizeof(value));
	CHECK_EQ(n, can_write(&model[page]) ? (long)sizeof(value) : -EFAULT);
	if (n > 0) {
		wrote(&model[page], w, value);
	}
	sys(SYS_CLOSE, fd[0]);
	sys(SYS_CLOSE, fd[1]);
}

/* A file's pages and its bytes are the same thing. */
static void write_file(void)
{
	u32 page = below(FILE_PAGES), w = below(WORDS);
	u32 value = random_next(&seed);
	u32 offset = page * PAGE_SIZE + word_index[w] * 4;

	CHECK_EQ(sys(SYS_LSEEK, file, offset, 0), offset);
	if (below(2)) {
		CHECK_EQ(sys(SYS_WRITE, file, &value, 4), 4);
		truth->file[page][w] = value;
	} else {
		CHECK_EQ(sys(SYS_READ, file, &value, 4), 4);
		CHECK_EQ(value, truth->file[page][w]);
	}
}

static void step(void);

static void fork_child(void)
{
	u32 steps = 1 + below(20);
	long pid;

	if (depth == DEPTH_MAX) {
		return;
	}
	pid = sys(SYS_FORK);
	CHECK(!is_error(pid));
	if (!pid) {
		depth++;
		seed ^= 0x5bd1e995u;
		while (steps--) {
			step();
		}
		verify();
		_Exit(0);
	}
	/* Both write: whoever is first must not be seen by the other. */
	for (u32 i = 0; i < 4; i++) {
		u32 page = below(WINDOW);

		if (model[page].kind == PRIVATE) {
			write_word(page);
		}
	}
	wait_success(pid);
}

static void step(void)
{
	u32 first = below(WINDOW), count = 1 + below(RUN_MAX);
	u32 what = below(24);

	count = count < WINDOW - first ? count : WINDOW - first;
	if (what == 0) {
		map(first, count, PRIVATE);
	} else if (what == 1 && truth->slots_used + count <= SLOTS) {
		map(first, count, SHARED);
	} else if (what == 2) {
		map(first, count, FILE_PRIVATE);
	} else if (what == 3) {
		map(first, count, FILE_SHARED);
	} else if (what == 4) {
		unmap(first, count);
	} else if (what < 8) {
		protect(first, count);
	} else if (what == 8) {
		fork_child();
	} else if (what == 9) {
		write_file();
	} else if (what < 12) {
		read_into(first);
	} else if (what < 18) {
		write_word(first);
	} else {
		verify_page(first);
	}
}

static void prepare(void)
{
	static const u8 zeros[PAGE_SIZE];
	long at = sys(SYS_MMAP2, NULL, sizeof(*truth), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	CHECK(!is_error(at));
	truth = (struct truth *)at;
	window = map_pages(WINDOW);
	unmap_pages(window, WINDOW);
	file = (int)sys(SYS_OPEN, FILE_NAME, O_RDWR | O_CREAT | O_TRUNC, 0600);
	CHECK(file >= 0);
	for (u32 i = 0; i < FILE_PAGES; i++) {
		CHECK_EQ(sys(SYS_WRITE, file, zeros, PAGE_SIZE), PAGE_SIZE);
	}
	CHECK_EQ(sys(SYS_UNLINK, FILE_NAME), 0);
	probe_init();
}

/* With so many areas more, each of one page. */
static u64 fork_cost(u32 areas)
{
	u8 *at = map_pages(areas);
	u64 start;
	long pid;

	for (u32 i = 0; i < areas; i += 2) {
		CHECK_EQ(sys(SYS_MPROTECT, at + i * PAGE_SIZE, PAGE_SIZE,
			     PROT_READ),
			 0);
	}
	start = rdtsc();
	pid = sys(SYS_FORK);
	if (!pid) {
		_Exit(0);
	}
	start = rdtsc() - start;
	wait_success(pid);
	unmap_pages(at, areas);
	return start;
}

/* Areas cost a fork as many times more as there are. */
static void check_fork(u32 areas)
{
	u64 few = fork_cost(areas / 8);

	CHECK(fork_cost(areas) < 16 * few);
}

int main(int argc, char **argv)
{
	u32 areas = argument(argc, argv, 3, 0);
	u32 steps = argument(argc, argv, 1, 3000);

	seed = argument(argc, argv, 2, 1);
	prepare();
	for (u32 i = 0; i < steps; i++) {
		step();
		if (i % 64 == 0) {
			verify();
		}
	}
	verify();
	if (areas) {
		check_fork(areas);
	}
	printf("pagetorture: PASS\n");
	return 0;
}
