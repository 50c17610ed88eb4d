# SPDX-License-Identifier: GPL-2.0-or-later
"""
The checks of the tree themselves: each fails for what it is there to find.

A tree is made of the files that the test wants.
"""

import os
import subprocess

import pytest

from emulator import ROOT

# A guest interface of two sections, and another document.
TREE = {
    "hv/abi/README.md": "# A\n\n## 2 Calls\n\n### 2.1 How\n\n    ## 7 None\n",
    "mm/README.md": "# mm/: memory\n\n## Shadows in short\n",
    "mm/a.c": "/* */\n",
    "test/vm/pass/main.c": "/* */\n",
}


def check(folder, name, *arguments):
    """Run a check in that folder: its exit status, what it says by lines."""
    result = subprocess.run([ROOT / ".ci" / name, *arguments], cwd=folder,
                            check=False, stdout=subprocess.PIPE, text=True)
    return result.returncode, result.stdout.splitlines()


def check_tree(name, folder, files):
    """The same in a new tree of these files."""
    subprocess.run(["git", "init", "-q", folder], check=True)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return check(folder, name)


def run_check(name, folder, files):
    """What a check that says only what is wrong says of a new tree."""
    status, lines = check_tree(name, folder, files)
    assert status == (1 if lines else 0), lines
    return lines


@pytest.mark.parametrize("texts, said", [
    (["void b(void); void a(void) { b(); }", "void b(void) {}"], []),
    (["void b(void); void a(void) { b(); }", "void a(void); void b(void) { a(); }",
      "void a(void); void c(void) { a(); }"], ["need each other: 0 1"]),
    (["int b; extern int c; void a(void) { b = c; }",
      "extern int b; void d(void) { b = 1; }",
      "void d(void); int c; void e(void) { d(); }"],
     ["need each other: 0 1 2"])])
def test_circles(texts, said, tmp_path):
    """Object files that need each other, by calls or by variables."""
    objects = []
    for number, text in enumerate(texts):
        objects.append(tmp_path / f"{number}.o")
        subprocess.run(["gcc", "-x", "c", "-c", "-", "-o", objects[-1]],
                       input=text, text=True, check=True)
    assert check(tmp_path, "check-circles", "nm", *objects) == (
        1 if said else 0, said)


@pytest.mark.parametrize("text", [
    "/* lguest ABI 2.1. */",
    "/* lguest ABI 2, 2.1; System V ABI 9.9. */",
    "/* Rules: lguest\n * ABI 2 and 2.1. */",
    '/* mm/README.md "Shadows in short". */',
    '/* mm/README.md "Shadows\n * in short", hv/abi/README.md 2.1. */',
    "/* hv/abi/README.md, section 2. Next: mm/a.c, hv/hc_*.c. */",
    "/* As in guest/NAME/main.c. */",
])
def test_resolved(tmp_path, text):
    """What is there may be cited in all these ways."""
    assert run_check("check-citations", tmp_path,
                     TREE | {"mm/b.c": text + "\n"}) == []


@pytest.mark.parametrize("text, line, wrong", [
    ("/* lguest ABI 2.2. */", 1, 'hv/abi/README.md has no section "2.2"'),
    ("/* lguest ABI 7. */", 1, 'hv/abi/README.md has no section "7"'),
    ("/* lguest ABI 2, 2.1\n * and 2.3. */", 1,
     'hv/abi/README.md has no section "2.3"'),
    ("/*\n * Rules: lguest\n * ABI 3. */", 3,
     'hv/abi/README.md has no section "3"'),
    ("/* ABI 2.1. */", 1, "cite it as lguest ABI 2.1"),
    ("/* design 1.2 */", 1, '"design 1.2" is in no document of the tree'),
    ('/* mm/README.md "Shadows". */', 1,
     'mm/README.md has no section "Shadows"'),
    ("/* mm/README.md 3.1. */", 1, 'mm/README.md has no section "3.1"'),
    ("/* hv/README.md. */", 1, "hv/README.md: no such document"),
    ('/* README "Shadows". */', 1, "which README.md? Name it from the root"),
    ("/* Next: mm/gone.c. */", 1, "mm/gone.c: no such file"),
])
def test_unresolved(tmp_path, text, line, wrong):
    """What is not there is found, by file and line."""
    assert run_check("check-citations", tmp_path, TREE | {
        "mm/b.c": text + "\n"}) == [f"mm/b.c:{line}: {wrong}"]


@pytest.mark.parametrize("text, wrong", [
    ("Shown by `pass`, `gone` (case `x`).", ['"gone" is no test']),
    ("Shown by `pass` (case `x`). `y` is no test.", []),
    ("| a | shown by |\n|---|---|\n| `y` | `gone` |", ['"gone" is no test']),
    ("| a | b |\n|---|---|\n| `y` | `gone` |", []),
    ("## 1 One\n\nSee section 2 (1, 1.5).", [
        'mm/x.md has no section "2"']),
    ("## 1 One\n\n| a | section |\n|---|---|\n| 3 | 1, 2 |", [
        'mm/x.md has no section "2"']),
    ("## 1 One\n\nNot so (1.5).", ['mm/x.md has no section "1.5"']),
    ("[costs](y.md)", ["y.md: no such document"]),
])
def test_documents(tmp_path, text, wrong):
    """Documents name tests, and sections of their own."""
    said = run_check("check-citations", tmp_path, TREE | {"mm/x.md": text})
    assert [line.split(": ", 1)[1] for line in said] == wrong


DESCRIBED = {
    "mm/README.md": "| `a.c` | one |\n| `b_*.c` `c.h` | others, unlike `x86.h` |",
    "mm/a.c": "", "mm/a.h": "", "mm/b_1.c": "", "mm/b_2.c": "", "mm/c.h": "",
    "arch/README.md": "`x86.h` `lib/` `vm/NAME/`",
    "arch/x86.h": "", "arch/lib/d.c": "", "arch/vm/one/e.c": "",
}


@pytest.mark.parametrize("files, wrong", [
    ({}, []),
    ({"mm/d.c": ""}, ["mm/README.md: does not name d.c"]),
    ({"mm/d.h": ""}, ["mm/README.md: does not name d.h"]),
    ({"mm/run": "#!/bin/sh\n"}, ["mm/README.md: does not name run"]),
    ({"mm/table": "1 2\n"}, []),
    ({"mm/README.md": "`a.c` `b_?.c` `c.h` `gone.c`"},
     ["mm/README.md: names gone.c, which is nowhere"]),
    ({"hv/d.c": ""}, ["hv: has no README.md"]),
    ({"arch/other/d.c": ""}, ["arch/other: has no README.md"]),
    ({"arch/lib/f.c": "", "arch/lib/g.c": ""}, ["arch/lib: has no README.md"]),
])
def test_readmes(tmp_path, files, wrong):
    """Each folder has a README.md that names what is in it."""
    assert run_check("check-readmes", tmp_path, DESCRIBED | files) == wrong


@pytest.mark.parametrize("lines, said", [
    (160, None), (161, "abi has 161 lines of code, over its budget of 160")])
def test_budget(lines, said, tmp_path):
    """A room may not outgrow its budget; comments are free."""
    status, printed = check_tree("check-stats", tmp_path, {
        "hv/abi/a.h": "/* */\n" + "int a;\n" * lines})
    assert status == (1 if said else 0)
    assert not said or said in printed
