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


def examples():
    """Where guest/README.md says that a debugger stops: in the guest, then in
    the hypervisor on the guest's behalf."""
    text = (ROOT / "guest" / "README.md").read_text("utf-8")
    return re.findall(r"`hbreak (\w+)`", text)


@pytest.mark.skipif(not shutil.which("gdb"), reason="gdb is not installed")
@pytest.mark.parametrize("name, settings", [
    ("ticks", []), ("gnomon", ["CMDLINE=-- true"])], ids=["ticks", "gnomon"])
def test_make_gdb(name, settings):
    """The command that "make gdb" prints knows both by name."""
    in_guest, in_umbra = examples()
    if name == "gnomon":
        in_guest = "kernel_main"
    port = free_port()
    process = subprocess.Popen(
        ["make", "-s", "gdb", f"GUEST={BUILD / name}.elf", f"B={BUILD}",
         f"GDB_PORT={port}", *settings], cwd=ROOT, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="latin-1",
        start_new_session=True)
    try:
        debug(process, port, {in_guest: f"{name}.elf", in_umbra: "umbra.elf"})
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def debug(process, port, functions):
    """Do what make says, and what a user would: stop at each function."""
    assert process.stdout.readline() == (
        "The emulator waits for a debugger; Ctrl-A x leaves it. "
        "In another terminal:\n")
    line = process.stdout.readline()
    assert line.startswith("gdb ")
    wait_for_port(port)
    stops = "".join(f" -ex 'hbreak {name}' -ex continue -ex 'info symbol $pc'"
                    " -ex delete" for name in functions)
    result = subprocess.run(
        f"{line.strip()} -nx -batch {stops} -ex kill", shell=True, cwd=ROOT,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, encoding="latin-1", timeout=TIMEOUT,
        check=False)
    log = process.communicate(timeout=TIMEOUT)[0]
    for name, file in functions.items():
        assert re.search(f"{name} in section .text of .*{file}",
                         result.stdout), result.stdout + log
