# SPDX-License-Identifier: GPL-2.0-or-later
"""
Debuggers: symbols of the hypervisor and of a guest at the same time.
"""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import time

import pytest

from emulator import BUILD, ROOT, TIMEOUT, UMBRA, guest_elf

GUESTS = [BUILD / "hello.elf", BUILD / "sector.elf", BUILD / "gnomon.elf",
          guest_elf("pass")]

PT_LOAD = 1


def loaded(path):
    """The addresses of an ELF32 file's segments in memory, as ranges."""
    data = path.read_bytes()
    start, = struct.unpack_from("<I", data, 28)
    size, count = struct.unpack_from("<HH", data, 42)
    found = []
    for i in range(count):
        kind, _, address, _, _, length = struct.unpack_from(
            "<6I", data, start + i * size)
        if kind == PT_LOAD and length:
            found.append(range(address, address + length))
    assert found, path
    return found


@pytest.mark.parametrize("guest", GUESTS, ids=lambda path: path.stem)
def test_addresses(guest):
    """An address is the hypervisor's or the guest's."""
    for ours in loaded(UMBRA):
        for theirs in loaded(guest):
            assert ours.stop <= theirs.start or theirs.stop <= ours.start, \
                f"{ours} and {theirs} overlap"


def wait_for_port(port):
    """Until the emulator listens there, without talking to it: that would
    be its debugger."""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        listening = pathlib.Path("/proc/net/tcp").read_text("ascii")
        if f":{port:04X} 00000000:0000 0A" in listening:
            return
        time.sleep(0.1)
    raise AssertionError(f"nobody listens on port {port}")


def free_port():
    """A TCP port that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@pytest.mark.skipif(not shutil.which("gdb"), reason="gdb is not installed")
def test_make_gdb():
    """The command that "make gdb" prints knows both by name: it stops in the
    guest, and then in the hypervisor on the guest's behalf."""
    port = free_port()
    process = subprocess.Popen(
        ["make", "-s", "gdb", f"GUEST={BUILD / 'ticks.elf'}", f"B={BUILD}",
         f"GDB_PORT={port}"], cwd=ROOT, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="latin-1",
        start_new_session=True)
    try:
        debug(process, port)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def debug(process, port):
    """Do what make says, and what a user would."""
    line = process.stdout.readline()
    assert line.startswith("gdb ")
    wait_for_port(port)
    stops = "".join(f" -ex 'hbreak {where}' -ex continue -ex 'info symbol $pc'"
                    " -ex delete" for where in ("main", "hc_load_idt_entry"))
    result = subprocess.run(
        f"{line.strip()} -nx -batch {stops} -ex kill", shell=True, cwd=ROOT,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, encoding="latin-1", timeout=TIMEOUT,
        check=False)
    log = process.communicate(timeout=TIMEOUT)[0]
    for text in ("main in section .text of .*ticks.elf",
                 "hc_load_idt_entry in section .text of .*umbra.elf"):
        assert re.search(text, result.stdout), result.stdout + log
