# SPDX-License-Identifier: GPL-2.0-or-later
#
# Umbra's only makefile. "make help" lists the targets.
# Everything made goes under build/, mirroring the paths of the sources.
# On a fresh machine only recipes that come after need-deps find a compiler:
# nothing here may run one while the makefile is read.

MAKEFLAGS += -rR
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:

# What a user writes in these is taken as it is, dollar signs too.
$(foreach v,DIR GUEST INITRD DISK CMDLINE UMBRA MEM QEMU TIMEOUT,\
	$(eval override $(v) := $$(value $(v))))

# A word of the shell.
quote = '$(subst ','\'',$(1))'

CROSS ?=
CC := $(CROSS)gcc
CLANG = $(findstring clang,$(notdir $(CC)))
LD := $(CROSS)ld
AR := $(CROSS)ar
NM := $(CROSS)nm
OBJCOPY := $(CROSS)objcopy
# It reads what a compiler leaves for the linker to optimise.
NM := $(if $(CLANG),llvm-nm,$(CROSS)gcc-nm)
HOSTCC ?= gcc
PYTHON ?= /usr/bin/python3

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-8s%s\n' $(1) $(2)
endif

# build/umbra.elf is always the release build; DEBUG=1 builds beside it.
ifeq ($(DEBUG),1)
B := build/debug
OPT := -O1 -g -DUMBRA_DEBUG
else
B := build
OPT := -O2 -g
endif

# --- sources -----------------------------------------------------------------

BOOT_SRCS := boot/head.S boot/early.c boot/boot.c boot/loader.c boot/grub.c \
	boot/multiboot.c boot/multiboot2.c

# What runs before the processor is known to be able to run the rest.
EARLY_SRCS := $(filter %.c,$(BOOT_SRCS)) hv/load/options.c hv/lib/text.c \
	hv/lib/escape.c mm/memmap.c arch/x86/reset.c

LIB_SRCS := hv/lib/log.c hv/lib/panic.c hv/lib/symbols.c hv/lib/newlib.c \
	hv/lib/console.c hv/lib/escape.c hv/lib/build_id.c hv/lib/decimal.c \
	hv/lib/term.c hv/lib/term_seq.c hv/lib/sha256.c hv/lib/text.c

ARCH_SRCS := arch/x86/switch.S arch/x86/entry.S arch/x86/desc.c \
	arch/x86/trap.c arch/x86/report.c arch/x86/cpufeat.c arch/x86/irq.c arch/x86/uart.c arch/x86/pic.c \
	arch/x86/reset.c arch/x86/decode.c arch/x86/hwrng.c arch/x86/vga.c arch/x86/fb.c \
	arch/x86/i8042.c arch/x86/keymap.c arch/x86/calibrate.c \
	arch/x86/rtc.c arch/x86/clock.c arch/x86/pmtimer.c arch/x86/pit.c \
	arch/x86/hpet.c arch/x86/timer.c arch/x86/lapic.c arch/x86/ioapic.c

MM_SRCS := mm/memmap.c mm/memtest.c mm/memprobe.c mm/pfa.c mm/hvmap.c mm/p2m.c mm/gaccess.c mm/gwalk.c mm/peek.c \
	$(addprefix mm/,shadow.c shpool.c shdirty.c shtable.c shwindow.c shkernel.c shroot.c \
	shresync.c shflush.c shchange.c shfault.c shlinear.c audit.c)

HV_SRCS := hv/main.c hv/start.c \
	$(addprefix hv/load/,options.c modules.c places.c elf.c bzimage.c linux_args.c load.c) \
	$(addprefix hv/pc/,consoles.c screen.c memory.c pcpu.c entropy.c \
	acpi.c acpi_parse.c acpi_table.c platform.c) \
	$(addprefix hv/dev/,devices.c lgbus.c vpci.c virtio_pci.c virtio_bar.c \
	virtio.c virtq.c vcon.c vblk.c vrng.c store_mem.c) \
	$(addprefix hv/vmm/,guest.c board.c vcpu.c run.c audit.c exit.c exit_log.c \
	switch_fault.c inject.c deliver.c gates.c syscall.c hcall.c hc_misc.c \
	hc_mmu.c hc_desc.c emul.c bare_kernel.c vtime.c stats.c) \
	$(addprefix hv/report/,report.c counters.c guest_symbols.c elfsym.c kallsyms.c \
	access.c trace.c registers.c dump.c walk.c linux.c printk.c last_exits.c) \
	$(addprefix hv/ui/,lifecycle.c end_action.c keys.c)

UMBRA_SRCS := $(BOOT_SRCS) $(LIB_SRCS) $(ARCH_SRCS) $(MM_SRCS) $(HV_SRCS)

# Programs of the root file system; each is one file beside the library.
USER_LIB_SRCS := $(addprefix guest/user/lib/,start.S libc.c program.c)
USER_PROGRAMS := init bench leak pagetorture resize sessions signals stress sysfuzz syslog tls

SDK_SRCS := $(addprefix guest/lib/,start.S sdk.c cmdline.c newlib.c hcall.c emergency.c \
	entry.S trap.c tsc.c paging.c pci.c virtio.c virtio_console.c \
	virtio_block.c virtio_rng.c)

# Guests of one file beside the library.
GUESTS := $(filter-out gnomon,$(patsubst guest/%/main.c,%,\
	$(wildcard guest/*/main.c)))

# What Gnomon takes from the library: all but the start, the C library's
# memory and page tables, which it has of its own.
GNOMON_SRCS := $(filter-out %/start.S %/sdk.c %/paging.c,$(SDK_SRCS))
GNOMON_SRCS += guest/gnomon/main.c
GNOMON_SRCS += $(addprefix guest/gnomon/lib/,log.c)
GNOMON_SRCS += $(addprefix guest/gnomon/arch/,early.c irq.c platform.c \
	platform_native.c start.S switch.S)
GNOMON_SRCS += $(addprefix guest/gnomon/mm/,frame.c kmap.c mmu.c \
	uaccess.c)
GNOMON_SRCS += $(addprefix guest/gnomon/vm/,vm.c vm_area.c vm_fault.c \
	vm_pages.c)
GNOMON_SRCS += $(addprefix guest/gnomon/task/,clock.c futex.c sched.c \
	signal.c task.c user_time.c wait.c)
GNOMON_SRCS += $(addprefix guest/gnomon/fs/,cpio.c fd.c file.c inode.c \
	path.c pipe.c ramfs.c ramfs_dir.c)
GNOMON_SRCS += $(addprefix guest/gnomon/dev/,console.c dev.c disk.c \
	random.c tty.c tty_job.c tty_line.c)
GNOMON_SRCS += $(addprefix guest/gnomon/process/,elf.c exec.c \
	exec_load.c exit.c fork.c init.c oom.c signal_deliver.c signal_frame.c \
	tls.c)
GNOMON_SRCS += $(addprefix guest/gnomon/procfs/,proc.c proc_entries.c)
GNOMON_SRCS += $(addprefix guest/gnomon/sys/,entry.S sys_file.c sys_fs.c \
	sys_info.c sys_mm.c sys_poll.c sys_process.c sys_signal.c sys_stat.c \
	sys_syslog.c sys_time.c syscall.c trap.c)

VM_LIB_SRCS := $(addprefix test/lib/,entry.S clock.c machine.c paging.c \
	report.c string.c trap.c virtio.c oldbus.c)

HOST_TESTS := t_memmap t_memtest t_text t_grub t_cmdline t_pfa t_elf t_bzimage t_linux_args t_sha256 t_virtq t_vpci t_vpci_config \
	t_vblk t_lgbus t_options t_modules t_multiboot t_multiboot_fuzz t_decode \
	t_escape t_decimal t_multiboot2 t_multiboot2_fuzz t_clock t_rtc t_timer t_acpi \
	t_irq t_term t_fb t_keymap t_console t_uart t_i8042 t_shadow \
	t_shadow_flush t_shadow_memory t_shadow_random t_gwalk t_gwalk_random \
	t_elfsym t_kallsyms t_printk t_bare_kernel t_vtime t_entropy \
	t_gn_ramfs t_gn_path t_gn_cpio t_gn_pipe t_gn_tty t_gn_area t_gn_elf t_gn_time
t_memmap_SRCS := mm/memmap.c
t_memtest_SRCS := mm/memtest.c mm/memmap.c
t_text_SRCS := hv/lib/text.c
t_grub_SRCS := boot/grub.c hv/lib/text.c
t_cmdline_SRCS := guest/lib/cmdline.c
t_pfa_SRCS := mm/pfa.c mm/memmap.c
t_elf_SRCS := hv/load/elf.c
DEVICE_TEST_SRCS := test/host/driver.c test/host/bus.c test/host/fake_hvmap.c \
	test/host/fake_panic.c mm/pfa.c mm/memmap.c mm/p2m.c mm/gaccess.c \
	$(filter hv/dev/%,$(HV_SRCS))
t_virtq_SRCS := $(DEVICE_TEST_SRCS)
t_vpci_SRCS := $(DEVICE_TEST_SRCS)
t_vpci_config_SRCS := $(DEVICE_TEST_SRCS)
t_vblk_SRCS := $(DEVICE_TEST_SRCS)
t_lgbus_SRCS := $(DEVICE_TEST_SRCS)
t_sha256_SRCS := hv/lib/sha256.c
t_bzimage_SRCS := hv/load/bzimage.c
t_linux_args_SRCS := hv/load/linux_args.c hv/lib/text.c
t_options_SRCS := hv/load/options.c hv/lib/text.c hv/lib/escape.c
t_modules_SRCS := hv/load/modules.c hv/lib/text.c hv/lib/escape.c mm/memmap.c
t_elfsym_SRCS := hv/report/elfsym.c hv/load/elf.c
t_kallsyms_SRCS := hv/report/kallsyms.c
t_printk_SRCS := hv/report/printk.c
t_bare_kernel_SRCS := hv/vmm/bare_kernel.c
t_vtime_SRCS := hv/vmm/vtime.c
t_entropy_SRCS := hv/lib/sha256.c
t_escape_SRCS := hv/lib/escape.c
t_decimal_SRCS := hv/lib/decimal.c
t_multiboot_SRCS := boot/multiboot.c boot/loader.c mm/memmap.c
t_multiboot_fuzz_SRCS := $(t_multiboot_SRCS)
t_keymap_SRCS := arch/x86/keymap.c
# The drivers' sources are included by the tests.
t_uart_SRCS :=
t_i8042_SRCS :=
t_console_SRCS := hv/lib/console.c
t_fb_SRCS := arch/x86/fb.c $(B)/font.c
t_term_SRCS := hv/lib/term.c hv/lib/term_seq.c
t_multiboot2_SRCS := boot/multiboot2.c boot/loader.c mm/memmap.c
t_multiboot2_fuzz_SRCS := $(t_multiboot2_SRCS)
t_decode_SRCS := arch/x86/decode.c
t_gwalk_SRCS := $(addprefix test/host/,gwalk_tests.c model_walk.c fake_hvmap.c fake_panic.c) \
	$(addprefix mm/,gwalk.c gaccess.c p2m.c pfa.c memmap.c)
t_gwalk_random_SRCS := $(t_gwalk_SRCS)
t_shadow_SRCS := $(addprefix test/host/,shadow_tests.c shadow_check.c world.c \
	model_walk.c fake_cpu.c fake_hvmap.c fake_panic.c) \
	$(filter-out mm/hvmap.c mm/memprobe.c,$(MM_SRCS))
t_shadow_flush_SRCS := $(t_shadow_SRCS)
t_shadow_memory_SRCS := $(t_shadow_SRCS)
t_shadow_random_SRCS := $(t_shadow_SRCS) test/host/guest_random.c
t_clock_SRCS := arch/x86/calibrate.c
t_rtc_SRCS := arch/x86/rtc.c
t_timer_SRCS := arch/x86/timer.c
t_irq_SRCS := arch/x86/irq.c
t_acpi_SRCS := $(filter hv/pc/acpi%,$(HV_SRCS))
GNOMON_FS_SRCS := test/host/gnomon.c \
	$(addprefix guest/gnomon/fs/,inode.c path.c ramfs.c ramfs_dir.c cpio.c \
	file.c fd.c pipe.c) \
	$(addprefix guest/gnomon/sys/,sys_file.c sys_fs.c sys_stat.c)
t_gn_ramfs_SRCS := $(GNOMON_FS_SRCS)
t_gn_area_SRCS := guest/gnomon/vm/vm_area.c
t_gn_elf_SRCS := guest/gnomon/process/elf.c
t_gn_time_SRCS := $(GNOMON_FS_SRCS) guest/gnomon/sys/sys_time.c \
	guest/gnomon/task/user_time.c
t_gn_path_SRCS := $(GNOMON_FS_SRCS)
t_gn_cpio_SRCS := $(GNOMON_FS_SRCS)
t_gn_pipe_SRCS := $(t_gn_time_SRCS) guest/gnomon/sys/sys_poll.c
t_gn_tty_SRCS := $(GNOMON_FS_SRCS) \
	$(addprefix guest/gnomon/dev/,tty.c tty_line.c tty_job.c)

# --- flags -------------------------------------------------------------------

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wundef -Wvla -Wconversion -Wcast-qual $(if $(WERROR),-Werror)
TARGET := -m32 -march=i686 -mtune=generic -ffreestanding -fno-pic -fno-stack-protector \
	-mno-mmx -mno-sse -fcf-protection=none

NEWLIB := build/newlib/i686-elf
NEWLIB_LIB := $(NEWLIB)/lib/libc.a
CC_INCLUDE := "$$($(CC) -print-file-name=include)"

CPPFLAGS := -I. -I$(B) -nostdinc -isystem $(NEWLIB)/include \
	-isystem $(CC_INCLUDE)
CFLAGS := -std=gnu11 $(TARGET) $(OPT) -fno-strict-aliasing -fno-common \
	-fno-omit-frame-pointer -fno-asynchronous-unwind-tables \
	-freg-struct-return -Wframe-larger-than=512 $(WARN)
ASFLAGS := -m32 -march=i686 -g -D__ASSEMBLY__

HOST_FLAGS := $(HOSTCC) -std=gnu11 -g -O1 -I. -Itest/host -fsanitize=address,undefined \
	-fno-sanitize-recover=all -fno-strict-aliasing $(WARN)

DEPFLAGS = -MMD -MP -MT $@ -MF $@.d

# What runs before the processor is known to be able to run the rest.
EARLY_CFLAGS := $(subst -march=i686,-march=i386,$(CFLAGS))

# The way of an exit, and of a request to a device: speed counts more than size.
HOT_SRCS := $(addprefix hv/vmm/,run.c audit.c exit.c hcall.c hc_mmu.c inject.c \
	deliver.c) $(addprefix mm/,gwalk.c shadow.c shdirty.c \
	shtable.c shkernel.c shroot.c shresync.c shflush.c shchange.c shfault.c) \
	$(addprefix hv/dev/,virtio.c virtq.c vblk.c)
HOT_CFLAGS := $(if $(filter 1,$(DEBUG)),,-O3)

# gcc optimises over all files at once, which makes most calls local: their
# arguments go in registers. It takes a third off the cost of an exit.
LTO := $(if $(CLANG),,-flto=2 -flto-partition=one)

# The only code without page tables: no call may be made up by the compiler.
# Natively it also looks first whether the processor is more than an i386.
GNOMON_EARLY_CFLAGS := -fno-builtin \
	$(if $(CLANG),,-fno-tree-loop-distribute-patterns)

# Programs have a megabyte of stack, not a page.
USER_CFLAGS := $(subst -Wframe-larger-than=512,-Wframe-larger-than=4096,$(CFLAGS))

# $(link_guest) makes a target of all its prerequisites.
link_guest = $(LD) -m elf_i386 -static -nostdlib -z max-page-size=4096 \
	-z noexecstack --no-warn-rwx-segments --fatal-warnings \
	-T $(filter %.ld,$^) -o $(aside) \
	$(filter %.o,$^) --start-group $(filter %.a,$^) --end-group $(done)

link_umbra = $(CC) $(CFLAGS) $(LTO) -nostdlib -static \
	-Wl,--build-id=sha1,-z,max-page-size=4096,-z,noexecstack \
	-Wl,--fatal-warnings -Wl,-T,$(filter %.ld,$^) -o $(aside) \
	$(filter %.o,$^) $(filter %.a,$^) $(done)

# What is made is made aside and renamed, so that nobody takes half a file for
# a whole one: neither an emulator nor another make in the same checkout.
aside = $@.$$$$
done = && mv $(aside) $@

obj = $(addprefix $(B)/,$(addsuffix .o,$(basename $(1))))

UMBRA_OBJS := $(call obj,$(UMBRA_SRCS)) $(B)/arch/x86/font.o
EARLY_OBJS := $(call obj,$(EARLY_SRCS))
UMBRA_C_OBJS := $(filter-out $(EARLY_OBJS),$(call obj,$(filter %.c,\
	$(UMBRA_SRCS))))
SDK_OBJS := $(call obj,$(SDK_SRCS))
USER_LIB_OBJS := $(call obj,$(USER_LIB_SRCS))
GNOMON_OBJS := $(call obj,$(GNOMON_SRCS))
VM_LIB_OBJS := $(call obj,$(VM_LIB_SRCS))
VM_TESTS := $(sort $(patsubst test/vm/%/main.c,%,$(wildcard test/vm/*/main.c)))
VM_ELFS := $(VM_TESTS:%=$(B)/test/vm/%.elf)

# How everything is compiled and linked; every object depends on it.
FLAGS := $(CC) $(CPPFLAGS) $(CFLAGS) $(ASFLAGS) $(EARLY_CFLAGS) $(LTO) \
	$(HOT_SRCS) $(HOT_CFLAGS) $(GNOMON_EARLY_CFLAGS) $(USER_CFLAGS) \
	$(value DEPFLAGS) $(value link_guest) $(value link_umbra)

.PHONY: all
all: $(B)/umbra.elf $(GUESTS:%=$(B)/%.elf) $(B)/gnomon.elf $(B)/umbra.iso ## build everything

# --- what the build needs ----------------------------------------------------

FONT := /usr/share/consolefonts/Uni2-VGA16.psf.gz

# Command or file : Debian package that brings it. A package with a question
# mark is one that not every release has: what needs it is skipped without.
BUILD_NEEDS := gcc:gcc $(if $(CLANG),$(CC):$(notdir $(CC))) ld:binutils \
	/usr/include/stdio.h:libc6-dev xz:xz-utils $(PYTHON):python3 \
	/usr/src/newlib/:newlib-source $(FONT):console-setup-linux \
	grub-mkrescue:grub-common \
	/usr/lib/grub/i386-pc/multiboot2.mod:grub-pc-bin \
	/usr/lib/grub/x86_64-efi/multiboot2.mod:grub-efi-amd64-bin \
	/usr/lib/grub/i386-efi/multiboot2.mod:grub-efi-ia32-bin \
	xorriso:xorriso mformat:mtools
RUN_NEEDS := qemu-system-i386:qemu-system-x86
GDB_NEEDS := gdb:gdb
TEST_NEEDS := /usr/include/cmocka.h:libcmocka-dev $(GDB_NEEDS) \
	/usr/lib/python3/dist-packages/pytest:python3-pytest \
	/usr/lib/python3/dist-packages/xdist:python3-pytest-xdist \
	/usr/lib/python3/dist-packages/pexpect:python3-pexpect \
	/usr/share/OVMF/OVMF_CODE_4M.fd:ovmf? \
	/usr/share/OVMF/OVMF32_CODE_4M.secboot.fd:ovmf-ia32? \
	bochs:bochs? /usr/share/bochs/BIOS-bochs-latest:bochsbios? \
	/usr/share/bochs/VGABIOS-lgpl-latest:vgabios? \
	/usr/lib/*/bochs/plugins/libbx_term_*:bochs-term?

# The guest's shell and tools: a static i386 BusyBox, by default Debian's.
BUSYBOX ?= build/busybox/bin/busybox

.PHONY: deps need-deps run-deps gdb-deps test-deps
deps: test-deps $(BUSYBOX) ## install the Debian packages the build and the tests need

DEPS_MODE := $(if $(filter no,$(DEPS)),check,install)
FETCH := $(PYTHON) .ci/fetch $(DEPS_MODE)

need-deps:
	$(Q).ci/deps $(DEPS_MODE) $(BUILD_NEEDS)

run-deps:
	$(Q).ci/deps $(DEPS_MODE) $(BUILD_NEEDS) $(RUN_NEEDS)

gdb-deps:
	$(Q).ci/deps $(DEPS_MODE) $(BUILD_NEEDS) $(RUN_NEEDS) $(GDB_NEEDS)

test-deps:
	$(Q).ci/deps $(DEPS_MODE) $(BUILD_NEEDS) $(RUN_NEEDS) $(TEST_NEEDS)

build/busybox/bin/busybox: | need-deps
	$(Q)$(FETCH) build/busybox busybox-static:i386 bin/busybox \
		'name another static i386 BusyBox with BUSYBOX=file'
	@touch $@

ifneq ($(BUSYBOX),build/busybox/bin/busybox)
$(BUSYBOX):
	@echo "BUSYBOX='$@': there is no such file" >&2; exit 1
endif

# newlib: the C library of the hypervisor, the guests and their programs.
# Its sources come from Debian's newlib-source; built once, kept in build/.
NEWLIB_CFLAGS := -Os -g $(TARGET) -fno-asynchronous-unwind-tables \
	-fno-omit-frame-pointer -fno-strict-aliasing

$(NEWLIB_LIB): | need-deps
	$(call say,NEWLIB,"$(NEWLIB) (once; takes a minute or two)")
	$(Q).ci/newlib build/newlib "gcc $(NEWLIB_CFLAGS)"

# --- compiling ---------------------------------------------------------------

# A stamp holds the value of a variable, and is new when that is another: what
# depends on it is made again then, and not whenever the makefile was touched.
STAMPS := FLAGS HOST_FLAGS FONT UMBRA_PARTS SDK_OBJS GNOMON_OBJS \
	USER_LIB_OBJS VM_LIB_OBJS ROOT_PARTS ROOT_ETC ISO_OPTIONS \
	$(HOST_TESTS:%=%_SRCS)

$(B)/stamp/%:
	@mkdir -p $(@D)
	@printf '%s\n' '$($*)' > $(aside) $(done)

# Whatever is built by hand or by CI, the tools come first.
$(B)/%.o: %.c $(B)/stamp/FLAGS | $(NEWLIB_LIB)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(DEPFLAGS) -c -o $(aside) $< $(done)

$(B)/%.o: %.S $(B)/stamp/FLAGS | $(NEWLIB_LIB)
	$(call say,AS,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ASFLAGS) $(DEPFLAGS) -c -o $(aside) $< $(done)

# Offsets for assembly come from the compiler; the header changes only when
# an offset does.
$(B)/arch/x86/asm-offsets.s: arch/x86/asm-offsets.c $(B)/stamp/FLAGS | $(NEWLIB_LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(DEPFLAGS) -S -o $(aside) $< $(done)

$(B)/asm-offsets.h: $(B)/arch/x86/asm-offsets.s
	$(Q)sed -n 's/^.*@@ \([A-Z0-9_]*\) [$$]*\(-*[0-9]*\).*$$/#define \1 \2/p' \
		$< > $(aside) && \
		if cmp -s $(aside) $@; then rm $(aside); else : $(done); fi

$(call obj,$(filter %.S,$(UMBRA_SRCS))): $(B)/asm-offsets.h

$(UMBRA_C_OBJS) $(B)/test/two_guests/start.o: CFLAGS += $(LTO)
$(call obj,$(HOT_SRCS)): CFLAGS += $(HOT_CFLAGS)
$(EARLY_OBJS): CFLAGS := $(EARLY_CFLAGS)
$(B)/guest/gnomon/arch/early.o: CFLAGS := $(EARLY_CFLAGS) \
	$(GNOMON_EARLY_CFLAGS)
$(B)/guest/user/%.o: CFLAGS := $(USER_CFLAGS)

# The screen's font comes from a Debian package.
$(B)/font.c: .ci/font $(B)/stamp/FONT | need-deps
	$(call say,FONT,$(FONT))
	@mkdir -p $(@D)
	$(Q).ci/font $(FONT) > $(aside) $(done)

$(B)/arch/x86/font.o: $(B)/font.c $(B)/stamp/FLAGS | $(NEWLIB_LIB)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(DEPFLAGS) -c -o $(aside) $< $(done)

$(B)/%.ld: %.ld $(B)/stamp/FLAGS | $(NEWLIB_LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -std=c11 -m32 -D__ASSEMBLY__ $(DEPFLAGS) -E -P \
		-x c -o $(aside) $< $(done)

# --- the hypervisor ----------------------------------------------------------

# Linked twice: the table of the first link's text symbols becomes part of
# the second. It lies behind all code, so no address in it moves.
UMBRA_PARTS := $(UMBRA_OBJS) $(B)/linker.ld $(NEWLIB_LIB)
assemble_symbols = .ci/symtab | $(CC) $(ASFLAGS) -x assembler-with-cpp -c -o $(aside) - \
	$(done)

$(B)/symtab0.o: .ci/symtab $(B)/stamp/FLAGS | $(NEWLIB_LIB)
	$(Q)echo '' | $(assemble_symbols)

$(B)/umbra.pass1.elf: $(UMBRA_PARTS) $(B)/symtab0.o $(B)/stamp/UMBRA_PARTS
	$(Q)$(link_umbra)

$(B)/symtab.o: $(B)/umbra.pass1.elf
	$(Q)$(NM) -n $< | $(assemble_symbols)

$(B)/umbra.elf: $(UMBRA_PARTS) $(B)/symtab.o
	$(call say,LD,$@)
	$(Q)$(link_umbra)

# --- guests ------------------------------------------------------------------

# Objects of the library go in as far as something asks for them.
$(B)/guest/lib/libsdk.a: $(SDK_OBJS) $(B)/stamp/SDK_OBJS
	$(call say,AR,$@)
	$(Q)$(AR) rcsD $(aside) $(SDK_OBJS) $(done)

SDK_PARTS := $(B)/guest/lib/start.o $(B)/guest/lib/libsdk.a \
	$(B)/guest/lib/guest.ld $(NEWLIB_LIB)

$(GUESTS:%=$(B)/%.elf): $(B)/%.elf: $(B)/guest/%/main.o $(SDK_PARTS)
	$(call say,LD,$@)
	$(Q)$(link_guest)

# A guest from a folder outside the tree, which may have any name: it is
# reached by a link. Objects made from another folder of that name go away.
ifneq ($(DIR),)
FOLDER := $(shell realpath -e -- $(call quote,$(DIR)/.) 2>/dev/null)
$(if $(FOLDER),,$(error DIR='$(DIR)': there is no such folder))
OUTSIDE := $(B)/outside/$(shell basename -- $(call quote,$(FOLDER)) | \
	tr -c 'A-Za-z0-9._\n-' -)
ifeq ($(GUEST),)
override GUEST := $(OUTSIDE).elf
endif
# ln leaves a folder alone that is no link.
ifneq ($(shell mkdir -p $(B)/outside; \
	[ "$$(realpath $(OUTSIDE))" = $(call quote,$(FOLDER)) ] || \
	{ rm -rf $(OUTSIDE).elf $(B)/$(OUTSIDE); \
	ln -sfT $(call quote,$(FOLDER)) $(OUTSIDE) 2>/dev/null; }; \
	realpath $(OUTSIDE)),$(FOLDER))
$(error the folder $(OUTSIDE) is in the way of DIR='$(DIR)')
endif
OUTSIDE_SRCS := $(wildcard $(OUTSIDE)/*.c $(OUTSIDE)/*.S)
$(if $(OUTSIDE_SRCS),,$(error no .c or .S file in DIR='$(DIR)'))
$(if $(filter-out %.c %.S,$(OUTSIDE_SRCS)),\
	$(error a blank in the name of a file in DIR='$(DIR)'))
OUTSIDE_OBJS := $(call obj,$(OUTSIDE_SRCS))
STAMPS += OUTSIDE_OBJS

# What the compiler says is of the user's own file. What make reads of it is
# not: a name there may have no colon.
theirs = $(call quote,$(FOLDER)/$(<F))
define outside_rule
$(call obj,$(1)): $(1) $(B)/stamp/FLAGS | $(NEWLIB_LIB)
	$$(call say,CC,$$(theirs))
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(CPPFLAGS) $(2) -c -o $$(aside) $$(theirs) && \
		$$(CC) $$(CPPFLAGS) $(2) -w -MM -MP -MT $$@ -MF $$@.d $$< $$(done)
endef
$(foreach s,$(OUTSIDE_SRCS),$(eval $(call outside_rule,$(s),\
	$(if $(filter %.S,$(s)),$$(ASFLAGS),$$(CFLAGS)))))

$(OUTSIDE).elf: $(OUTSIDE_OBJS) $(SDK_PARTS) $(B)/stamp/OUTSIDE_OBJS
	$(call say,LD,$@)
	$(Q)$(link_guest)
endif

.PHONY: guest
guest: $(if $(DIR),$(OUTSIDE).elf,$(GUESTS:%=$(B)/%.elf)) ## build the guest in folder DIR=, as build/outside/NAME.elf (run and gdb take DIR= too)

$(B)/gnomon.elf: $(GNOMON_OBJS) $(B)/guest/gnomon/arch/gnomon.ld $(NEWLIB_LIB) \
		$(B)/stamp/GNOMON_OBJS
	$(call say,LD,$@)
	$(Q)$(link_guest)

$(B)/guest/user/%.elf: $(B)/guest/user/%.o $(USER_LIB_OBJS) \
		$(B)/guest/user/lib/user.ld $(NEWLIB_LIB) $(B)/stamp/USER_LIB_OBJS
	$(call say,LD,$@)
	$(Q)$(link_guest)

# What goes to the root file system is stripped; gdb takes the other.
$(B)/root/%: $(B)/guest/user/%.elf
	@mkdir -p $(@D)
	$(Q)$(OBJCOPY) --strip-all $< $(aside) $(done)

ROOT_PARTS := $(BUSYBOX) $(USER_PROGRAMS:%=$(B)/root/%)
ROOT_ETC := $(wildcard guest/root/etc/*)

$(B)/root.cpio: $(ROOT_PARTS) $(ROOT_ETC) guest/root/mkroot \
		$(B)/stamp/ROOT_PARTS $(B)/stamp/ROOT_ETC
	$(call say,CPIO,$@)
	$(Q)$(PYTHON) guest/root/mkroot $(aside) $(ROOT_PARTS) $(done)

$(B)/test/vm/%.elf: $(B)/test/vm/%/main.o $(VM_LIB_OBJS) \
		$(B)/test/lib/vm.ld $(NEWLIB_LIB) $(B)/stamp/VM_LIB_OBJS
	$(call say,LD,$@)
	$(Q)$(link_guest)

# The hypervisor with two guests, for one test.
TWO_GUESTS := $(B)/test/two_guests.elf
$(TWO_GUESTS): $(filter-out $(B)/hv/start.o,$(UMBRA_PARTS)) \
		$(B)/test/two_guests/start.o $(B)/symtab0.o
	$(call say,LD,$@)
	$(Q)$(link_umbra)

# An emulator with a debug-exit port ends with the guest. A PC has none: it
# switches itself off, or halts with the report of a crash on its screen.
ISO_OPTIONS := exit=0xf4 on-off=exit on-crash=exit

$(B)/umbra.iso: $(B)/umbra.elf $(B)/gnomon.elf $(B)/root.cpio $(B)/hello.elf iso/grub.cfg.in iso/mkiso $(B)/stamp/ISO_OPTIONS
	$(call say,ISO,$@)
	$(Q)HELLO=$(B)/hello.elf iso/mkiso $@ $(B)/umbra.elf '$(ISO_OPTIONS)' \
		'$(B)/gnomon.elf gnomon role=kernel' \
		'$(B)/root.cpio root role=initrd'

# --- tests -------------------------------------------------------------------

# An emulator from npm, for one test.
.PHONY: v86
v86:
	$(Q)[ '$(DEPS)' = no ] || .ci/v86 build/v86 0.5.462

# Boot loaders: Debian packages, each with what is wanted of it and the
# architecture, if that is not the machine's. They are not installed: some would
# change how the machine boots.
LOADERS := isolinux:usr/lib/ISOLINUX/isolinux.bin \
	pxelinux:usr/lib/PXELINUX/pxelinux.0 syslinux:usr/bin/syslinux \
	syslinux-common:usr/lib/syslinux/memdisk \
	ipxe:usr/lib/ipxe/ipxe.lkrn grub-legacy:usr/lib/grub

# Those of tests marked slow: a program that Linux kernels boot others with,
# its library, and two such kernels.
SLOW_LOADERS := 'kexec-tools:**/sbin/kexec:i386' 'libc6:**/libc.so.6:i386' \
	'linux-image-686-pae+:boot/vmlinuz-*:i386' \
	'linux-image-cloud-amd64+:boot/vmlinuz-*:amd64'

# $(call fetch_loaders,ENTRIES)
fetch_loaders = [ '$(DEPS)' = no ] || { set -f; for one in $(1); do \
		IFS=:; set -- $$one; \
		$(FETCH) "build/loaders/$${1%+}" \
			"$$1:$${3:-$$(dpkg --print-architecture)}" \
			"$$2" 'its tests will be skipped' || :; done; }

.PHONY: loaders slow-loaders
loaders: | need-deps
	$(Q)$(call fetch_loaders,$(LOADERS))

slow-loaders: | need-deps
	$(Q)$(call fetch_loaders,$(SLOW_LOADERS))

HOST_BINS := $(HOST_TESTS:%=$(B)/host/%)

# Host tests compile the real sources for the build machine, sanitised.
define host_test_rule
$(B)/host/$(1): test/host/$(1).c $($(1)_SRCS) $(B)/stamp/HOST_FLAGS \
		$(B)/stamp/$(1)_SRCS | test-deps
	$$(call say,HOSTCC,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(HOST_FLAGS) -MM -MP -MT $$@ \
		test/host/$(1).c $($(1)_SRCS) > $$@.d
	$$(Q)$$(HOST_FLAGS) -o $$(aside) test/host/$(1).c \
		$($(1)_SRCS) -lcmocka $$(done)
endef
$(foreach t,$(HOST_TESTS),$(eval $(call host_test_rule,$(t))))

.PHONY: run test test-host test-vm test-machines test-fresh bench screenshot check stats notes gdb clean help
# A file's name from here: the checkout's own path may have a blank in it.
here = $(patsubst ./%,%,$(subst $(CURDIR)/,,$(1)))
RUN = GUEST=$(call quote,$(call here,$(GUEST))) \
	INITRD=$(call quote,$(call here,$(INITRD))) \
	DISK=$(call quote,$(call here,$(DISK))) \
	CMDLINE=$(call quote,$(CMDLINE)) UMBRA=$(call quote,$(UMBRA)) \
	MEM=$(call quote,$(MEM)) QEMU=$(call quote,$(QEMU)) \
	TIMEOUT=$(call quote,$(TIMEOUT)) BUILD='$(B)'
# What is booted, and what it may be told to boot besides, however that is named.
BOOTED := $(B)/umbra.elf $(B)/umbra.iso
BOOTABLE := $(BOOTED) $(B)/gnomon.elf $(B)/root.cpio $(GUESTS:%=$(B)/%.elf) \
	$(VM_ELFS) $(if $(DIR),$(OUTSIDE).elf)
BOOTED += $(filter $(BOOTABLE),$(call here,$(GUEST) $(INITRD) $(DISK)))
run: run-deps $(BOOTED) ## boot the ISO in an emulator (GUEST= INITRD= DISK= CMDLINE= UMBRA= MEM= QEMU= TIMEOUT=)
	@$(RUN) iso/run

# What the emulator tests run.
EMULATED := all v86 loaders $(VM_ELFS) $(TWO_GUESTS)
test: test-deps $(EMULATED) $(HOST_BINS) ## everything CI runs: host tests, then guests in emulators
	$(Q)BUILD='$(B)' $(PYTHON) test/run

test-host: test-deps $(HOST_BINS) ## the host tests alone
	$(Q)BUILD='$(B)' $(PYTHON) test/run --host

test-vm: test-deps $(EMULATED) ## the emulator tests alone (T=name selects)
	$(Q)BUILD='$(B)' $(PYTHON) test/run --vm $(T)

test-machines: test-deps $(EMULATED) slow-loaders ## the emulator tests marked slow, and all others on more processors; hours (T=name selects)
	$(Q)BUILD='$(B)' $(PYTHON) test/run --slow --processors $(T)

test-fresh: ## "make run" and the quick tests in fresh Debian systems (FRESH=trixie-user: one of them)
	$(Q).ci/deps $(DEPS_MODE) /usr/sbin/debootstrap:debootstrap git:git \
		/usr/lib/python3/dist-packages/pexpect:python3-pexpect
	$(Q)$(PYTHON) test/fresh $(FRESH)

bench: test-deps $(B)/umbra.elf $(B)/gnomon.elf $(B)/root.cpio $(VM_ELFS) ## print what things cost, in instructions and exits (BASE=file compares)
	$(Q)BUILD='$(B)' $(PYTHON) test/bench $(if $(value BASE),$(call quote,$(value BASE)))

screenshot: test-deps all ## make doc/screen.png, the picture in the README
	$(Q)BUILD='$(B)' $(PYTHON) test/screenshot doc/screen.png

check: test-deps $(B)/asm-offsets.h $(UMBRA_OBJS) $(GNOMON_OBJS) ## headers, layers, circles, documents, style and size limits
	$(Q).ci/check-headers
	$(Q).ci/check-layers
	$(Q).ci/check-circles '$(NM)' $(UMBRA_OBJS)
	$(Q).ci/check-circles '$(NM)' $(filter $(B)/guest/gnomon/%,$(GNOMON_OBJS))
	$(Q).ci/check-citations
	$(Q).ci/check-readmes
	$(Q).ci/check-style
	$(Q).ci/check-stats

stats: ## lines per module against their budgets
	$(Q).ci/check-stats

notes: ## known limitations and subtle arguments, from the sources
	$(Q)grep -rnE --include='*.[chS]' '(LIMIT|TRICK):' boot hv mm arch guest

GDB_PORT := 1234
GDB_GUEST := $(or $(call here,$(GUEST)),$(B)/gnomon.elf)
GDB_LINE := gdb $(B)/umbra.elf -ex "add-symbol-file $(GDB_GUEST)" \
	-ex "target remote :$(GDB_PORT)"
gdb: override QEMU := $(or $(QEMU),qemu-system-i386) -S -gdb tcp::$(GDB_PORT)
gdb: gdb-deps $(BOOTED) ## boot what run does, stopped, for gdb on GDB_PORT=1234 (all that run takes)
	@echo 'The emulator waits for a debugger; Ctrl-A x leaves it.' \
		'In another terminal:'
	@printf '%s\n' $(call quote,$(GDB_LINE))
	@$(RUN) iso/run

clean: ## remove what was built, but not newlib and what was fetched
	$(Q)mkdir -p build
	$(Q)find build -mindepth 1 -maxdepth 1 ! -name newlib ! -name busybox ! -name v86 ! -name loaders -exec rm -rf {} +

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | \
		sed -E 's/^([a-z-]+):.*## (.*)$$/  make \1\t\2/' | expand -t 22

-include $(shell find $(B) -type f -name '*.d' 2>/dev/null)
# A source that one of them remembers may have moved: that is out of date, no
# more.
%.c %.S:: ;

# Last, since it needs every variable.
.PHONY: FORCE
define stamp_rule
ifneq ($$(file <$(B)/stamp/$(1)),$$($(1)))
$(B)/stamp/$(1): FORCE
endif
endef
$(foreach v,$(STAMPS),$(eval $(call stamp_rule,$(v))))
