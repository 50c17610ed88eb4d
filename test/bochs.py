# SPDX-License-Identifier: GPL-2.0-or-later
"""
Umbra in Bochs: an emulator that shares no code with QEMU, checks segment
limits and knows x2APIC.

It has no debug-exit port. A run ends well when the machine was switched off
by ACPI, which Bochs notes in its own log, after a line of Umbra's that says
so; Bochs is ended when neither comes.
"""

import glob
import os
import shutil

import pexpect

from emulator import ROOT, SCRATCH, TIMEOUT, Outcome

SOFT_OFF = "ACPI control: soft power off"

FILES = ("/usr/share/bochs/BIOS-bochs-latest",
         "/usr/share/bochs/VGABIOS-lgpl-latest")

# So that time passes quickly: it is counted in instructions.
CONFIG = """\
megs: 64
romimage: file={files[0]}
vgaromimage: file={files[1]}
ata0-master: type=cdrom, path={iso}, status=inserted
boot: cdrom
log: {log}
com1: enabled=1, mode=file, dev={serial}
display_library: term
cpu: model={model}, ips=50000000, reset_on_triple_fault=0
clock: sync=none
panic: action=fatal
"""


def is_installed():
    """Whether there is a Bochs that can run without a window."""
    return bool(shutil.which("bochs")
                and all(os.path.exists(file) for file in FILES)
                and glob.glob("/usr/lib/*/bochs/plugins/libbx_term_*"))


def run(iso, model, name):
    """Boot an ISO; returns its outcome, status 0 after a soft power off."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    base = SCRATCH / f"bochs-{name}"
    log, serial = base.with_suffix(".log"), base.with_suffix(".out")
    serial.unlink(missing_ok=True)
    base.with_suffix(".rc").write_text(
        CONFIG.format(files=FILES, iso=iso, log=log, serial=serial,
                      model=model))
    # Debian's Bochs starts in its debugger: let it go on.
    base.with_suffix(".go").write_text("c\n")
    command = ["bochs", "-q", "-f", str(base.with_suffix(".rc")),
               "-rc", str(base.with_suffix(".go"))]
    child = pexpect.spawn(command[0], command[1:], cwd=ROOT, timeout=TIMEOUT,
                          encoding="latin-1", env={"TERM": "xterm"},
                          dimensions=(50, 132))
    ended = child.expect([pexpect.EOF, pexpect.TIMEOUT]) == 0
    child.close(force=True)
    is_off = ended and SOFT_OFF in log.read_text("latin-1")
    text = serial.read_text("latin-1") if serial.exists() else ""
    return Outcome(command, 0 if is_off else 1 if ended else None, text)
