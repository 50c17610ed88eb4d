# SPDX-License-Identifier: GPL-2.0-or-later
"""
Every guest of test/vm, loaded directly, judged by what its test.mk expects.
"""

import pytest

from emulator import (COUNTING, SCRATCH, direct_boot, guest_elf,
                      kernel_module, run)
from judge import judge, require
from testmk import all_cases

def pattern_file(name, size):
    """A file of @size bytes whose sum test.mk knows."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    path = SCRATCH / name
    path.write_bytes(bytes((i * 31 + 7) & 0xFF for i in range(size)))
    return path


def arguments(case):
    """Emulator arguments for one run."""
    modules = [kernel_module(guest_elf(case.guest), case.cmdline)]
    if case.get("INITRD"):
        path = pattern_file(f"{case.guest}.initrd", int(case.get("INITRD")))
        modules.append(f"{path} role=initrd")
    for i, disk in enumerate(filter(None, case.get("DISK").split(", "))):
        size, _, words = disk.partition(" ")
        path = pattern_file(f"{case.guest}.disk{i}", int(size))
        modules.append(f"{path} role=disk {words}".rstrip())
    args = direct_boot(modules, case.get("UMBRA"))
    if case.get("CLOCK") or case.get("CATEGORY") == "perf":
        args += COUNTING
    return args


def require_numbers(outcome, case):
    """Check what the guest measured and what Umbra counted."""
    measured = outcome.measured()
    for name, limit in case.family("LIMIT").items():
        require(outcome, measured.get(name, limit) < limit,
                f"{name} is {measured.get(name)}, not below {limit}")
    stats = outcome.stats()
    least, most = case.family("STAT"), case.family("STATMAX")
    require(outcome, stats or not (least or most), "there are no stats")
    for name, limit in least.items():
        require(outcome, stats.get(name, 0) >= limit,
                f"stat {name} is {stats.get(name)}, not at least {limit}")
    for name, limit in most.items():
        require(outcome, stats.get(name, 0) <= limit,
                f"stat {name} is {stats.get(name)}, more than {limit}")


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)
def test_guest(case):
    """Run one guest."""
    outcome = run(arguments(case), memory=case.get("MEM"),
                  cpu=case.get("CPU") or None,
                  typing=case.get("INPUT") or None)
    judge(outcome, case.expect)
    require(outcome, case.get("OUTPUT") in outcome.log, "OUTPUT is missing")
    if case.get("FORBID"):
        require(outcome, case.get("FORBID") not in outcome.log,
                "FORBID was printed")
    require_numbers(outcome, case)
