# SPDX-License-Identifier: GPL-2.0-or-later
"""
Umbra in v86, an emulator written for browsers, under node: its large pages
ask for CR4.PSE, its serial port has no loopback mode, it has neither ACPI nor
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


@pytest.mark.skipif(bool(MISSING), reason=f"missing: {', '.join(MISSING)}")
def test_session():
    """The ISO gives a shell, on the serial port that was named."""
    iso = make_iso(SCRATCH / "v86.iso",
                   [f"{GNOMON} gnomon role=kernel", f"{ROOT_CPIO} root role=initrd"],
                   "console=com1,vga on-off=halt on-crash=halt")
    shell = Session(("umbra", "pae"))
    shell.command = ["node", str(ROOT / "test" / "v86.mjs"), str(PACKAGE),
                     str(FIRMWARE / "bios.bin"),
                     str(FIRMWARE / "vgabios-stdvga.bin"), str(iso)]
    with shell:
        shell.settle()
        assert shell.run("uname -sm") == "Linux i686\n"
        assert shell.run("seq 1 1000 | sort -rn | head -n 1") == "1000\n"
        assert shell.run("sh -c 'kill -SEGV $$'", status=139)
        assert shell.run("signals").endswith("signals: PASS\n")
        shell.type("poweroff\n")
        shell.expect("umbra: guest powered off: power off")
