# SPDX-License-Identifier: GPL-2.0-or-later
"""What the checks know about the tree: files, comments, functions."""

import re
import subprocess

CODE = (".c", ".h", ".S")


def files(*suffixes):
    """Paths of the checkout that end in one of the suffixes, sorted.

    New files count before they are committed, ignored ones never.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others",
               "--exclude-standard", "--deduplicate"]
    gone = ["git", "ls-files", "-z", "--deleted"]
    names = split_names(command) - split_names(gone)
    return sorted(n for n in names if not suffixes or n.endswith(suffixes))


def split_names(command):
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return set(filter(None, output.decode().split("\0")))


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]*)"', re.M)


def included_by(*suffixes):
    """Whatever files with these suffixes include by quotes."""
    return {name for path in files(*suffixes)
            for name in INCLUDE.findall(read(path))}


def asm_only():
    """Headers that no C file includes: macros of the assembler."""
    return included_by(".S") - included_by(".c", ".h")


# A comment, or a literal that could look like one.
TOKEN = re.compile(
    r"(?P<comment>/\*.*?\*/|//[^\n]*)"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'(?:\\.|[^'\\\n])+'", re.S)


def blank(text):
    """As many characters and lines, but nothing to read."""
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    """The text with comments blanked: lines and columns stay."""
    return TOKEN.sub(
        lambda m: blank(m[0]) if m["comment"] else m[0], text)


def without_literals(text):
    """As above, with strings and characters blanked too."""
    return TOKEN.sub(lambda m: blank(m[0]), text)


def count_lines(text):
    """(all lines, lines with code, lines with comment alone)"""
    lines = text.splitlines()
    bare = without_comments(text).splitlines()
    code = sum(1 for line in bare if line.strip())
    empty = sum(1 for line in lines if not line.strip())
    return len(lines), code, len(lines) - code - empty


def functions(text):
    """(name, first line, last line) of each C function, signature included.

    Relies on the house layout: only a function's braces stand in column 0.
    """
    lines = without_literals(text).splitlines()
    found = []
    first = start = None
    for number, line in enumerate(lines, 1):
        if line.startswith("{"):
            start = first
        elif line.startswith("}") and start:
            head = " ".join(lines[start - 1:number])
            name = re.search(r"(\w+)\s*\(", head)
            found.append((name[1] if name else "?", start, number))
            start = None
        if not line.strip() or line.startswith(("#", "}")):
            first = None
        elif first is None:
            first = number
    return found


def verdict(wrong):
    """Print each line of what is wrong; a check's exit status."""
    status = 0
    for line in wrong:
        print(line)
        status = 1
    return status
