// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the guest was handed: boot parameters, and the memory it shares.
 */
#include "test/lib/vm.h"

#define BP_E820_ENTRIES 0x1e8
#define BP_CMD_LINE_PTR 0x228
#define BP_E820_MAP	0x2d0 /* u64 address, u64 size, u32 type */
#define E820_RAM	1

#define KERNEL_ADDRESS 0xc0000000u
#define SYSCALL_VECTOR 0x80
#define SLOT_FREE      0xff
#define RING_SLOTS     64

/* entry.S */
extern u32 vm_boot_params;
extern const u8 vm_iret[];

u8 vm_lguest_data[LG_SIZE_OLD] __attribute__((aligned(4)));

void vm_lguest_data_fill(void)
{
	memset(vm_lguest_data, 0, sizeof(vm_lguest_data));
	memset(&vm_lguest_data[LG_HCALL_STATUS], SLOT_FREE, RING_SLOTS);
	lg_write(LG_BLOCKED, 1);
	lg_write(LG_NOIRQ_IRET, (u32)vm_iret);
	lg_write(LG_KERNEL_ADDRESS, KERNEL_ADDRESS);
	lg_write(LG_SYSCALL_VEC, SYSCALL_VECTOR);
}

void vm_init(void)
{
	vm_lguest_data_fill();
	hypercall(HC_LGUEST_INIT, (u32)vm_lguest_data, 0, 0, 0);
}

void vm_init_old(u32 start, u32 end)
{
	vm_lguest_data_fill();
	lg_write(LG_OLD_NOIRQ_START, start);
	lg_write(LG_OLD_NOIRQ_END, end);
	lg_write(LG_OLD_KERNEL_ADDRESS, KERNEL_ADDRESS);
	lg_write(LG_OLD_SYSCALL_VEC, SYSCALL_VECTOR);
	hypercall(HC_LGUEST_INIT, (u32)vm_lguest_data, 0, 0, 0);
}

u32 vm_boot_param32(u32 offset)
{
	return *(volatile u32 *)(vm_boot_params + offset);
}

/* The map has one entry, RAM from 0, and RAM ends below 4 GiB. */
u32 vm_ram_size(void)
{
	VM_CHECK((vm_boot_param32(BP_E820_ENTRIES) & 0xff) == 1);
	VM_CHECK(vm_boot_param32(BP_E820_MAP) == 0);
	VM_CHECK(vm_boot_param32(BP_E820_MAP + 4) == 0);
	VM_CHECK(vm_boot_param32(BP_E820_MAP + 12) == 0);
	VM_CHECK(vm_boot_param32(BP_E820_MAP + 16) == E820_RAM);
	return vm_boot_param32(BP_E820_MAP + 8);
}

const char *vm_cmdline(void)
{
	u32 address = vm_boot_param32(BP_CMD_LINE_PTR);

	return address ? (const char *)address : "";
}

/* Length of the word @text begins with. */
static size_t word_length(const char *text)
{
	size_t length = 0;

	while (text[length] && text[length] != ' ') {
		length++;
	}
	return length;
}

static bool begins_with(const char *text, const char *prefix)
{
	return !memcmp(text, prefix, strlen(prefix));
}

bool vm_is_pae_case(void)
{
	return vm_has_word("pae") || begins_with(vm_cmdline(), "pae-");
}

/* The first word, behind the format. */
static const char *case_name(void)
{
	const char *word = vm_cmdline();

	if (begins_with(word, "pae-")) {
		return word + 4;
	}
	return begins_with(word, "2level-") ? word + 7 : word;
}

bool vm_is_case(const char *name)
{
	const char *word = case_name();

	return word_length(word) == strlen(name) && begins_with(word, name);
}

u32 vm_case_number(void)
{
	const char *at = case_name();
	u32 value = 0;

	for (; *at >= '0' && *at <= '9'; at++) {
		value = value * 10 + (u32)(*at - '0');
	}
	return value;
}

bool vm_has_word(const char *word)
{
	const char *at = vm_cmdline();
	size_t length = strlen(word);

	while (*at) {
		if (word_length(at) == length && !memcmp(at, word, length)) {
			return true;
		}
		at += word_length(at);
		for (; *at == ' '; at++) {
		}
	}
	return false;
}
