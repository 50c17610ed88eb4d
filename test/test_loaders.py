# SPDX-License-Identifier: GPL-2.0-or-later
"""
Other loaders, with lines as iso/README.md says to write them, and the ISO on
other devices. What a loader makes of a module's line is part of the test.
"""

import itertools
import pathlib
import subprocess

import pytest

from emulator import (SCRATCH, TEST_OPTIONS, TIMEOUT, Emulator, guest_elf,
                      UMBRA, make_iso)
from gnomon import GNOMON, ROOT_CPIO, Session
from judge import judge, require
from loaders import (SYSLINUX_MODULES, disc, fat_disk, folder, kexec, network,
                     piece, write)
from screen import Watched
from test_firmware import FIRMWARE, PATIENCE
from test_screen import STAY

# Blanks within quotes are what loaders differ in.
ARGS = "one  \"two  three\" four=\"5  6\""
KEPT = ARGS
COLLAPSED = "one \"two three\" four=\"5 6\""


def boot(args, name="kernel.elf", words=KEPT, loader="", program=None):
    """Boot to the end: the initrd is whole, the kernel's line as expected."""
    emulator = Emulator(args, memory="128M")
    if program:
        emulator.command[0] = program
    with emulator:
        outcome = emulator.finish(timeout=PATIENCE * TIMEOUT)
    judge(outcome, "OFF: initrd of 5000 bytes, sum 0x1388")
    said = "\n".join(outcome.umbra())
    require(outcome, f"loaded by {loader}" in said, f"not {loader}")
    require(outcome, f"guest: kernel '{name}', " in said, f"not {name}")
    require(outcome, f"arguments '{words}'\n" in said, f"not <{words}>")


def syslinux_config(prefix=""):
    """The lines for mboot.c32 of the SYSLINUX family."""
    return (f"DEFAULT umbra\nLABEL umbra\n KERNEL mboot.c32\n"
            f" APPEND {prefix}umbra.elf {TEST_OPTIONS} --- "
            f"{prefix}kernel.elf role=kernel {ARGS} --- "
            f"{prefix}initrd role=initrd\n")


def syslinux_folder(name, *more):
    """A folder with what mboot.c32 needs."""
    return folder(name, [piece("syslinux-common", f"{SYSLINUX_MODULES}/{file}")
                         for file in ("ldlinux.c32", "mboot.c32",
                                      "libcom32.c32")] + list(more))


def test_isolinux():
    """ISOLINUX from a disc: the first word is the path as it was written."""
    tree = syslinux_folder("isolinux", piece(
        "isolinux", "usr/lib/ISOLINUX/isolinux.bin"))
    write(tree / "isolinux.cfg", syslinux_config("/"))
    boot(disc(tree, "isolinux.bin"), "/kernel.elf", COLLAPSED, "ISOLINUX ")


@pytest.mark.slow
def test_syslinux():
    """SYSLINUX from a FAT disk."""
    installer = piece("syslinux", "usr/bin/syslinux")
    tree = syslinux_folder("syslinux")
    write(tree / "syslinux.cfg", syslinux_config())
    path = fat_disk(tree)
    subprocess.run([installer, "--install", path], check=True)
    boot(["-drive", f"format=raw,snapshot=on,file={path}"], "kernel.elf",
         COLLAPSED, "SYSLINUX ")


def test_pxelinux():
    """PXELINUX from a network."""
    tree = syslinux_folder("pxelinux", piece(
        "pxelinux", "usr/lib/PXELINUX/pxelinux.0"))
    write(tree / "pxelinux.cfg" / "default", syslinux_config())
    boot(network(tree, "pxelinux.0"), "kernel.elf", COLLAPSED, "PXELINUX ")


def ipxe_script(first=""):
    """The lines for iPXE."""
    return (f"#!ipxe\n{first}kernel umbra.elf {TEST_OPTIONS}\n"
            f"module kernel.elf role=kernel {ARGS}\n"
            f"module initrd role=initrd\nboot\n")


IPXE_NAME = "tftp://10.0.2.2/kernel.elf"


def test_ipxe_rom():
    """The iPXE in a network card: the first word is the whole address."""
    tree = folder("ipxe-rom")
    write(tree / "boot.ipxe", ipxe_script())
    boot(network(tree, "boot.ipxe"), IPXE_NAME, COLLAPSED, "iPXE ")


@pytest.mark.slow
def test_ipxe_lkrn():
    """The iPXE that other loaders start like a Linux kernel."""
    tree = folder("ipxe-lkrn")
    script = SCRATCH / "ipxe-lkrn.ipxe"
    write(script, ipxe_script("dhcp\nset net0/next-server 10.0.2.2\n"))
    kernel = piece("ipxe", "usr/lib/ipxe/ipxe.lkrn")
    boot(["-kernel", str(kernel), "-initrd", str(script), *network(tree)],
         IPXE_NAME, COLLAPSED, "iPXE ")


def test_grub_legacy():
    """GRUB 0.97: the first word is the path, blanks stay."""
    tree = folder("grub-legacy")
    write(tree / "boot" / "grub" / "menu.lst",
          f"timeout 0\ntitle Umbra\nkernel /umbra.elf {TEST_OPTIONS}\n"
          f"module /kernel.elf role=kernel {ARGS}\n"
          f"module /initrd role=initrd\n")
    stage2 = piece("grub-legacy", "usr/lib/grub/*/stage2_eltorito")
    (tree / "boot" / "grub" / "stage2").write_bytes(stage2.read_bytes())
    boot(disc(tree, "boot/grub/stage2"), "/kernel.elf", KEPT, "GNU GRUB 0.97")


def grub_config(version):
    """The lines for GRUB 2, which quotes words anew: none here."""
    number = "2" if version == 2 else ""
    return (f"multiboot{number} /umbra.elf {TEST_OPTIONS}\n"
            f"module{number} /kernel.elf guest role=kernel one two\n"
            f"module{number} /initrd root role=initrd\nboot\n")


def test_grub_network():
    """GRUB from a network, by Multiboot 1: the first word is a label."""
    tree = folder("grub-network")
    subprocess.run(["grub-mknetdir", f"--net-directory={tree}",
                    "--subdir=grub", "-d", "/usr/lib/grub/i386-pc",
                    "--locales=", "--fonts=", "--themes="], check=True,
                   stdout=subprocess.DEVNULL)
    write(tree / "grub" / "grub.cfg", grub_config(1))
    boot(network(tree, "grub/i386-pc/core.0"), "guest", "one two", "GRUB 2")


def test_grub_by_hand():
    """A menu of a user's own, without a word on the screen: the image's
    header says what Umbra likes."""
    tree = folder("grub-by-hand")
    write(tree / "boot" / "grub" / "grub.cfg",
          "insmod all_video\n" +
          grub_config(2).replace(TEST_OPTIONS, "on-off=halt"))
    path = tree.with_suffix(".iso")
    subprocess.run(["grub-mkrescue", "--locales=", "--fonts=", "--themes=",
                    "-o", path, tree], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    with Watched("grub-by-hand", ["-cdrom", str(path), *STAY]) as machine:
        machine.wait_for("sum 0x1388", machine.text)
        picture = machine.picture()
    assert (picture.width, picture.height) == (1024, 768)


KERNELS = {"linux-image-686-pae": "qemu-system-i386",
           "linux-image-cloud-amd64": "qemu-system-x86_64"}


@pytest.mark.slow
@pytest.mark.parametrize("kernel", KERNELS)
def test_kexec(kernel):
    """From Linux, for 32 bits and for 64: the first word is the path, blanks
    stay. A session at Gnomon's shell."""
    line = f"paging=pae {ARGS}".replace('"', '\\"')
    args = kexec(kernel, f'umbra.elf --command-line="{TEST_OPTIONS}" '
                 f'--module="gnomon.elf role=kernel {line}" '
                 f'--module="root.cpio role=initrd"',
                 [UMBRA, GNOMON, ROOT_CPIO])
    shell = Session(("umbra", "pae"), memory="512M")
    shell.command = [KERNELS[kernel], *shell.command[1:shell.command.index(
        "-kernel")], *args]
    with shell:
        shell.expect("umbra: loaded by kexec ")
        shell.settle()
        assert shell.run("uname -sm") == "Linux i686\n"
        outcome = shell.power_off()
    judge(outcome, "OFF: power off")
    require(outcome, "kernel 'gnomon.elf', " in outcome.log, "another name")
    require(outcome, f"arguments 'paging=pae {KEPT}'\r\n" in outcome.log,
            f"not <{KEPT}>")


def umbra_iso():
    """The ISO as it is made for users, with another guest."""
    path = SCRATCH / "devices.iso"
    return make_iso(path, [f"{guest_elf('pass')} guest role=kernel"])


def boot_iso(args, firmware="bios"):
    """Boot that to its end."""
    program, more = FIRMWARE[firmware]
    emulator = Emulator(args + more, memory="128M")
    emulator.command[0] = program
    with emulator:
        outcome = emulator.finish(timeout=PATIENCE * TIMEOUT)
    judge(outcome, "PASS")


@pytest.mark.parametrize("kind", ["iso", pytest.param(
    "harddisk", marks=pytest.mark.slow)])
def test_memdisk(kind):
    """The whole ISO in memory, behind firmware calls that are caught."""
    kernel = piece("syslinux-common", "usr/lib/syslinux/memdisk")
    boot_iso(["-kernel", str(kernel), "-initrd", str(umbra_iso()),
              "-append", kind])


DEVICES = {
    "nvme": ["nvme,serial=1,drive=disk"],
    "usb3": ["qemu-xhci", "usb-storage,drive=disk"],
    "usb2": ["usb-ehci", "usb-storage,drive=disk"],
    "ahci": ["ahci,id=sata", "ide-hd,drive=disk,bus=sata.0"],
    "ahci-cd": ["ahci,id=sata", "ide-cd,drive=disk,bus=sata.0"],
    "virtio": ["virtio-blk-pci,drive=disk"],
    "virtio-scsi": ["virtio-scsi-pci", "scsi-hd,drive=disk"],
    "lsi-cd": ["lsi", "scsi-cd,drive=disk"],
}
QUICK = [("bios", "nvme"), ("bios", "usb3")]
NO_DRIVER = [("x64", "lsi-cd")]


@pytest.mark.parametrize("firmware, device", [
    pytest.param(*case, marks=[] if case in QUICK else pytest.mark.slow)
    for case in itertools.product(("bios", "x64"), DEVICES)
    if case not in NO_DRIVER])
def test_device(firmware, device):
    """The ISO is a disk, too, wherever the firmware finds one."""
    if firmware == "x64" and not pathlib.Path("/usr/share/OVMF").exists():
        pytest.skip("missing: ovmf")
    args = ["-drive", f"if=none,id=disk,format=raw,snapshot=on,"
            f"file={umbra_iso()}"]
    for one in DEVICES[device]:
        args += ["-device", one]
    boot_iso(args, firmware)
