# SPDX-License-Identifier: GPL-2.0-or-later
"""
Real Linux kernels as guests: finding them, starting them, typing at them.

No kernel is part of Umbra. The environment variable UMBRA_LINUX names a
folder of them; test/linux/README.md says what belongs in it.
"""

import os
import pathlib
import re
import time

from emulator import (COUNTING, TIMEOUT, Emulator, direct_boot,
                      kernel_module)

FOLDER = os.environ.get("UMBRA_LINUX")

PROMPT = "guest# "
MEMORY = "256M"

# Counting, or on a loaded machine, a Linux guest takes its time.
PATIENCE = 4 * TIMEOUT


def folder():
    """The folder of kernels; None: there is none."""
    return pathlib.Path(FOLDER) if FOLDER else None


def kernels():
    """The names of the kernels in the folder, such as 4.10-pae."""
    if not FOLDER:
        return []
    return sorted(path.name.partition("-")[2]
                  for path in folder().glob("vmlinux-*"))


def vmlinux(name):
    """The kernel as an ELF file."""
    return folder() / f"vmlinux-{name}"


def bzimage(name):
    """The same as a compressed image."""
    return folder() / f"bzImage-{name}"


def initrd():
    """The root file system that all of them use."""
    return folder() / "initrd"


def boot(kernel, cmdline="", disk=None, options="", counting=False):
    """Emulator arguments that boot @kernel with the initrd."""
    modules = [kernel_module(kernel, cmdline), f"{initrd()} role=initrd"]
    if disk:
        modules.append(f"{disk} role=disk")
    return direct_boot(modules, options) + (COUNTING if counting else [])


class Shell(Emulator):
    """A Linux guest whose shell can be typed at."""

    def __init__(self, args, memory=MEMORY, **machine):
        super().__init__(args, memory=memory, **machine)
        self._calls = 0

    def expect(self, text, count=1, timeout=PATIENCE):
        """Wait for @text; without it the test has failed."""
        if not self.wait_for(text, count, timeout):
            raise AssertionError(f"no '{text}'\n{self.log()[-4000:]}")

    def start(self):
        """Wait until the shell listens, and keep the kernel off its line."""
        self.expect(PROMPT)
        self.must("dmesg -n 1")
        return self

    def ask(self, command, timeout=PATIENCE):
        """Run a command; what it printed, and its status."""
        self._calls += 1
        n = self._calls
        # What is typed is echoed, so it must not contain what is waited for.
        at = len(self.log())
        self.type(f'echo "[$(({n}))]"; {command}; echo "<$(({n}))>$?<"\n')
        mark = re.compile(rf"<{n}>(\d+)<")
        deadline = time.monotonic() + timeout
        while True:
            found = mark.search(self.log(), at)
            if found:
                break
            if time.monotonic() > deadline or not self.alive():
                raise AssertionError(
                    f"'{command}' does not end\n{self.log()[-4000:]}")
            time.sleep(0.02)
        text = self.log()[at:found.start()].replace("\r", "")
        return text.partition(f"[{n}]\n")[2], int(found[1])

    def must(self, command, timeout=PATIENCE):
        """Run a command that has to succeed; what it printed."""
        text, status = self.ask(command, timeout)
        if status:
            raise AssertionError(f"'{command}': status {status}\n{text}")
        return text

    def power_off(self):
        """End the guest; the outcome."""
        self.type("poweroff -f\n")
        return self.finish(timeout=PATIENCE)
