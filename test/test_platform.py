# SPDX-License-Identifier: GPL-2.0-or-later
"""
The machine around the processor: clocks, timers, interrupt controllers,
firmware that lacks or invents them, reset and power.
"""

import json
import re
import struct
import subprocess
import time

import pytest

import bochs
from emulator import (COUNTING, SCRATCH, TEST_OPTIONS, UMBRA, Emulator,
                      direct_boot, guest_elf, kernel_module, run)
from judge import judge, require
from test_machine import Monitor

SUMMARY = re.compile(
    r"clock: TSC, (\d+) kHz by (.*); timer: (.*), (\d+) kHz; "
    r"interrupts: (.*)")
EXPIRY = re.compile(r"timer: (.*): 1000000 ns took (\d+) ns and (\d+) "
                    r"interrupts")

# Nothing but what is asked for.
MICROVM = "microvm,acpi=on,pic={},pit={},rtc={}"

# Machine, processor, what measures the TSC, timer, what delivers lines.
MACHINES = {
    "pc": ([], None, "HPET and PM timer", "local APIC", "I/O APIC"),
    "q35": (["-machine", "q35"], None,
            "HPET and PM timer", "local APIC", "I/O APIC"),
    "isapc": (["-machine", "isapc"], "pentium3",
              "PIT", "local APIC", "PIC"),
    "smp": (["-smp", "4"], None,
            "HPET and PM timer", "local APIC", "I/O APIC"),
    "max": ([], "max,+x2apic",
            "HPET and PM timer", "local APIC", "I/O APIC"),
    "no-hpet": (["-machine", "hpet=off"], None,
                "PM timer and PIT", "local APIC", "I/O APIC"),
    "no-acpi": (["-machine", "acpi=off"], None, "PIT", "local APIC", "PIC"),
    # The firmware then makes up tables of its own.
    "q35-no-acpi": (["-machine", "q35,acpi=off"], None,
                    "HPET and PM timer", "local APIC", "I/O APIC"),
    "no-apic": ([], "qemu32,-apic", "HPET and PM timer", "HPET", "PIC"),
    "no-apic-no-hpet": (["-machine", "hpet=off"], "qemu32,-apic",
                        "PM timer and PIT", "PIT", "PIC"),
    "no-apic-no-acpi": (["-machine", "acpi=off"], "qemu32,-apic",
                        "PIT", "PIT", "PIC"),
    "microvm": (["-machine", MICROVM.format("on", "on", "on")], None,
                "PIT", "local APIC", "I/O APIC"),
}


def boot(guest="pass", options="", extra=(), cpu=None, typing=None, case=""):
    """Run a test guest at log=debug; returns the outcome, which is good."""
    case = "until-typed" if typing else case
    args = direct_boot([kernel_module(guest_elf(guest), case)],
                       f"log=debug {options}")
    outcome = run(args + list(extra), cpu=cpu, typing=typing)
    judge(outcome, "PASS")
    return outcome


def find(outcome, pattern):
    """The groups of the one line that matches."""
    found = [match.groups() for match in
             map(pattern.fullmatch, outcome.umbra()) if match]
    require(outcome, len(found) == 1, f"{len(found)} lines '{pattern}'")
    return found[0]


def has_line(outcome, text):
    """Whether one of Umbra's lines contains @text."""
    return any(text in line for line in outcome.umbra())


@pytest.mark.parametrize("machine", MACHINES)
def test_devices(machine):
    """The best of what there is gets used, and the timer expires."""
    extra, cpu, clocks, timer, controller = MACHINES[machine]
    outcome = boot(extra=extra + COUNTING, cpu=cpu)
    _, by, used, _, lines = find(outcome, SUMMARY)
    require(outcome, (by, used, lines) == (clocks, timer, controller),
            f"expected {clocks}, {timer}, {controller}")
    name, took, _ = find(outcome, EXPIRY)
    require(outcome, name == timer and int(took) >= 999500,
            "the timer is early")
    require(outcome, has_line(outcome, "guests are not told") ==
            (" and " not in clocks), "trust in the TSC")


def test_untold():
    """A guest sees no rate where a single clock speaks for it."""
    extra, cpu, *_ = MACHINES["no-acpi"]
    outcome = boot("clock", case="untold", extra=extra + COUNTING, cpu=cpu)
    require(outcome, has_line(outcome, "guests are not told"), "it was told")


@pytest.mark.parametrize("machine", [
    "pc", "no-acpi", "no-apic", "smp", "microvm"])
def test_lines(machine):
    """Input interrupts the guest, whatever delivers the line."""
    extra, cpu, *_ = MACHINES[machine]
    outcome = boot("spin-irq", "stats=on", extra, cpu, typing="some input ")
    require(outcome, outcome.stats()["exit.interrupt"] > 0, "no interrupt")
    require(outcome, not has_line(outcome, "nobody serves"), "a stray line")


@pytest.mark.parametrize("machine", [
    "pc", "no-hpet", "no-acpi", "no-apic", "no-apic-no-hpet"])
def test_precision(machine):
    """Where time is made of instructions, clock and timer are exact."""
    extra, cpu, *_ = MACHINES[machine]
    outcome = boot(extra=extra + COUNTING, cpu=cpu)
    tsc, _, _, _, _ = find(outcome, SUMMARY)
    require(outcome, abs(int(tsc) - 1000000) <= 200, "not 1 GHz")
    _, took, interrupts = find(outcome, EXPIRY)
    require(outcome, 999500 <= int(took) <= 1005000, "not 1 ms")
    require(outcome, int(interrupts) <= 2, "too many interrupts")


def test_processors():
    """The firmware's count of processors is read, not acted on."""
    outcome = boot(extra=["-smp", "4"])
    require(outcome, has_line(outcome, "ACPI: 4 processors"), "not counted")


@pytest.mark.parametrize("base, shown", [
    ("2009-07-23T12:34:56", "2009-07-23 12:34:5"),
    ("1999-12-31T20:00:00", "1999-12-31 20:00:0"),
    ("2000-02-29T00:00:00", "2000-02-29 00:00:0"),
    ("2068-01-01T13:00:00", "2068-01-01 13:00:0"),
])
def test_wall_clock(base, shown):
    """The time of day comes from the RTC."""
    outcome = boot(extra=["-rtc", f"base={base},clock=vm"] + COUNTING)
    require(outcome, has_line(outcome, f"wall clock: {shown}"),
            f"not {shown}")


def test_nothing_to_go_by():
    """No other clock and no RTC: Umbra says so and carries on."""
    outcome = boot(extra=["-machine", MICROVM.format("off", "off", "off")])
    for line in ("PIT stands still", "nothing to go by", "it is 1970 now"):
        require(outcome, has_line(outcome, line), f"no line '{line}'")


def test_no_timer():
    """A timer whose interrupt never arrives is found out."""
    outcome = boot(extra=["-machine", MICROVM.format("off", "on", "on")],
                   cpu="pentium3,-apic")
    require(outcome, has_line(outcome, "PIT never expires"), "not noticed")
    require(outcome, find(outcome, SUMMARY)[2] == "none", "still used")


@pytest.mark.parametrize("address, complaint", [
    (0x00100000, "not used"),  # the hypervisor itself
    (0xFEE00000, "does not answer"),  # another device
    (0xFED10000, "does not answer"),  # nothing
    (0xFFFFFFFFFFFFFF00, "not used"),
    (0x3FFFFFF000, "not used"),  # beyond all of memory
])
def test_invented_hpet(address, complaint):
    """Firmware may say that registers are anywhere."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    path = SCRATCH / "hpet.table"
    path.write_bytes(struct.pack("<IBBBBQBHB", 0x8086A201, 0, 64, 0, 0,
                                 address, 0, 100, 0))
    outcome = boot(extra=["-machine", "hpet=off", "-acpitable",
                          f"sig=HPET,rev=1,data={path}"] + COUNTING)
    require(outcome, any("HPET" in line and complaint in line
                         for line in outcome.umbra()), "no complaint")
    require(outcome, find(outcome, SUMMARY)[1] == "PM timer and PIT",
            "it is used")


# Written to IA32_APIC_BASE before Umbra starts; SDM 3A 10.4.4, 10.12.1.
APIC_OFF = 0xFEE00100
APIC_MOVED = 0xD0000900
APIC_X2 = 0xFEE00D00


def prepared_iso(guest, options, apic_base=None, cmdline=""):
    """An ISO that starts Umbra with the local APIC in that state."""
    tree = SCRATCH / "platform.tree"
    (tree / "boot" / "grub").mkdir(parents=True, exist_ok=True)
    for file in (UMBRA, guest_elf(guest)):
        (tree / "boot" / file.name).write_bytes(file.read_bytes())
    lines = [f"multiboot /boot/{UMBRA.name} {options} log=debug stats=on",
             f"module /boot/{guest}.elf {guest} role=kernel {cmdline}",
             "boot", ""]
    if apic_base:
        lines = ["insmod wrmsr", f"wrmsr 0x1b {apic_base:#x}"] + lines
    (tree / "boot" / "grub" / "grub.cfg").write_text("\n".join(lines))
    iso = SCRATCH / "platform.iso"
    subprocess.run(["grub-mkrescue", "-o", iso, tree], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return iso


@pytest.mark.parametrize("state", [APIC_OFF, APIC_MOVED],
                         ids=["off", "moved"])
def test_apic_state(state):
    """A local APIC that is off, or not where it says, is done without."""
    iso = prepared_iso("spin-irq", TEST_OPTIONS, state, "until-typed")
    outcome = run(["-cdrom", str(iso)], typing="some input ")
    judge(outcome, "PASS")
    _, _, timer, _, lines = find(outcome, SUMMARY)
    require(outcome, (timer, lines) == ("HPET", "PIC"), "it is used")
    require(outcome, outcome.stats()["exit.interrupt"] > 0, "no interrupt")


@pytest.mark.skipif(not bochs.is_installed(), reason="there is no Bochs")
@pytest.mark.parametrize("model, state, timer, controller", [
    ("p4_willamette", None, "local APIC", "I/O APIC"),
    ("ryzen", None, "local APIC", "I/O APIC"),
    ("phenom_8650_toliman", APIC_OFF, "HPET", "PIC"),
    ("corei7_haswell_4770", APIC_X2, "x2APIC", "I/O APIC"),
    ("tigerlake", APIC_X2, "x2APIC", "I/O APIC"),
], ids=["p4", "ryzen", "phenom-off", "haswell-x2apic", "tigerlake-x2apic"])
def test_bochs(model, state, timer, controller):
    """An independent emulator agrees; its firmware may leave x2APIC on."""
    outcome = bochs.run(prepared_iso("pass", "on-off=halt", state), model,
                        "platform")
    require(outcome, outcome.status == 0 and
            has_line(outcome, "guest powered off: PASS"), "no power off")
    tsc, by, used, _, lines = find(outcome, SUMMARY)
    require(outcome, (by, used, lines) ==
            ("HPET and PM timer", timer, controller), "other devices")
    require(outcome, abs(int(tsc) - 50000) <= 50, "not 50 MHz")
    _, took, _ = find(outcome, EXPIRY)
    require(outcome, 999500 <= int(took) <= 1100000, "not 1 ms")


@pytest.mark.skipif(not bochs.is_installed(), reason="there is no Bochs")
def test_bochs_icebp():
    """The instruction F1, which QEMU lacks, is trap 1."""
    outcome = bochs.run(prepared_iso("icebp", "on-off=halt"), "p3_katmai",
                        "icebp")
    require(outcome, outcome.status == 0 and
            has_line(outcome, "guest powered off: PASS"), "no power off")
    require(outcome, "int1 is trap 1 here" in outcome.log, "not known")


def connect(emulator, path):
    """The monitor of an emulator that may still be starting."""
    while True:
        try:
            return Monitor(path)
        except (FileNotFoundError, ConnectionRefusedError):
            assert emulator.alive(), emulator.log()
            time.sleep(0.01)


def shutdown_reason(options, extra):
    """What the emulator says ended it, and the outcome."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    path = SCRATCH / "platform.qmp"
    path.unlink(missing_ok=True)
    args = direct_boot([kernel_module(guest_elf("pass"))], options)
    args += ["-S", "-qmp", f"unix:{path},server=on,wait=off"] + extra
    reason = None
    with Emulator(args) as emulator:
        monitor = connect(emulator, path)
        monitor.command("cont")
        for line in monitor.lines:
            event = json.loads(line)
            if event.get("event") == "SHUTDOWN":
                reason = event["data"]["reason"]
        monitor.close()
        return reason, emulator.finish()


@pytest.mark.parametrize("machine", ["pc", "q35"])
def test_soft_off(machine):
    """A clean power off of the guest is one of the machine."""
    reason, outcome = shutdown_reason("on-off=halt", ["-machine", machine])
    require(outcome, reason == "guest-shutdown", f"reason: {reason}")


@pytest.mark.parametrize("machine, extra", [
    ("q35", []),  # reset register
    ("pc", []),  # keyboard controller
    ("pc,i8042=off", ["-machine", "acpi=off"]),  # triple fault
])
def test_reset(machine, extra):
    """The machine is reset by whichever way it supports."""
    reason, outcome = shutdown_reason("on-off=reboot",
                                      ["-machine", machine] + extra)
    require(outcome, reason == "guest-reset", f"reason: {reason}")
    require(outcome, outcome.umbra()[-1] == "rebooting", "something else")
