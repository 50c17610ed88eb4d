# SPDX-License-Identifier: GPL-2.0-or-later
"""
Umbra's own options: what follows an end, counters, consoles, complaints.
"""

import shutil

import pytest

from emulator import (COUNTING, EXIT_PORT, SCRATCH, UMBRA, Emulator,
                      direct_boot, guest_elf, kernel_module, run, run_guest)
from judge import judge, require

# The last line of a machine that can switch itself off.
OFF = ("switching the machine off; if it stays on, it is safe to do that by "
       "hand")


def booted(guest, options, cmdline="", extra=(), **machine):
    """An emulator with a test guest; of options given twice the last wins."""
    args = direct_boot([kernel_module(guest_elf(guest), cmdline)], options)
    return Emulator(args + list(extra), **machine)


def require_halted(emulator, line):
    """Expect @line and then nothing more, with the machine left on."""
    assert emulator.wait_for(f"umbra: {line}"), emulator.log()
    assert emulator.wait_for("umbra: halted\r\n"), emulator.log()
    before = emulator.log()
    emulator.type("anybody there?")
    emulator.wait_for("\numbra: nothing prints this", timeout=0.5)
    assert emulator.alive() and emulator.log() == before, emulator.log()


@pytest.mark.parametrize("guest, option, line", [
    ("ud2", "on-crash=halt", "guest killed: unhandled trap 6"),
    ("restart", "on-restart=halt", "guest restarted: once more"),
], ids=["crash", "restart"])
def test_halt(guest, option, line):
    """The last lines stay, and so does the machine."""
    with booted(guest, option) as emulator:
        require_halted(emulator, line)


def test_halt_after_power_off():
    """on-off=halt switches the machine off where that can be done."""
    with booted("pass", "on-off=halt") as emulator:
        outcome = emulator.finish()
    require(outcome, outcome.status == 0 and
            outcome.umbra()[-2:] == ["guest powered off: PASS", OFF],
            "it stays on")


def test_halt_without_soft_off():
    """Where it cannot be done, a line says that nothing is left to do."""
    with booted("pass", "on-off=halt",
                extra=["-machine", "acpi=off"]) as emulator:
        require_halted(emulator, "it is now safe to switch the machine off")


def test_halt_is_the_default():
    """Without options a clean power off is one of the machine."""
    args = ["-kernel", direct_boot([])[1], "-initrd",
            kernel_module(guest_elf("pass"))]
    outcome = run(args)
    require(outcome, outcome.status == 0 and
            outcome.umbra()[-2:] == ["guest powered off: PASS", OFF],
            "it stays on")


def test_crash_halts_by_default():
    """Without options the report of a crash stays on the screen."""
    args = ["-kernel", direct_boot([])[1], "-initrd",
            kernel_module(guest_elf("ud2"))]
    with Emulator(args) as emulator:
        require_halted(emulator, "guest killed: unhandled trap 6")


def test_cannot_start_halts_by_default():
    """A guest that cannot start follows on-crash."""
    with Emulator(["-kernel", direct_boot([])[1]]) as emulator:
        require_halted(emulator, "cannot start guest: no kernel module")


@pytest.mark.parametrize("guest, option", [
    ("pass", "on-off=reboot"), ("ud2", "on-crash=reboot"),
    ("restart", "on-restart=reboot"),
])
def test_reboot(guest, option):
    """The machine is reset, which this emulator was told to end at."""
    with booted(guest, option) as emulator:
        outcome = emulator.finish()
    require(outcome, outcome.status == 0 and
            "rebooting" in outcome.umbra()[-1], "no reboot")


def test_exit_without_port():
    """on-off=exit needs exit=; without it Umbra says so and halts."""
    args = ["-kernel", direct_boot([])[1], "-append", "on-off=exit",
            "-initrd", kernel_module(guest_elf("pass"))]
    with Emulator(args) as emulator:
        require_halted(emulator, "exit: no exit= port was given")


def test_exit_port_that_does_nothing():
    """A machine without the device: Umbra says so, and halt it is."""
    with booted("pass", "exit=0x501") as emulator:
        outcome = emulator.finish()
    require(outcome, outcome.status == 0 and outcome.umbra()[-2:] ==
            ["exit: the exit port did nothing; halting", OFF], "it stays on")
    with booted("ud2", "exit=0x501") as emulator:
        require_halted(emulator, "exit: the exit port did nothing")


def test_restart_by_default():
    """A guest that asks for it is started again, in clean memory."""
    with booted("zero-ram", "on-restart=restart", "again") as emulator:
        lives = emulator.wait_for("zero-ram: clean", count=4)
        assert lives and emulator.alive(), emulator.log()


def test_stats():
    """stats=on prints at least what users were promised."""
    outcome = run_guest("wild-catch", options="stats=on")
    judge(outcome, "PASS")
    stats = outcome.stats()
    for name, least in {"exits": 10, "hypercall.LGUEST_INIT": 1,
                        "hypercall.SHUTDOWN": 1,
                        "hypercall.LOAD_IDT_ENTRY": 32, "shadow.faults": 1,
                        "shadow.pages": 1, "faults.reflected": 2}.items():
        require(outcome, stats.get(name, 0) >= least, f"stat {name}")
    for name in ("shadow.prefaulted", "irqs.injected", "async.drained"):
        require(outcome, name in stats, f"stat {name} is missing")
    reasons = sum(value for name, value in stats.items()
                  if name.startswith("exit."))
    require(outcome, reasons == stats["exits"],
            f"{stats['exits']} exits, reasons add up to {reasons}")


def test_no_stats():
    """They are off by default."""
    outcome = run_guest("pass")
    judge(outcome, "PASS")
    require(outcome, outcome.stats() == {}, "counters were printed")


@pytest.mark.parametrize("option, told", [
    ("colour=red", "known are: "),
    ("colour", "known are: "),
    ("log=loud", "log takes: error warn info debug"),
    ("on-off=explode", "on-off takes: halt reboot exit"),
    ("guest.mem=12Q", "guest.mem takes: "),
    ("guest.mem=", "guest.mem takes: "),
    ("exit=0x10000", "exit takes: "),
    ("console=com9", "console takes: "),
    ("stats=maybe", "stats takes: on off"),
])
def test_complaint(option, told):
    """An unknown key or a bad value is named, and is ignored."""
    outcome = run_guest("pass", options=option)
    judge(outcome, "PASS")
    require(outcome, any(f"option '{option}' ignored; " in line and
                         told in line for line in outcome.umbra()),
            "no complaint")


def test_name_with_equals_sign():
    """The first word is Umbra's own name, even if it looks like an option."""
    folder = SCRATCH / "v=1"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "stats=on"
    shutil.copy(UMBRA, path)
    args = direct_boot([kernel_module(guest_elf("pass"))])
    args[1] = str(path)
    outcome = run(args)
    judge(outcome, "PASS")
    require(outcome, not any("ignored" in line or line.startswith("stat ")
                             for line in outcome.umbra()), "taken for one")


@pytest.mark.parametrize("option", [
    'log="debug"', '"log=debug"', '"log="debug""'])
def test_quotes(option):
    """Double quotes may stand around a word or a value."""
    outcome = run_guest("pass", options=option)
    judge(outcome, "PASS")
    require(outcome, "boot: descriptor tables" in outcome.umbra(),
            "not obeyed")


@pytest.mark.parametrize("cpu, said", [
    ("qemu32", "entropy: this machine's clock is too steady; what guests get "
     "is not random"),
    ("qemu32,+rdrand", "entropy: the processor's generator"),
])
def test_entropy(cpu, said):
    """Where random bits come from is one line, and not two that disagree.
    Where the clock counts instructions nothing is random."""
    outcome = run(direct_boot([kernel_module(guest_elf("pass"))],
                              "log=debug") + COUNTING, cpu=cpu)
    judge(outcome, "PASS")
    lines = [line for line in outcome.umbra() if line.startswith("entropy: ")]
    require(outcome, lines == [said], "another source")


@pytest.mark.parametrize("level", ["error", "warn", "info", "debug"])
def test_log_level(level):
    """The end is printed at every level, and so are asked-for counters."""
    outcome = run_guest("pass", options=f"log={level} stats=on")
    judge(outcome, "PASS")
    require(outcome, "exits" in outcome.stats(), "no counters")


def test_quiet():
    """log=error leaves little else."""
    outcome = run_guest("pass", options="log=error")
    judge(outcome, "PASS")
    require(outcome, outcome.umbra() == ["guest powered off: PASS"],
            "there is more")


def test_typing_during_boot():
    """Bytes that arrive while the port is probed do not make it absent."""
    for _ in range(10):
        with booted("pass", "") as emulator:
            emulator.type("x" * 50000)
            judge(emulator.finish(), "PASS")


@pytest.mark.parametrize("console", ["none", "vga", "com2"])
def test_no_first_port(console):
    """Nothing is written to a port that was not asked for."""
    outcome = run_guest("console", options=f"console={console}")
    require(outcome, outcome.status == 33 and outcome.log == "",
            "something was printed")


@pytest.mark.parametrize("console", [
    "com2", "com2:9600", "0x2f8", "0x2f8:57600", "vga,com2",
])
def test_second_port(console):
    """The same lines on another port."""
    args = direct_boot([kernel_module(guest_elf("console"))],
                       f"console={console}")
    with Emulator(["-serial", "null", "-serial", "stdio"] + args,
                  serial=False) as emulator:
        outcome = emulator.finish()
    judge(outcome, "PASS")


def test_no_serial_port():
    """A machine without one works all the same."""
    args = direct_boot([kernel_module(guest_elf("console"))])
    with Emulator(["-serial", "none"] + args, serial=False) as emulator:
        outcome = emulator.finish()
    require(outcome, outcome.status == 33, "no power off")


def test_other_exit_port():
    """exit= names the port."""
    args = direct_boot([kernel_module(guest_elf("pass"))], "exit=1281")
    args += ["-device", "isa-debug-exit,iobase=0x501,iosize=4"]
    assert EXIT_PORT != 0x501
    with Emulator(args) as emulator:
        judge(emulator.finish(), "PASS")
