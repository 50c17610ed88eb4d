# SPDX-License-Identifier: GPL-2.0-or-later
"""
Umbra in v86, an emulator written for browsers, under node: its large pages
ask for CR4.PSE, its serial port loops back no modem status, it has neither ACPI nor
an APIC, and it shares no code with the others.
"""

import pathlib
import shutil

import pytest

from emulator import ROOT, SCRATCH, make_iso
from gnomon import GNOMON, ROOT_CPIO, Session

PACKAGE = ROOT / "build" / "v86" / "node_modules" / "v86"
FIRMWARE = pathlib.Path("/usr/share/seabios")

NEEDS = {"node": shutil.which("node"),
         "npm's v86": PACKAGE.exists(),
         "SeaBIOS": (FIRMWARE / "bios.bin").exists()}
MISSING = [name for name, found in NEEDS.items() if not found]


pytestmark = pytest.mark.skipif(bool(MISSING),
                                reason=f"missing: {', '.join(MISSING)}")


def boot(config, **images):
    """A session on a machine with these images."""
    images |= {"bios": FIRMWARE / "bios.bin",
               "vga_bios": FIRMWARE / "vgabios-stdvga.bin"}
    shell = Session(config)
    shell.command = ["node", str(ROOT / "test" / "v86.mjs"), str(PACKAGE),
                     *(f"{name}={file}" for name, file in images.items())]
    return shell


def use(shell):
    """What people do first."""
    shell.settle()
    assert shell.run("uname -sm") == "Linux i686\n"
    assert shell.run("seq 1 1000 | sort -rn | head -n 1") == "1000\n"
    shell.run("sh -c 'kill -SEGV $$'", status=139)
    assert shell.run("signals").endswith("signals: PASS\n")
    shell.type("poweroff\n")


def test_session():
    """The ISO gives a shell, on the serial port that was named."""
    iso = make_iso(SCRATCH / "v86.iso", [f"{GNOMON} gnomon role=kernel",
                                         f"{ROOT_CPIO} root role=initrd"],
                   "console=com1,vga on-off=halt on-crash=halt")
    with boot(("umbra", "pae"), cdrom=iso) as shell:
        use(shell)
        shell.expect("umbra: guest powered off: power off")


def test_native():
    """Its own Multiboot loader passes a memory map but no memory sizes."""
    with boot(("native", "pae"), multiboot=GNOMON, initrd=ROOT_CPIO) as shell:
        use(shell)
        shell.expect("gnomon: halted")
