# SPDX-License-Identifier: GPL-2.0-or-later
"""
Machines: sizes of memory, models of processor, and events from outside.
"""

import json
import re
import socket
import subprocess

import pytest

from emulator import (BUILD, SCRATCH, TIMEOUT, UMBRA, Emulator, direct_boot, guest_elf,
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


# Processors, and the last thing of what they lack.
UNFIT = {
    "486": "FXSR", "pentium": "FXSR", "qemu32,-fxsr": "FXSR",
    "qemu32,-tsc": "TSC", "qemu32,-cx8": "CMPXCHG8B", "qemu32,-pae": "PAE",
}


def unfit(cpu, options="", extra=()):
    """An emulator with a processor that cannot run Umbra."""
    args = direct_boot([kernel_module(guest_elf("pass"))], options)
    return Emulator(args + list(extra), cpu=cpu,
                    serial="-serial" not in extra)


@pytest.mark.parametrize("cpu", UNFIT)
def test_unfit_processor(cpu):
    """What a processor lacks is said, and exit= obeyed: a script goes on."""
    with unfit(cpu) as emulator:
        outcome = emulator.finish()
    judge(outcome, f"NOSTART: this processor lacks ...{UNFIT[cpu]}")


@pytest.mark.parametrize("option", ["on-crash=halt", "on-crash=restart"])
def test_unfit_halts(option):
    """As a guest that cannot start, it follows on-crash."""
    with unfit("486", option) as emulator:
        assert emulator.wait_for("FXSR\r\n"), emulator.log()
        emulator.wait_for("nothing prints this", timeout=0.5)
        assert emulator.alive(), emulator.log()


def test_unfit_reboots():
    """The emulator was told to end at a reset."""
    with unfit("pentium", "on-crash=reboot") as emulator:
        outcome = emulator.finish()
    require(outcome, outcome.status == 0 and "FXSR" in outcome.log,
            "no reboot")


@pytest.mark.parametrize("option, seen", [
    ("console=com2:9600", True), ("console=none", False),
    ("console=com1", False), ("console=0x2f8,com1", True)])
def test_unfit_console(option, seen):
    """It is said where the command line wants it said."""
    with unfit("486", option, ["-serial", "null", "-serial",
                               "stdio"]) as emulator:
        outcome = emulator.finish()
    require(outcome, outcome.status == 39 and
            ("this processor lacks" in outcome.log) == seen, "not there")


# What came after the i386, of which early code may use nothing.
NEWER = re.compile(r"\t(cmov|fcmov|f[u]?comi|nop[wl] |bswap|xadd|cmpxchg|"
                   r"invlpg|wbinvd|rdtsc|rdmsr|wrmsr|ud2|sysenter|prefetch|"
                   r"pause|[lms]fence|clflush)")


def functions_of(elf):
    """Every function's instructions, one a line, and whom it calls."""
    text = subprocess.run(["objdump", "-d", "--no-show-raw-insn", elf],
                          check=True, stdout=subprocess.PIPE, text=True)
    found = {}
    for part in text.stdout.split("\n\n"):
        match = re.match(r"[0-9a-f]+ <(\S+)>:\n", part)
        if match:
            found[match[1]] = part, re.findall(r"<([^>+]+)>$", part, re.M)
    return found


def test_early_code():
    """All that runs before the check of the processor an i386 can run."""
    found = functions_of(UMBRA)
    assert any(NEWER.search(code) for code, _ in found.values())
    # Some are called through the table of options.
    todo = ["_start"] + list(functions_of(BUILD / "hv" / "load" / "options.o"))
    seen = set()
    while todo:
        name = todo.pop()
        if name in seen or name == "hv_main":
            continue
        seen.add(name)
        code, callees = found[name]
        newer = NEWER.search(code)
        assert not newer, f"{name}: {newer[0]}"
        todo += callees
    assert {"early_check", "multiboot2_parse", "options_parse",
            "grub_restore_text", "memcpy"} <= seen


@pytest.mark.parametrize("given, shown", [
    ("   A  Processor   ", "A  Processor"), ("none", "none"), (" ", ""),
    ("forged\numbra: line", "forged\\numbra: line")])
def test_brand(given, shown):
    """A processor's name is shown without the blanks around it."""
    outcome = run_guest("pass", cpu=f"qemu32,model-id={given}")
    judge(outcome, "PASS")
    line = next(line for line in outcome.umbra()
                if line.startswith("processor "))
    require(outcome, line.endswith(f"NX absent: {shown}" if shown
                                   else "NX absent"), "another name")


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
