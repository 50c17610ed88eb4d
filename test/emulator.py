# SPDX-License-Identifier: GPL-2.0-or-later
"""
Umbra in an emulator: starting it, watching its serial line, and judging.

A verdict needs two witnesses: the emulator's exit status, which a guest
cannot produce, and Umbra's own line, which says the same with a reason. Any
disagreement, a timeout and the statuses an emulator has for reasons of its
own (0 after a triple fault, 1 when it did not start) are CRASH.
"""

import functools
import os
import pathlib
import re
import shlex
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Paths are from here: the checkout's own may have a blank in it, where a
# module string ends.
os.chdir(ROOT)
# A make that a test runs has the settings of the make that runs the tests, so
# that nothing is built anew, but no share in its jobs, and it is no level below
# it, of which it would tell.
os.environ["MAKEFLAGS"] = "".join(
    os.environ.get("MAKEFLAGS", "").partition("-- ")[1:])
os.environ.pop("MAKELEVEL", None)
BUILD = pathlib.Path(os.environ.get("BUILD", "build"))
UMBRA = BUILD / "umbra.elf"
GUESTS = BUILD / "test" / "vm"
SCRATCH = BUILD / "test" / "tmp"

QEMU = "qemu-system-i386"

# Long enough for any machine: reaching it means that something hangs.
TIMEOUT = 300 * float(os.environ.get("TEST_PATIENCE", "1"))

# Without SSE twice, without and with NX; "make test-machines" runs all tests on
# each.
PROCESSORS = ("pentium2", "athlon,-sse,-sse2", "n270", "max")

# The processor of all emulators that name none; "": the emulator's choice.
DEFAULT_CPU = os.environ.get("TEST_CPU", "")

# The time stamp then counts instructions: the same on every machine.
COUNTING = ["-icount", "shift=0,sleep=off"]

# A PIC that delivers nothing; nothing else could if the processor has no APIC.
NO_INTERRUPTS = ["-machine", "microvm,acpi=on,pic=off,pit=on,rtc=on"]

EXIT_PORT = 0xF4
TEST_OPTIONS = (f"exit={EXIT_PORT:#x} on-off=exit on-crash=exit "
                "on-restart=exit")

# Exit status, name in EXPECT, beginning of Umbra's line.
ENDS = {
    33: ("OFF", "umbra: guest powered off: "),
    35: ("KILL", "umbra: guest killed: "),
    37: ("PANIC", "umbra: panic: "),
    39: ("NOSTART", "umbra: cannot start guest: "),
    41: ("RESTART", "umbra: guest restarted: "),
}


@functools.cache
def qemu_version():
    """The major version of the emulator."""
    text = subprocess.run([QEMU, "--version"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    return int(re.search(r"version (\d+)\.", text)[1])


def direct_boot(modules, options=""):
    """Arguments that load Umbra and its module strings without GRUB."""
    args = ["-kernel", str(UMBRA), "-append", f"{TEST_OPTIONS} {options}"]
    if modules:
        args += ["-initrd", ",".join(m.replace(",", ",,") for m in modules)]
    return args


def kernel_module(guest, cmdline=""):
    """The module string of a guest kernel."""
    return f"{guest} role=kernel {cmdline}".rstrip()


def guest_elf(name):
    """The test guest of that name, as the Makefile builds it."""
    return GUESTS / f"{name}.elf"


class Outcome:
    """How a run ended, and what was on the serial line."""

    def __init__(self, command, status, log):
        self.command = command
        self.status = status  # None: timed out
        self.log = log

    def lines(self):
        """The log's lines, without the carriage returns of a terminal."""
        return self.log.replace("\r\n", "\n").split("\n")

    def umbra(self):
        """Umbra's own lines, without their prefix."""
        return [line[7:] for line in self.lines()
                if line.startswith("umbra: ")]

    def verdict(self):
        """What happened: a name of ENDS, or CRASH, and the text with it."""
        if self.status is None:
            return "CRASH", "timed out"
        if self.status not in ENDS:
            return "CRASH", f"emulator status {self.status}"
        if "umbra: exit: the exit port did nothing; halting" in self.lines():
            return "CRASH", "went on after it had left the emulator"
        kind, prefix = ENDS[self.status]
        texts = [line[len(prefix):] for line in self.lines()
                 if line.startswith(prefix)]
        if not texts:
            return "CRASH", f"status {self.status} without '{prefix}'"
        return kind, texts[-1]

    def stats(self):
        """The counters of stats=on."""
        found = {}
        for line in self.umbra():
            match = re.fullmatch(r"stat (\S+) (\d+)", line)
            if match:
                found[match[1]] = int(match[2])
        return found

    def measured(self):
        """What the guest measured: lines "bench NAME VALUE"."""
        return {match[1]: int(match[2]) for match in
                re.finditer(r"^bench (\S+) (\d+)\r?$", self.log, re.M)}

    def report(self):
        """Everything a reader of a failed test needs."""
        return (f"command: {shlex.join(self.command)}\n"
                f"status: {self.status}\n"
                f"--- serial line ---\n{self.log}\n--- end ---")


class Emulator:
    """A running emulator; a context manager that never leaves one behind."""

    def __init__(self, args, memory="64M", cpu=None, serial=True):
        self.command = [
            QEMU, "-m", memory, "-display", "none", "-monitor", "none",
            "-no-reboot", "-device",
            f"isa-debug-exit,iobase={EXIT_PORT:#x},iosize=4"]
        if serial:
            self.command += ["-serial", "stdio"]
        cpu = cpu or DEFAULT_CPU
        if cpu:
            self.command += ["-cpu", cpu]
        self.command += args
        self._bytes = b""
        self._changed = threading.Condition()

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, cwd=ROOT)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *exception):
        self.process.kill()
        self.process.wait()
        self._reader.join()
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.stdout.close()

    def _read(self):
        while True:
            data = os.read(self.process.stdout.fileno(), 65536)
            with self._changed:
                self._bytes += data
                self._changed.notify_all()
            if not data:
                return

    def log(self):
        """The serial line so far; bytes, one character each."""
        with self._changed:
            return self._bytes.decode("latin-1")

    def wait_for(self, text, count=1, timeout=TIMEOUT):
        """Wait until @text was printed @count times. False: it was not."""
        wanted = text.encode("latin-1")
        deadline = time.monotonic() + timeout
        with self._changed:
            while self._bytes.count(wanted) < count:
                left = deadline - time.monotonic()
                if left <= 0 or not self._reader.is_alive():
                    return False
                self._changed.wait(min(left, 1))
        return True

    def alive(self):
        """Whether the emulator still runs."""
        return self.process.poll() is None

    def type(self, text):
        """Type on the serial line. False: nobody is there any more."""
        try:
            os.write(self.process.stdin.fileno(), text.encode("latin-1"))
        except BrokenPipeError:
            return False
        return True

    def finish(self, typing=None, timeout=TIMEOUT):
        """Wait for the end, typing from now on if asked to."""
        deadline = time.monotonic() + timeout
        status = None
        while status is None and time.monotonic() < deadline:
            if typing:
                self.type(typing)
            try:
                status = self.process.wait(0.05 if typing else timeout)
            except subprocess.TimeoutExpired:
                pass
        if status is None:
            self.process.kill()
        self._reader.join()
        return Outcome(self.command, status, self.log())


def run(args, typing=None, timeout=TIMEOUT, **machine):
    """Run an emulator to its end."""
    with Emulator(args, **machine) as emulator:
        return emulator.finish(typing, timeout)


def run_guest(name, cmdline="", options="", **machine):
    """Run one test guest, loaded directly, to its end."""
    modules = [kernel_module(guest_elf(name), cmdline)]
    return run(direct_boot(modules, options), **machine)


def make_iso(path, modules, options=TEST_OPTIONS):
    """An ISO of Umbra with these modules ("FILE NAME ARGS")."""
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([ROOT / "iso" / "mkiso", path, UMBRA, options, *modules],
                   check=True)
    return path
