# SPDX-License-Identifier: GPL-2.0-or-later
"""
test/run itself: what it counts of a host program's output.
"""

import os
import subprocess

import pytest

from emulator import ROOT


@pytest.mark.parametrize("output, status, counts", [
    ("ok 1 - a\nok 2 - b\n", 0, "2 passed, 0 failed, 0 skipped"),
    ("ok 1 - a\nnot ok 2 - b\n", 1, "1 passed, 1 failed, 0 skipped"),
    ("ok 1 - a\nok 2 # SKIP b\n", 0, "1 passed, 0 failed, 1 skipped"),
    # cmocka 1.1.5 says it like this.
    ("ok 1 - a\nnot ok 2 # SKIP b\n", 0, "1 passed, 0 failed, 1 skipped"),
    ("ok 1 - a\n", 1, "1 passed, 1 failed, 0 skipped"),
    ("", 0, "0 passed, 1 failed, 0 skipped"),
], ids=["passed", "failed", "skipped", "cmocka", "crashed", "silent"])
def test_counts(tmp_path, output, status, counts):
    """A program's lines, and its exit status where they say nothing."""
    host = tmp_path / "host"
    host.mkdir()
    program = host / "t_sample"
    program.write_text(f"#!/bin/sh\nprintf '{output}'\nexit {status}\n")
    program.chmod(0o755)
    result = subprocess.run(
        [ROOT / "test" / "run", "--host"], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"BUILD": str(tmp_path)}, check=False)
    assert result.stdout.splitlines()[-1] == counts, result.stdout
    assert result.returncode == (0 if " 0 failed" in counts else 1)
