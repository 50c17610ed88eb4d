# SPDX-License-Identifier: GPL-2.0-or-later
"""
Gnomon in an emulator, on Umbra or natively, with a person at its shell.

On Umbra the verdict is Umbra's; natively Gnomon itself writes the same values
to the debug-exit port.
"""

import re
import stat
import time

from emulator import (BUILD, COUNTING, EXIT_PORT, TIMEOUT, Emulator,
                      direct_boot, kernel_module)

GNOMON = BUILD / "gnomon.elf"
ROOT_CPIO = BUILD / "root.cpio"

MEMORY = "256M"

# Where it runs, and with which page tables.
PLATFORMS = ("umbra", "native")
FORMATS = ("2level", "pae")
CONFIGS = [(platform, paging) for platform in PLATFORMS for paging in FORMATS]


def config_name(config):
    """What pytest shows."""
    return "-".join(config)


def arguments(config, init_args="", disk=None, initrd=ROOT_CPIO, options="",
              cmdline=""):
    """Emulator arguments that boot Gnomon; @init_args are what /init is to
    run instead of a shell."""
    platform, paging = config
    words = [f"paging={paging}", cmdline]
    if platform == "native":
        words.append(f"exit={EXIT_PORT:#x}")
    if init_args:
        words.append(f"-- {init_args}")
    words = " ".join(filter(None, words))
    if platform == "native":
        args = ["-kernel", str(GNOMON), "-append", words,
                "-initrd", str(initrd)]
        if disk:
            args += ["-drive", f"file={disk},if=none,id=disk,format=raw",
                     "-device", "virtio-blk-pci,drive=disk,disable-legacy=on"]
        return args
    modules = [kernel_module(GNOMON, words), f"{initrd} role=initrd"]
    if disk:
        modules.append(f"{disk} role=disk")
    return direct_boot(modules, options)


def run_program(config, program, counting=True, timeout=TIMEOUT, extra=(),
                **boot):
    """Boot, run one program instead of the shell, power off. The outcome.
    @extra are more arguments of the emulator."""
    args = arguments(config, program, **boot) + list(extra)
    if counting:
        args += COUNTING
    with Emulator(args, memory=MEMORY) as emulator:
        return emulator.finish(timeout=timeout)


class Session(Emulator):
    """Somebody types at the shell and reads what comes back."""

    def __init__(self, config, memory=MEMORY, cpu=None, **boot):
        super().__init__(arguments(config, **boot), memory=memory, cpu=cpu)
        self.config = config
        self.read_to = 0  # up to where the log was read
        self.commands = 0

    def expect(self, pattern, timeout=TIMEOUT):
        """Wait until @pattern appears in what was not read yet, read up to
        its end, and return its match."""
        deadline = time.monotonic() + timeout
        compiled = re.compile(pattern, re.S)
        while True:
            with self._changed:
                text = self._bytes[self.read_to:].decode("latin-1")
                match = compiled.search(text)
                if match:
                    self.read_to += match.end()
                    return match
                left = deadline - time.monotonic()
                if left <= 0 or not self._reader.is_alive():
                    raise AssertionError(
                        f"no {pattern!r} in what was printed:\n{text}")
                self._changed.wait(min(left, 1))

    def settle(self):
        """Wait for the first prompt; lines then are never wrapped."""
        self.prompt()
        self.type("cd /; stty rows 25 cols 500\n")
        self.prompt()

    def prompt(self, timeout=TIMEOUT):
        """Wait for the shell's prompt, and whatever it asks its terminal."""
        self.expect(r"[~/\w]* # (\x1b\[6n)?$", timeout)

    def start(self, command):
        """Begin a command that is to get keys: they may be typed only when
        it has the terminal, and not the shell."""
        self.type(f"sh -c 'echo go; exec {command}'\n")
        self.expect(r"\r\ngo\r\n")

    def interrupt(self, key="\x03"):
        """Press a key until the prompt is back."""
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            self.type(key)
            try:
                return self.prompt(timeout=2)
            except AssertionError:
                pass
        raise AssertionError(f"no prompt:\n{self.log()[-1000:]}")

    def run(self, command, status=0, timeout=TIMEOUT):
        """Run a command to its end. Returns what it printed; fails unless it
        ended with @status, if there is one."""
        self.commands += 1
        self.type(f'{command}; echo "@{self.commands}:$?@"\n')
        match = self.expect(r'\$\?@"\r\n(.*?)'
                            f"@{self.commands}:" r"(\d+)@\r\n", timeout)
        self.prompt()
        output = match[1].replace("\r\n", "\n")
        assert status in (None, int(match[2])), f"{command}: {match[2]}\n{output}"
        return output

    def power_off(self):
        """Type poweroff; the outcome."""
        self.type("poweroff\n")
        return self.finish()


def cpio_archive(files):
    """An archive of plain files, in the format newc: content by name."""
    out = b""
    for name, data in [*files.items(), ("TRAILER!!!", b"")]:
        name = name.encode() + b"\0"
        fields = (0, 0o100755, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0)
        out += b"070701" + b"".join(b"%08x" % n for n in fields) + name
        out += bytes(-len(out) % 4) + data
        out += bytes(-len(out) % 4)
    return out


def cpio_entries(archive):
    """Name, mode and content of each file in a newc archive."""
    data, at = archive.read_bytes(), 0
    while True:
        mode, size, length = (int(data[at + k:at + k + 8], 16)
                              for k in (14, 54, 94))
        name = data[at + 110:at + 110 + length - 1].decode()
        at += (110 + length + 3) & ~3
        if name == "TRAILER!!!":
            return
        yield name, mode, data[at:at + size]
        at += (size + 3) & ~3


def cpio_files(archive):
    """Name and content of each plain file in it."""
    return [(name, content) for name, mode, content in cpio_entries(archive)
            if stat.S_ISREG(mode)]
