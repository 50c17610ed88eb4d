# SPDX-License-Identifier: GPL-2.0-or-later
"""
Sessions at Gnomon's shell on processors from the first without SSE to the
last, on Umbra and natively: boot, run programs, power off.
"""

import pytest

import bochs
from emulator import PROCESSORS, SCRATCH, make_iso
from gnomon import GNOMON, ROOT_CPIO, Session
from judge import require


@pytest.mark.parametrize("cpu", PROCESSORS)
@pytest.mark.parametrize("platform", ["umbra", "native"])
def test_session(platform, cpu):
    """Nothing is used that the processor does not claim to have."""
    with Session((platform, "pae"), cpu=cpu) as shell:
        shell.settle()
        assert shell.run("uname -m; seq 1 100 | md5sum") == \
            "i686\nd632eba71107bf7bc3ec423eab256d78  -\n"
        # The FPU's state: through switches of task, threads and handlers.
        for program in ("stress 2", "tls 20", "signals"):
            told = shell.run(program)
            assert told.endswith(f"{program.split()[0]}: PASS\n"), told
        outcome = shell.power_off()
        require(outcome, outcome.status == 33, "no clean power off")


SCRIPT = "set -e; uname -m; tls 20; signals; stress 2; echo all of it\n"


@pytest.mark.skipif(not bochs.is_installed(), reason="there is no Bochs")
def test_bochs(monkeypatch):
    """An independent emulator; the shell reads the script from a disk."""
    # Bochs ends when a terminal is to show 32 bits a pixel: the serial line.
    monkeypatch.setenv("ENTRY", "2")
    script = SCRATCH / "processors.disk"
    script.write_bytes(SCRIPT.encode().ljust(512, b"\n"))
    iso = make_iso(SCRATCH / "processors.iso",
                   [f"{GNOMON} gnomon role=kernel -- sh /dev/vda",
                    f"{ROOT_CPIO} root role=initrd",
                    f"{script} script role=disk"],
                   "on-off=halt on-crash=halt")
    outcome = bochs.run(iso, "p3_katmai", "processors")
    require(outcome, outcome.status == 0, "no power off")
    for text in ("i686", "tls: PASS", "signals: PASS", "stress: PASS",
                 "all of it", "umbra: guest powered off: power off"):
        require(outcome, text in outcome.log, f"no {text!r}")
