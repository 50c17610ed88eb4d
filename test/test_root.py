# SPDX-License-Identifier: GPL-2.0-or-later
"""
guest/root/mkroot: the root file system has a link for each applet of
whatever BusyBox it was given.
"""

import stat
import subprocess

from emulator import ROOT
from gnomon import cpio_entries

MKROOT = ROOT / "guest" / "root" / "mkroot"
# As it lies in BusyBox: in order, and anything may lie before it.
INSIDE = b"\x7fELF anything[\0[[\0acpid\0sh\0vi\0zcat\0busybox\0"
APPLETS = ["[", "[[", "acpid", "sh", "vi", "zcat"]


def mkroot(folder, busybox):
    """Make an archive of this BusyBox and a first program."""
    out = folder / "root.cpio"
    init = folder / "init"
    init.write_bytes(b"first")
    result = subprocess.run([MKROOT, out, busybox, init], check=False,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True)
    assert result.returncode == 0, result.stdout
    return out


def links(out):
    """The links to BusyBox, in order."""
    return [name.removeprefix("bin/")
            for name, mode, content in cpio_entries(out)
            if stat.S_ISLNK(mode) and content == b"busybox"]


def program(path, content, mode):
    """A file to stand for BusyBox."""
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_program_is_asked(tmp_path):
    """Its own word counts, not what can be found inside."""
    text = b"""#!/bin/sh
[ "$1" = --list ] && printf 'busybox\\nls\\nsh\\n'
exit
"""
    busybox = program(tmp_path / "mine", text + INSIDE, 0o755)
    assert links(mkroot(tmp_path, busybox)) == ["ls", "sh"]


def test_program_of_another_machine(tmp_path):
    """One that cannot be run is read, whatever lies before its list."""
    busybox = program(tmp_path / "foreign", INSIDE, 0o644)
    assert links(mkroot(tmp_path, busybox)) == APPLETS
