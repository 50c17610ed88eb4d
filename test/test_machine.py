# SPDX-License-Identifier: GPL-2.0-or-later
"""
Machines: sizes of memory, models of processor, and events from outside.
"""

import json
import re
import socket

import pytest

from emulator import (SCRATCH, TIMEOUT, Emulator, direct_boot, guest_elf,
                      kernel_module, run_guest)
from judge import judge, require
from testmk import all_cases

MIB_LINE = re.compile(r"^ram-pattern: (\d+) MiB", re.M)


def pattern(memory, options="", cpu=None):
    """Run ram-pattern; returns its outcome and the MiB it had."""
    outcome = run_guest("ram-pattern", "stride=16", options, memory=memory,
                        cpu=cpu)
    judge(outcome, "PASS")
    return outcome, int(MIB_LINE.search(outcome.log)[1])


@pytest.mark.parametrize("memory, least", [
    ("32M", 16), ("33M", 16), ("63M", 32), ("128M", 80), ("512M", 360),
    ("1G", 700), ("2G", 1024), ("3G", 1024), ("4G", 1024), ("6G", 1024),
])
def test_memory(memory, least):
    """By default a guest has three quarters of what is free, or 1 GiB."""
    outcome, mib = pattern(memory)
    require(outcome, least <= mib <= 1024, f"the guest has {mib} MiB")


@pytest.mark.parametrize("cpu", ["pentium3", "core2duo", "max"])
def test_memory_above_4g(cpu):
    """A guest of 3 GiB on 6 GiB: more than there is below 4 GiB."""
    outcome, mib = pattern("6G", "guest.mem=3G", cpu)
    require(outcome, mib == 3072, f"the guest has {mib} MiB")


def test_memory_out_of_reach():
    """The default model has PAE but 32 address lines, says the emulator."""
    outcome, mib = pattern("6G", "guest.mem=3G")
    require(outcome, 2048 <= mib <= 3072, f"the guest has {mib} MiB")


@pytest.mark.parametrize("memory, option, least, most", [
    ("256M", "guest.mem=48M", 48, 48),
    ("256M", "guest.mem=65536K", 64, 64),
    ("256M", "guest.mem=1G", 128, 255),  # more than there is
    ("4G", "guest.mem=4G", 2048, 3072),  # device windows lie above
])
def test_guest_mem(memory, option, least, most):
    """guest.mem= is obeyed, or clipped with a line that says so."""
    outcome, mib = pattern(memory, option)
    require(outcome, least <= mib <= most, f"the guest has {mib} MiB")
    wanted = {"guest.mem=48M": 48, "guest.mem=65536K": 64}
    if mib != wanted.get(option):
        require(outcome, any("guest.mem" in line and "clipped" in line
                             for line in outcome.umbra()),
                "no line about clipping")


@pytest.mark.parametrize("cpu", [
    "pentium2", "pentium3", "coreduo", "n270", "core2duo", "athlon",
    "phenom", "qemu32", "qemu64", "Nehalem", "Haswell", "EPYC", "max",
])
@pytest.mark.parametrize("case", [case for case in all_cases()
                                  if case.name in ("regs", "escape-insn")],
                         ids=lambda case: case.name)
def test_processor(cpu, case):
    """Any processor with PAE and FXSR will do, NX or not."""
    judge(run_guest(case.guest, cpu=cpu), case.expect)


@pytest.mark.parametrize("cpu, lacks", [
    ("486", "PAE"), ("pentium", "PAE"), ("qemu32,-fxsr", "FXSR"),
    ("qemu32,-tsc", "TSC"), ("qemu32,-cx8", "CMPXCHG8B"),
])
def test_unfit_processor(cpu, lacks):
    """What a processor lacks is said before anything else is tried."""
    with Emulator(direct_boot([kernel_module(guest_elf("pass"))]),
                  cpu=cpu) as emulator:
        said = emulator.wait_for("umbra: cannot run: this processor lacks")
        said = said and emulator.wait_for(lacks)
        assert said and emulator.alive(), emulator.log()


class Monitor:
    """The emulator's control socket."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(TIMEOUT)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("r")
        self.lines.readline()
        self.command("qmp_capabilities")

    def command(self, name, **arguments):
        """Execute one command. False: the emulator has ended."""
        message = {"execute": name}
        if arguments:
            message["arguments"] = arguments
        try:
            self.socket.sendall(json.dumps(message).encode())
            for line in self.lines:
                reply = json.loads(line)
                assert "error" not in reply, reply
                if "return" in reply:
                    return True
        except (BrokenPipeError, ConnectionResetError):
            pass
        return False

    def close(self):
        """Leave the emulator alone."""
        self.lines.close()
        self.socket.close()


NMIS = 100


def controlled(name, cpu=None):
    """
    An emulator with a test guest that runs until something is typed, and
    the path of a control socket.
    """
    SCRATCH.mkdir(parents=True, exist_ok=True)
    path = SCRATCH / f"{name}.qmp"
    path.unlink(missing_ok=True)
    args = direct_boot([kernel_module(guest_elf(name), "until-typed")],
                       "stats=on")
    args += ["-qmp", f"unix:{path},server=on,wait=off"]
    return Emulator(args, cpu=cpu), path


@pytest.mark.parametrize("guest", ["spin-irq", "many-exits"])
def test_nmi(guest):
    """Non-maskable interrupts are the hypervisor's, wherever they hit."""
    emulator, path = controlled(guest)
    with emulator:
        assert emulator.wait_for("..."), emulator.log()
        monitor = Monitor(path)
        for _ in range(NMIS):
            assert monitor.command("inject-nmi"), emulator.log()
        emulator.type("enough")
        while monitor.command("inject-nmi"):
            pass
        monitor.close()
        outcome = emulator.finish()
    judge(outcome, "PASS")
    require(outcome, outcome.stats().get("exit.nmi", 0) > 0,
            "no NMI hit the guest")


def test_panic():
    """A machine check is the end of the hypervisor, which says so."""
    emulator, path = controlled("spin-irq", "core2duo")
    with emulator:
        assert emulator.wait_for("..."), emulator.log()
        monitor = Monitor(path)
        # Bank 1: valid, uncorrected, enabled, context corrupt.
        monitor.command("human-monitor-command", **{
            "command-line": "mce 0 1 0xb200000000000000 0x5 0 0"})
        monitor.close()
        outcome = emulator.finish()
    judge(outcome, "PANIC: machine check...")
    report = "\n".join(outcome.umbra())
    for wanted in ("cr3", "stack trace", "run_guest", "frames guest",
                   "build"):
        require(outcome, wanted in report, f"no {wanted} in the report")
