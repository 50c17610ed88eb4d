/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test/host/bus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hv/dev/store_mem.h"

struct bus bus;

static void put_typed(u8 byte)
{
	/* What nobody reads is overwritten. */
	bus.typed[bus.typed_in++ % BUS_TYPED] = byte;
}

void bus_type(const char *text)
{
	for (; *text; text++) {
		put_typed((u8)*text);
	}
	vcon_poll(&bus.console);
}

static u32 take_typed(void *ctx, u8 *to, u32 max)
{
	u32 n = 0;

	(void)ctx;
	while (n < max && bus.typed_out != bus.typed_in) {
		to[n++] = bus.typed[bus.typed_out++ % BUS_TYPED];
	}
	return n;
}

static struct vcon_size screen_size(void *ctx)
{
	(void)ctx;
	return bus.size;
}

static void print(void *ctx, const char *bytes, u32 len)
{
	(void)ctx;
	bus.writes++;
	if (bus.types_while_printing) {
		put_typed('k');
	}
	for (u32 i = 0; i < len; i++) {
		bus.printed[bus.printed_len++ % sizeof(bus.printed)] = bytes[i];
	}
}

static void fill_sevens(void *ctx, u8 *to, u32 len)
{
	(void)ctx;
	memset(to, 7, len);
}

void bus_reset(void)
{
	devices_reset(&bus.devices, &mem.p2m, &bus.virq);
	bus.console.sink =
		(struct vcon_sink){ print, take_typed, screen_size, NULL };
	vcon_set_up(&bus.console);
	devices_add(&bus.devices, &bus.console.dev, &vcon_model);
	bus.entropy.source.fill = fill_sevens;
	devices_add(&bus.devices, &bus.entropy.dev, &vrng_model);
	bus.disk.store = bus.store;
	vblk_set_up(&bus.disk);
	devices_add(&bus.devices, &bus.disk.dev, &vblk_model);
}

void bus_notify(u64 gpa)
{
	if (devices_notify(&bus.devices, mk_gpa(gpa)) == IO_UNHANDLED) {
		vcon_print_text(&bus.console, mk_gpa(gpa));
	}
}

int bus_setup(void **state)
{
	(void)state;
	driver_memory_init(BUS_FRAMES);
	memset(&bus, 0, sizeof(bus));
	bus.bytes = malloc(BUS_DISK);
	assert_non_null(bus.bytes);
	for (u32 i = 0; i < BUS_DISK; i++) {
		bus.bytes[i] = (u8)(i * 7 + i / 512);
	}
	bus.size = (struct vcon_size){ 80, 25 };
	bus.store = store_mem(bus.bytes, BUS_DISK, false);
	bus_reset();
	return 0;
}

int bus_teardown(void **state)
{
	(void)state;
	free(bus.bytes);
	driver_memory_free();
	return 0;
}

u32 port_read(u16 port, u32 width)
{
	struct io_access a = { .width = (u8)width };

	assert_int_equal(devices_io(&bus.devices, port, &a), IO_DONE);
	return a.value;
}

void port_write(u16 port, u32 width, u32 value)
{
	struct io_access a = { (u8)width, true, value };

	assert_int_equal(devices_io(&bus.devices, port, &a), IO_DONE);
}

u32 config_read(u32 slot, u32 reg, u32 width)
{
	port_write(0xcf8, 4, 0x80000000u | slot << 11 | (reg & ~3u));
	return port_read((u16)(0xcfc + reg % 4), width);
}

void config_write(u32 slot, u32 reg, u32 width, u32 value)
{
	port_write(0xcf8, 4, 0x80000000u | slot << 11 | (reg & ~3u));
	port_write((u16)(0xcfc + reg % 4), width, value);
}

static gpa_t register_at(u32 slot, u32 offset)
{
	return mk_gpa((config_read(slot, 0x10, 4) & ~0xfu) + (u64)offset);
}

u32 reg_read(u32 slot, u32 offset, u32 width)
{
	struct io_access a = { (u8)width, false, 0xdeadbeef };

	assert_int_equal(devices_mmio(&bus.devices, register_at(slot, offset),
				      &a),
			 IO_DONE);
	return a.value;
}

void reg_write(u32 slot, u32 offset, u32 width, u32 value)
{
	struct io_access a = { (u8)width, true, value };

	assert_int_equal(devices_mmio(&bus.devices, register_at(slot, offset),
				      &a),
			 IO_DONE);
}

u32 status_of(u32 slot)
{
	return reg_read(slot, R_STATUS, 1);
}

void set_status(u32 slot, u32 status)
{
	reg_write(slot, R_STATUS, 1, status);
}

void bring_up(u32 slot)
{
	set_status(slot, 0);
	set_status(slot, S_ACK);
	set_status(slot, S_ACK | S_DRIVER);
	for (u32 i = 0; i < 2; i++) {
		reg_write(slot, R_DEVICE_SELECT, 4, i);
		reg_write(slot, R_DRIVER_SELECT, 4, i);
		reg_write(slot, R_DRIVER_FEATURE, 4,
			  reg_read(slot, R_DEVICE_FEATURE, 4));
	}
	set_status(slot, S_SET_UP);
	assert_int_equal(status_of(slot), S_SET_UP);
}

void set_queue(u32 slot, u32 queue, const struct ring *r)
{
	reg_write(slot, R_QUEUE_SELECT, 2, queue);
	reg_write(slot, R_QUEUE_SIZE, 2, r->num);
	reg_write(slot, R_DESC, 4, (u32)r->desc);
	reg_write(slot, R_DESC + 4, 4, (u32)(r->desc >> 32));
	reg_write(slot, R_AVAIL, 4, (u32)r->avail);
	reg_write(slot, R_AVAIL + 4, 4, (u32)(r->avail >> 32));
	reg_write(slot, R_USED, 4, (u32)r->used);
	reg_write(slot, R_USED + 4, 4, (u32)(r->used >> 32));
	reg_write(slot, R_QUEUE_ENABLE, 2, 1);
}

void notify(u32 slot, u32 queue)
{
	reg_write(slot, R_NOTIFY, 2, queue);
}
