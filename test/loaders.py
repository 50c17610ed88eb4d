# SPDX-License-Identifier: GPL-2.0-or-later
"""
Boot loaders other than GRUB's ISO: folders for them, discs and networks.

Those that a machine should not have installed come from build/loaders, where
"make test" unpacks them, and "make test-machines" those of slow tests; one that
could not be fetched is skipped by name.
"""

import shutil
import subprocess

import pytest

from emulator import ROOT, SCRATCH, UMBRA, guest_elf
from gnomon import ROOT_CPIO, cpio_archive

FETCHED = ROOT / "build" / "loaders"
SYSLINUX_MODULES = "usr/lib/syslinux/modules/bios"


def piece(package, path):
    """The first file of a fetched package whose path matches @path. The test is
    skipped if there is none."""
    found = next((FETCHED / package).glob(path), None)
    if not found:
        pytest.skip(f"missing: {package}")
    return found


def folder(name, files=()):
    """A new folder with Umbra, a guest that judges its initrd, the initrd,
    and further files."""
    tree = SCRATCH / name
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    shutil.copy(UMBRA, tree / "umbra.elf")
    shutil.copy(guest_elf("initrd"), tree / "kernel.elf")
    (tree / "initrd").write_bytes(b"\1" * 5000)
    for file in files:
        shutil.copy(file, tree)
    return tree


def write(path, text):
    """Write a file whose folder may be missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def disc(tree, image):
    """A disc of that folder, which the firmware boots by @image in it."""
    path = tree.with_suffix(".iso")
    subprocess.run(
        ["xorriso", "-as", "mkisofs", "-quiet", "-R", "-o", path, "-b", image,
         "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", tree],
        check=True, stderr=subprocess.DEVNULL)
    return ["-cdrom", str(path)]


def network(tree, file=None):
    """A network whose server has that folder, and says to boot @file."""
    boot = [] if file is None else ["-boot", "n"]
    return ["-netdev", f"user,id=net,tftp={tree}" +
            (f",bootfile={file}" if file else ""),
            "-device", "e1000,netdev=net", *boot]


def fat_disk(tree):
    """A FAT file system, without partitions, of that folder's files."""
    path = tree.with_suffix(".img")
    path.unlink(missing_ok=True)
    subprocess.run(["mformat", "-i", path, "-C", "-h", "16", "-s", "63",
                    "-t", "64", "::"], check=True)
    subprocess.run(["mcopy", "-i", path, *sorted(tree.iterdir()), "::"],
                   check=True)
    return path


KEXEC = """\
#!/bin/sh
mount -t proc proc /proc
mount -t devtmpfs dev /dev
exec </dev/console >/dev/console 2>&1
kexec() { /ld-linux.so.2 --library-path / /kexec "$@"; }
kexec -l -t multiboot-x86 %s && kexec -e
"""


def kexec(kernel, arguments, files):
    """Linux, the kernel of that package, whose first program boots what these
    arguments of kexec say of these files in its root file system."""
    tools = [piece("kexec-tools", "**/sbin/kexec"),
             piece("libc6", "**/ld-linux.so.2"), piece("libc6", "**/libc.so.6")]
    path = SCRATCH / f"{kernel}.cpio"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(ROOT_CPIO.read_bytes() + cpio_archive(
        {file.name: file.read_bytes() for file in [*tools, *files]} |
        {"boot": (KEXEC % arguments).encode()}))
    return ["-kernel", str(piece(kernel, "boot/vmlinuz-*")),
            "-initrd", str(path),
            "-append",
            "console=ttyS0 quiet panic=-1 no_timer_check rdinit=/boot"]
