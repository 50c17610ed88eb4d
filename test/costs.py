# SPDX-License-Identifier: GPL-2.0-or-later
"""
What operations cost: Gnomon natively against Gnomon on Umbra, with either
format of page tables, in instructions and exits.

One run of the guest's program "bench" for each of the four, with instruction
counting, so that the numbers are the same on every machine.
"""

import dataclasses

from emulator import ROOT, SCRATCH, run
from gnomon import FORMATS, run_program
from test_guests import arguments
from testmk import all_cases

ANCHORS = ROOT / "test" / "anchors.txt"
OPTIONS = "audit=sample"

# Operations of the guest's program, in the order of the table.
TITLES = {
    "compute": "compute loop",
    "null-call": "int 0x80 null call",
    "signal": "signal to oneself",
    "touch": "first touch of an anonymous page",
    "mmap-touch-munmap": "mmap, touch, munmap 256 KiB",
    "mprotect": "mprotect ro, rw, write",
    "fault-handler": "fault to a handler",
    "pipe-self": "pipe to self",
    "pipe-round-trip": "pipe round trip, two processes",
    "fork": "fork, exit, wait",
    "exec": "fork, exec, wait",
    "shell": "sh -c true",
    "timer": "timer interrupt",
    "disk-read": "virtio-blk, read of 4 KiB",
    "boot": "power on to first program",
}

# What only a guest of a few lines measures, on Umbra alone.
SINGLES = {
    "hcall.round_trip": "hypercall round trip",
    "disk.read_4k": "virtio-blk 4 KiB read, bare",
    "disk.write_4k": "virtio-blk 4 KiB write, bare",
    "console.line": "64 characters printed",
}


@dataclasses.dataclass
class Cost:
    """One operation with one format of page tables."""

    native: int
    umbra: int
    exits: float

    def ratio(self):
        """How much more it costs on Umbra."""
        return self.umbra / self.native


class MeasuringFailed(Exception):
    """A run that should have measured did not end well."""


def measure_program(config):
    """What bench prints in one configuration."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    disk = SCRATCH / f"costs-{'-'.join(config)}.disk"
    disk.write_bytes(bytes(1 << 20))
    outcome = run_program(config, "bench", disk=disk, options=OPTIONS)
    disk.unlink()
    measured = outcome.measured()
    if outcome.status != 33 or "init: ended with 0" not in outcome.log or \
       not measured:
        raise MeasuringFailed(outcome.report())
    return measured


def measure_table():
    """{format: {operation: Cost}}"""
    table = {}
    for paging in FORMATS:
        native, umbra = (measure_program((platform, paging))
                         for platform in ("native", "umbra"))
        table[paging] = {
            name: Cost(native[name], umbra[name],
                       umbra[f"{name}.exits"] / 100)
            for name in TITLES if name in native and name in umbra}
    return table


def measure_single(case):
    """The rows of one guest of category perf."""
    outcome = run(arguments(case), memory=case.get("MEM"),
                  cpu=case.get("CPU") or None)
    if outcome.verdict() != ("OFF", "PASS"):
        raise MeasuringFailed(f"{case.name} did not pass\n{outcome.report()}")
    return outcome.measured()


def measure_singles():
    """{name: instructions} of the guests of category perf."""
    values = {}
    for case in all_cases():
        if case.get("CATEGORY") == "perf":
            values.update(measure_single(case))
    return values


def anchors():
    """{format: {operation: Cost}} of what Umbra is measured against."""
    table = {paging: {} for paging in FORMATS}
    for line in ANCHORS.read_text().splitlines():
        if line and not line.startswith("#"):
            name, *numbers = line.split()
            numbers = [int(number) for number in numbers]
            for paging, at in zip(FORMATS, (0, 2)):
                table[paging][name] = Cost(numbers[at], numbers[at + 1], 0)
    return table
