/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gnomon's pipes and descriptors: order and wholeness of bytes, full and
 * empty pipes, ends that are closed, FIFOs, dup() and sendfile().
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/fcntl.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/lib/syscall.h"
#include "test/host/gnomon.h"


#define DATA  (FAKE_USER + 0x20000u)
#define PLACE (FAKE_USER + 0x40000u)

static uint8_t *data(void)
{
	return fake.user + (DATA - FAKE_USER);
}

static uint32_t in, out;

static void open_pipe(uint32_t flags)
{
	int32_t fds[2];

	assert_int_equal(CALL(pipe2, PLACE, flags), 0);
	memcpy(fds, fake.user + (PLACE - FAKE_USER), sizeof(fds));
	in = (uint32_t)fds[0];
	out = (uint32_t)fds[1];
}

static long file_events(uint32_t fd)
{
	struct linux_pollfd p = { (int32_t)fd, POLLIN | POLLOUT, 0 };

	memcpy(data(), &p, sizeof(p));
	assert_true(CALL(poll, DATA, 1, 0) <= 1);
	memcpy(&p, data(), sizeof(p));
	return p.revents;
}

/* Pieces of every size around the frames of the ring. */
static void test_order(void **state)
{
	uint32_t written = 0, read = 0, n;

	(void)state;
	srand(1);
	open_pipe(O_NONBLOCK);
	while (read < 3000000) {
		n = (uint32_t)rand() % 9000;
		for (uint32_t k = 0; k < n; k++) {
			data()[k] = (uint8_t)((written + k) * 7 / 3);
		}
		long done = CALL(write, out, DATA, n);

		assert_true(done >= 0 || done == -EAGAIN);
		written += done > 0 ? (uint32_t)done : 0;
		n = (uint32_t)rand() % 9000;
		done = CALL(read, in, DATA, n);
		for (long k = 0; k < done; k++) {
			assert_int_equal(data()[k],
					 (uint8_t)((read + k) * 7 / 3));
		}
		read += done > 0 ? (uint32_t)done : 0;
	}
}

static void test_full(void **state)
{
	(void)state;
	open_pipe(O_NONBLOCK);
	assert_int_equal(file_events(out), POLLOUT);
	assert_int_equal(file_events(in), 0);
	assert_int_equal(CALL(write, out, DATA, 100000), 65536);
	assert_int_equal(CALL(write, out, DATA, 1), -EAGAIN);
	assert_int_equal(file_events(out), 0);
	assert_int_equal(file_events(in), POLLIN);
	assert_int_equal(CALL(read, in, DATA, 4095), 4095);
	/* What must stay together does not fit; what need not, goes in part. */
	assert_int_equal(CALL(write, out, DATA, 4096), -EAGAIN);
	assert_int_equal(CALL(write, out, DATA, 5000), 4095);
	assert_int_equal(CALL(read, in, DATA, 100000), 65536);
	assert_int_equal(CALL(read, in, DATA, 1), -EAGAIN);
	assert_int_equal(CALL(fcntl64, in, F_SETFL, 0), 0);
	assert_int_equal(CALL(read, in, DATA, 1), -ERESTARTSYS);
}

static void test_closed_ends(void **state)
{
	(void)state;
	open_pipe(0);
	assert_int_equal(CALL(write, out, DATA, 10), 10);
	assert_int_equal(CALL(read, out, DATA, 1), -EBADF);
	assert_int_equal(CALL(write, in, DATA, 1), -EBADF);
	CALL(close, out);
	assert_int_equal(file_events(in), POLLIN | POLLHUP);
	assert_int_equal(CALL(read, in, DATA, 100), 10);
	assert_int_equal(CALL(read, in, DATA, 100), 0);
	CALL(close, in);
	open_pipe(0);
	CALL(close, in);
	assert_int_equal(file_events(out), POLLOUT | POLLERR);
	assert_int_equal(CALL(write, out, DATA, 1), -EPIPE);
	assert_int_equal(fake.signal, SIGPIPE);
	assert_int_equal(CALL(lseek, out, 0, 0), -ESPIPE);
	assert_int_equal(CALL(pwrite64, out, DATA, 1, 0, 0), -ESPIPE);
}

/* A write that waits goes on with what the reader made room for. */
static int read_one_page(void)
{
	return CALL(read, in, DATA, 4096) == 4096 ? 0 : -EINVAL;
}

static void test_waiting_write(void **state)
{
	(void)state;
	open_pipe(0);
	fake.wait = read_one_page;
	assert_int_equal(CALL(write, out, DATA, 200000), 200000);
}

static void test_wild_buffers(void **state)
{
	(void)state;
	open_pipe(O_NONBLOCK);
	assert_int_equal(CALL(write, out, 0, 100), -EFAULT);
	assert_int_equal(
		CALL(write, out, FAKE_USER + FAKE_USER_SIZE - 4096, 5000),
		4096);
	assert_int_equal(CALL(read, in, 0, 10), -EFAULT);
	assert_int_equal(CALL(read, in, DATA, 5000), 4096);
	assert_int_equal(CALL(pipe, 0), -EFAULT);
	assert_int_equal(CALL(pipe2, PLACE, 1), -EINVAL);
}

static long writer;

static int open_writer(void)
{
	fake.wait = NULL;
	writer = CALL(open, fake_text(0, "/fifo"), O_WRONLY, 0);
	return 0;
}

static void test_fifo(void **state)
{
	long fd;

	(void)state;
	assert_int_equal(CALL(mknod, fake_text(0, "/fifo"), S_IFIFO | 0600, 0),
			 0);
	assert_int_equal(
		CALL(open, fake_text(0, "/fifo"), O_WRONLY | O_NONBLOCK, 0),
		-ENXIO);
	assert_int_equal(CALL(open, fake_text(0, "/fifo"), O_RDONLY, 0),
			 -ERESTARTSYS);
	fake.wait = open_writer;
	fd = CALL(open, fake_text(0, "/fifo"), O_RDONLY, 0);
	assert_true(fd >= 0 && writer >= 0);
	assert_int_equal(CALL(write, writer, DATA, 5), 5);
	assert_int_equal(CALL(read, fd, DATA, 9), 5);
	CALL(close, writer);
	assert_int_equal(CALL(read, fd, DATA, 9), 0);
	CALL(close, fd);
	fd = CALL(open, fake_text(0, "/fifo"), O_RDWR, 0);
	assert_int_equal(CALL(write, fd, DATA, 5), 5);
}

/* As through /proc/PID/fd: whoever opened an end before may be gone by now. */
static void test_open_again(void **state)
{
	struct file *again;

	(void)state;
	open_pipe(0);
	CALL(write, out, DATA, 5);
	CALL(close, out);
	assert_int_equal(file_open(fd_file(in)->inode, O_RDONLY, &again), 0);
	CALL(close, in);
	in = (uint32_t)fd_install(again, 0, false);
	assert_int_equal(CALL(read, in, DATA, 9), 5);
	assert_int_equal(CALL(read, in, DATA, 9), 0);
	assert_int_equal(
		file_open(fd_file(in)->inode, O_WRONLY | O_NONBLOCK, &again),
		0);
	file_put(again);
}

static void test_descriptors(void **state)
{
	(void)state;
	open_pipe(O_CLOEXEC);
	assert_int_equal(CALL(fcntl64, in, F_GETFD, 0), FD_CLOEXEC);
	assert_int_equal(CALL(dup, in), 2);
	assert_int_equal(CALL(fcntl64, 2, F_GETFD, 0), 0);
	assert_int_equal(CALL(dup2, out, 700), 700);
	assert_int_equal(CALL(dup2, out, 1024), -EBADF);
	assert_int_equal(CALL(dup2, 99, 5), -EBADF);
	assert_int_equal(CALL(dup2, 700, 700), 700);
	assert_int_equal(CALL(dup3, 700, 700, 0), -EINVAL);
	assert_int_equal(CALL(fcntl64, in, F_DUPFD, 700), 701);
	assert_int_equal(CALL(fcntl64, in, F_DUPFD, 5000), -EINVAL);
	assert_int_equal(CALL(fcntl64, in, F_DUPFD_CLOEXEC, 3), 3);
	CALL(close, in);
	assert_int_equal(CALL(dup, out), in);
	fd_table_close_on_exec(current->fds);
	assert_null(fd_file(3));
	assert_non_null(fd_file(700));
	current->process->limit[7].soft = 5;
	assert_true(CALL(dup, 700) >= 0);
	while (CALL(dup, 700) >= 0) {
	}
	assert_int_equal(CALL(dup, 700), -EMFILE);
}

static void test_sendfile(void **state)
{
	long fd = CALL(open, fake_text(0, "/f"), O_CREAT | O_RDWR, 0600);

	(void)state;
	open_pipe(O_NONBLOCK);
	for (uint32_t k = 0; k < 10000; k++) {
		data()[k] = (uint8_t)(k * 3);
	}
	CALL(write, fd, DATA, 10000);
	CALL(lseek, fd, 100, 0);
	assert_int_equal(CALL(sendfile64, out, fd, 0, 50000), 9900);
	assert_int_equal(CALL(sendfile64, out, fd, 0, 50000), 0);
	assert_int_equal(CALL(read, in, DATA, 20000), 9900);
	assert_int_equal(data()[5000], (uint8_t)(5100 * 3));
	assert_int_equal(CALL(sendfile64, out, out, 0, 1), -EBADF);
	assert_int_equal(CALL(sendfile64, fd, in, 0, 1), -EINVAL);
}

static void test_poll(void **state)
{
	struct linux_pollfd fds[3];
	uint32_t set;

	(void)state;
	open_pipe(0);
	fds[0] = (struct linux_pollfd){ (int32_t)in, POLLIN, 0 };
	fds[1] = (struct linux_pollfd){ (int32_t)out, POLLOUT, 0 };
	fds[2] = (struct linux_pollfd){ 77, POLLIN, 0 };
	memcpy(data(), fds, sizeof(fds));
	assert_int_equal(CALL(poll, DATA, 3, 1000), 2);
	memcpy(fds, data(), sizeof(fds));
	assert_int_equal(fds[0].revents, 0);
	assert_int_equal(fds[1].revents, POLLOUT);
	assert_int_equal(fds[2].revents, POLLNVAL);
	assert_int_equal(CALL(poll, DATA, 1, 0), 0);
	assert_int_equal(CALL(poll, DATA, 1, 500), 0);
	assert_int_equal(CALL(poll, DATA, 0xffffffff, 0), -EINVAL);
	assert_int_equal(CALL(poll, 0, 3, 0), -EFAULT);
	set = 1u << out | 1u << in;
	memcpy(data(), &set, 4);
	memcpy(data() + 4, &set, 4);
	memset(data() + 8, 0, 8);
	assert_int_equal(CALL(_newselect, out + 1, DATA, DATA + 4, 0, DATA + 8),
			 1);
	memcpy(&set, data() + 4, 4);
	assert_int_equal(set, 1u << out);
	memset(data(), 0xff, 64);
	assert_int_equal(CALL(_newselect, 256, DATA, 0, 0, 0), -EBADF);
	assert_int_equal(CALL(_newselect, 0xffffffff, DATA, 0, 0, 0), -EINVAL);
}

/* An end that hung up can be read and is nothing special: time passes. */
static void test_select_hangup(void **state)
{
	uint32_t words[4] = { 0, 0, 3, 500000 };
	uint64_t start = fake.now;

	(void)state;
	open_pipe(0);
	CALL(write, out, DATA, 1);
	CALL(close, out);
	words[0] = words[1] = 1u << in;
	memcpy(data(), words, sizeof(words));
	assert_int_equal(CALL(_newselect, in + 1, 0, 0, DATA, DATA + 8), 0);
	assert_true(fake.now - start >= 3500000000u);
	memcpy(words, data(), sizeof(words));
	assert_int_equal(words[0], 0);
	assert_int_equal(words[2] | words[3], 0);
	assert_int_equal(CALL(_newselect, in + 1, DATA + 4, 0, 0, 0), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_order),	 TEST(test_full),
		TEST(test_closed_ends),	 TEST(test_waiting_write),
		TEST(test_wild_buffers), TEST(test_fifo),
		TEST(test_open_again),	 TEST(test_descriptors),
		TEST(test_sendfile),	 TEST(test_poll),
		TEST(test_select_hangup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
