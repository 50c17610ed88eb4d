# SPDX-License-Identifier: GPL-2.0-or-later
"""
hv/abi/README.md, the reference of the guest interface: its numbers are those of
the headers, its reasons those that Umbra gives, its example a guest.
"""

import re
import subprocess

from emulator import ROOT, SCRATCH, direct_boot, kernel_module, run
from judge import judge

REFERENCE = (ROOT / "hv" / "abi" / "README.md").read_text()

# What of HC_... is no number of a call.
NO_CALLS = {"VECTOR", "NUMBERS", "SHUTDOWN_TEXT", "RING_SLOTS", "SLOT_FREE",
            "SLOT_PENDING"}


def section(number):
    """The text of a section, without those below it."""
    found = re.search(rf"^#+ {re.escape(number)} .*?\n(.*?)(?=^#|\Z)",
                      REFERENCE, re.M | re.S)
    assert found, number
    return found[1]


def rows(number):
    """The cells of each row of a section's tables, without their heads."""
    lines = section(number).split("\n")
    return [[cell.strip() for cell in line.strip("|").split("|")]
            for before, line in zip(lines, lines[1:])
            if line.startswith("|") and before.startswith("|")
            and not line.startswith("|---")]


def header(name):
    """A header of the interface."""
    return (ROOT / "hv" / "abi" / name).read_text()


def test_calls():
    """All hypercalls of the header, by number and name, and no other."""
    defined = {name: int(number, 0) for name, number in re.findall(
        r"^#define HC_(\w+)\s+(0x\w+|\d+)", header("hypercall.h"), re.M)
        if name not in NO_CALLS}
    assert {row[1]: int(row[0], 0) for row in rows("2.2")} == defined


def fields(column):
    """{field: offset} of one layout."""
    return {re.sub(r"\.tv|\[.*", "", row[3]): int(row[column], 0)
            for row in rows("3.1") if row[column] and row[3] != "size"}


def test_fields():
    """Offsets and sizes of both layouts."""
    text = header("lguest.h")
    new = {name: int(offset, 0) for name, offset in re.findall(
        r"^LGUEST_DATA_AT\((\w+), (\w+)\)", text, re.M)}
    assert fields(0) == new
    old = {name: offset for name, offset in new.items() if offset < 0x560}
    assert fields(1) == old | {
        "noirq_start": 0x560, "noirq_end": 0x564, "kernel_address": 0x568,
        "syscall_vec": 0x56C}
    assert "lguest_data_old, kernel_address) == 0x568" in text
    sizes = re.findall(r"sizeof\(struct lguest_data\w*\) == (\d+)", text)
    assert rows("3.1")[-1][:2] == sizes


def test_boot_parameters():
    """Offsets into page 0."""
    defined = {int(offset, 0) for offset in re.findall(
        r"^#define BP_\w+\s+(0x\w+) /\*", header("boot.h"), re.M)}
    named = {int(offset, 0) for row in rows("1.3")
             for offset in row[0].split(", ")}
    assert named == defined - {0x1F1, 0x201}  # of the header that is copied


def reasons():
    """The longest fixed part of each reason to kill a guest."""
    for path in sorted((ROOT / "hv").rglob("*.c")):
        for call in re.findall(
                r'\bguest_kill\(\s*[^,;]+,\s*((?:"[^"]*"\s*)+)',
                path.read_text()):
            text = "".join(re.findall(r'"([^"]*)"', call))
            parts = re.split(r"(?:0x)?%[\d]*[a-z](?:%\d*[a-z])*", text)
            yield max((part.strip(" :,()") for part in parts), key=len)


def test_reasons():
    """Whatever a guest is killed for is in the list of what ends one."""
    walk = (ROOT / "mm" / "gwalk.c").read_text()
    tables = set(re.findall(r'"([a-z][^"]* (?:with|outside) [^"]*)"', walk))
    assert len(tables) == 7
    found = set(reasons()) | tables
    assert len(found) > 25
    missing = {reason for reason in found if reason not in section("9")}
    assert not missing


SMALLEST = """
	.globl _start
_start:
{listing}
	.data
	.balign 4
data:
	.zero 0x18
	.fill 64, 1, 0xff
	.org data + 0x564
	.long 0xc0000000, 0x80
text:
	.asciz "PASS"
	.zero 128
"""


def test_example():
    """The smallest guest, as it is printed there, starts and powers off."""
    listing = "\n".join(line for line in section("0.2").split("\n")
                        if line.startswith("    "))
    SCRATCH.mkdir(parents=True, exist_ok=True)
    source, elf = SCRATCH / "smallest.S", SCRATCH / "smallest.elf"
    source.write_text(SMALLEST.format(listing=listing))
    subprocess.run(["gcc", "-m32", "-nostdlib", "-static", "-no-pie",
                    "-Wl,-N,-Ttext=0x200000,--build-id=none", "-o", elf,
                    source], check=True)
    judge(run(direct_boot([kernel_module(elf)])), "PASS")
