# SPDX-License-Identifier: GPL-2.0-or-later
"""
How Debian's packages come: .ci/deps, which installs, with an apt-get that only
pretends, and .ci/fetch, which does not, with a repository of one package.
"""

import hashlib
import os
import subprocess
import sys

import pytest

from emulator import ROOT, TIMEOUT

ADVICE = "name another with BUSYBOX=file"

# Lists are files of names: the mirror's, and those that apt-get has.
TOOLS = {
    "apt-get": """\
echo "$* frontend=$DEBIAN_FRONTEND" >>"$FAKE/calls"
env | sed -n 's/_proxy=/ /p' | sort >"$FAKE/proxies"
while [ "$1" != update ] && [ "$1" != install ]; do shift; done
if [ "$1" = update ]; then
	[ ! -e "$FAKE/mirror" ] || cp "$FAKE/mirror" "$FAKE/lists"
	[ ! -e "$FAKE/uneven" ] || echo "E: Failed to fetch http://m/other" >&2
	[ ! -e "$FAKE/uneven" ] || exit 100
	exit 0
fi
shift 2
for package in "$@"; do
	grep -qx "$package" "$FAKE/lists" && continue
	echo "E: Unable to locate package $package" >&2
	exit 100
done
echo "$*" >>"$FAKE/installed"
""",
    "apt-cache": 'grep -qx "$2" "$FAKE/lists"',
    "id": 'read -r user <"$FAKE/id"; echo "$user"',
    "sudo": 'exec env -i PATH="$PATH" FAKE="$FAKE" "$@"',
}


class Machine:
    """A machine whose apt-get pretends."""

    def __init__(self, folder, lists="", mirror=None, user=0):
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        for name, text in TOOLS.items():
            (self.bin / name).write_text("#!/bin/sh\n" + text)
            (self.bin / name).chmod(0o755)
        self.write("id", user)
        self.write("lists", lists.replace(" ", "\n"))
        if mirror is not None:
            self.write("mirror", mirror.replace(" ", "\n"))

    def write(self, name, text=""):
        """A file of the pretended machine."""
        (self.folder / name).write_text(f"{text}\n")

    def read(self, name):
        """The lines of such a file."""
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []

    def deps(self, *needs, mode="install", path=None):
        """Run .ci/deps; each need is of a command that nobody has."""
        return subprocess.run(
            [ROOT / ".ci" / "deps", mode, *(f"no-{n}:{n}" for n in needs)],
            env=os.environ | {"FAKE": str(self.folder), "PATH": path or
                              f"{self.bin}:{os.environ['PATH']}"},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            timeout=TIMEOUT, check=False)


def test_lists_as_they_are(tmp_path):
    """No refresh where the lists know the packages."""
    machine = Machine(tmp_path, "a b")
    assert machine.deps("a", "b").returncode == 0
    assert machine.read("installed") == ["a b"]
    assert len(machine.read("calls")) == 1


def test_uneven_mirror(tmp_path):
    """A refresh that fails elsewhere does not matter if the packages come."""
    machine = Machine(tmp_path, "a", mirror="a b")
    machine.write("uneven")
    result = machine.deps("a", "b")
    assert (result.returncode, result.stderr) == (0, "")
    assert machine.read("installed") == ["a b"]


def test_cannot_install(tmp_path):
    """One sentence: what failed, why, and what to do."""
    machine = Machine(tmp_path, "a")
    machine.write("uneven")
    result = machine.deps("a", "b")
    assert result.returncode == 1
    assert result.stderr == (
        "deps: cannot install a b (E: Failed to fetch http://m/other); "
        "install them by hand, or mend apt and try again\n")


def test_not_in_this_release(tmp_path):
    """Optional packages are left out by name, without any refresh."""
    machine = Machine(tmp_path, "a b", mirror="a b")
    result = machine.deps("a", "b?", "c?")
    assert (result.returncode, result.stderr) == (0, "")
    assert "no Debian package c in apt's lists: left out" in result.stdout
    assert machine.read("installed") == ["a", "b"]
    assert not [call for call in machine.read("calls") if "update" in call]


def test_naming_only(tmp_path):
    """DEPS=no: what Debian has is named, and nothing is run."""
    machine = Machine(tmp_path, "b")
    result = machine.deps("a", "b?", "c?", mode="check")
    assert result.returncode == 1
    assert result.stderr.startswith("deps: missing Debian packages: a b; ")
    assert machine.read("calls") == []
    assert machine.deps("c?", mode="check").returncode == 0


def test_user_with_sudo(tmp_path, monkeypatch):
    """sudo forgets the environment; still nobody is asked anything, and what
    is fetched comes by the same proxy."""
    machine = Machine(tmp_path, "a", user=1000)
    for name in ("http", "https", "no"):
        monkeypatch.setenv(f"{name}_proxy", f"a {name}")
    assert machine.deps("a").returncode == 0
    assert machine.read("calls")[0].endswith("frontend=noninteractive")
    assert machine.read("proxies") == ["http a http", "https a https",
                                       "no a no"]


FRESH_AS_USER = """
import os, runpy, sys
os.geteuid = lambda: 1000
sys.argv = ["test/fresh", "sid-user"]
runpy.run_path("test/fresh", run_name="__main__")
"""


def test_fresh_with_sudo(tmp_path, monkeypatch):
    """Fresh systems, which only root can make, have the user's proxy, too."""
    (tmp_path / "sudo").write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
    (tmp_path / "sudo").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("https_proxy", "http://p:1")
    monkeypatch.setenv("no_proxy", "a b")
    text = subprocess.run([sys.executable, "-c", FRESH_AS_USER], cwd=ROOT,
                          check=True, text=True, stdout=subprocess.PIPE).stdout
    words = text.splitlines()
    assert words[0] == "env"
    assert {"https_proxy=http://p:1", "no_proxy=a b"} <= set(words)
    assert words[-3:] == [sys.executable, "test/fresh", "sid-user"]


def test_sudo_refuses(tmp_path):
    """sudo's own error message is passed on."""
    machine = Machine(tmp_path, "a", user=1000)
    (machine.bin / "sudo").write_text(
        "#!/bin/sh\necho 'sudo: a password is required' >&2\nexit 1\n")
    result = machine.deps("a")
    assert result.returncode == 1
    assert result.stderr.startswith(
        "deps: cannot install a (sudo: a password is required); ")


def test_user_without_sudo(tmp_path):
    """The message says what root would have to do."""
    machine = Machine(tmp_path, "a", user=1000)
    (machine.bin / "sudo").unlink()
    (machine.bin / "flock").symlink_to("/usr/bin/flock")
    result = machine.deps("a", path=str(machine.bin))
    assert result.returncode == 1
    assert result.stderr == ("deps: neither root nor sudo; "
                             "as root: apt-get install a\n")


def test_patterns(tmp_path):
    """A path may be a pattern; nothing is installed for what is there."""
    machine = Machine(tmp_path)
    result = subprocess.run(
        [ROOT / ".ci" / "deps", "check", f"{tmp_path}/*/apt-get:a",
         f"{tmp_path}/*/apt-got:b"], stderr=subprocess.PIPE, text=True,
        check=False)
    assert "missing Debian packages: b;" in result.stderr
    assert machine.read("calls") == []


# An architecture that no machine here has heard of.
ARCHITECTURE = "m68k"


class Repository:
    """A mirror with one package in its main suite, another that depends on it,
    and a machine's sources that name the mirror."""

    def __init__(self, folder):
        self.folder = folder
        self.mirror = folder / "mirror"
        self.target = folder / "a build" / "tool"
        (folder / "parts").mkdir()
        (folder / "apt.conf").write_text(
            f'Dir::Etc::SourceList "{folder}/sources.list";\n'
            f'Dir::Etc::SourceParts "{folder}/parts";\n')

    def pack(self, name, version, place, more=""):
        """Make an archive of a package with one file; its stanza."""
        tree = self.folder / f"tree-{name}-{version}"
        (tree / "DEBIAN").mkdir(parents=True)
        (tree / place).mkdir(parents=True)
        (tree / place / name).write_text(version)
        control = (f"Package: {name}\nVersion: {version}\n"
                   f"Architecture: {ARCHITECTURE}\nMaintainer: nobody\n"
                   f"{more}Description: a tool\n")
        (tree / "DEBIAN" / "control").write_text(control)
        archive = self.mirror / f"{name}_{version}.deb"
        subprocess.run(["dpkg-deb", "-b", tree, archive], check=True,
                       stdout=subprocess.DEVNULL)
        data = archive.read_bytes()
        return (f"{control}Filename: {archive.name}\n"
                f"Size: {len(data)}\n"
                f"SHA256: {hashlib.sha256(data).hexdigest()}\n\n")

    def publish(self, version, place="bin"):
        """Make this version of the package, and of one that names it, the
        mirror's only ones."""
        index = self.mirror / f"dists/stable/main/binary-{ARCHITECTURE}"
        index.mkdir(parents=True, exist_ok=True)
        for old in self.mirror.glob("*.deb"):
            old.unlink()
        packages = (self.pack("tool", version, place) +
                    self.pack("newest-tool", version, "usr/share/doc",
                              "Depends: tool\n")).encode()
        (index / "Packages").write_bytes(packages)
        (index.parent.parent / "Release").write_text(
            f"Suite: stable\nCodename: stable\nComponents: main\n"
            f"Architectures: {ARCHITECTURE}\n"
            "Date: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n"
            f" {hashlib.sha256(packages).hexdigest()} {len(packages)} "
            f"main/{index.name}/Packages\n")

    def start(self, package="tool", wanted="bin/tool"):
        """Begin to fetch."""
        return subprocess.Popen(
            [ROOT / ".ci" / "fetch", "install", self.target,
             f"{package}:{ARCHITECTURE}", wanted, ADVICE],
            env=os.environ | {"APT_CONFIG": str(self.folder / "apt.conf")},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def fetch(self, *what):
        """The exit status, and what was said on standard error."""
        running = self.start(*what)
        _, error = running.communicate(timeout=TIMEOUT)
        return running.returncode, error

    def fetched(self):
        """What the tool is."""
        return (self.target / "bin" / "tool").read_text()


def foreign_architectures():
    """What dpkg knows."""
    return subprocess.run(["dpkg", "--print-foreign-architectures"],
                          check=True, stdout=subprocess.PIPE).stdout


@pytest.fixture(name="repository")
def fixture_repository(tmp_path):
    """A mirror whose other suites are not there."""
    repository = Repository(tmp_path)
    repository.publish("1.0")
    (tmp_path / "parts" / "a.sources").write_text(
        "# Comments are no fields.\n"
        f"Types: deb deb-src\nURIs: file:{tmp_path}/mirror\n# nor here\n"
        "Suites: stable-updates stable\nComponents: main contrib\n"
        "Architectures: amd64\nTrusted: yes\n\n"
        f"Types: deb\nURIs: file:{tmp_path}/absent\n"
        "Suites: stable\nComponents: main\nEnabled: no\n")
    (tmp_path / "parts" / "b.list").write_text(
        f"deb file:{tmp_path}/absent nodistro main\n")
    return repository


def test_fetch(repository):
    """Only the main suite is asked, and dpkg hears nothing of it."""
    before = foreign_architectures()
    assert repository.fetch() == (0, "")
    assert repository.fetched() == "1.0"
    assert foreign_architectures() == before
    assert sorted(p.name for p in repository.target.parent.iterdir()) == [
        "apt", "tool"]


def test_fetch_one_line_sources(repository):
    """The older format of sources."""
    (repository.folder / "parts" / "a.sources").unlink()
    (repository.folder / "sources.list").write_text(
        f"#deb file:{repository.folder}/absent stable main\n"
        f"deb [trusted=yes arch=amd64]  file:{repository.mirror} stable "
        "main contrib # ours\n")
    assert repository.fetch() == (0, "")
    assert repository.fetched() == "1.0"


def test_fetch_with_old_lists(repository):
    """Lists are refreshed when what they name is gone."""
    assert repository.fetch()[0] == 0
    (repository.target / "bin" / "tool").unlink()
    repository.publish("1.1", place="usr/bin")
    assert repository.fetch() == (0, "")
    assert repository.fetched() == "1.1"


def test_fetch_named_by_another(repository):
    """A package that only names another: both come. A path may be a pattern."""
    assert repository.fetch("newest-tool+", "**/bin/t*l") == (0, "")
    assert repository.fetched() == "1.0"
    repository.publish("1.1")
    assert repository.fetch("newest-tool+", "**/bin/t*l") == (0, "")
    assert repository.fetched() == "1.0"


def test_fetch_fails(repository):
    """One sentence: what failed, why, and what to do; later it works."""
    os.rename(repository.mirror, repository.mirror.with_name("away"))
    status, error = repository.fetch()
    assert status == 1
    assert error.startswith(f"fetch: no Debian package tool:{ARCHITECTURE} "
                            "(Failed to fetch file:")
    assert error.endswith(f"); {ADVICE}\n") and error.count("\n") == 1
    assert not repository.target.exists()
    os.rename(repository.mirror.with_name("away"), repository.mirror)
    assert repository.fetch() == (0, "")


def test_fetch_without_a_suite(repository):
    """Sources that have no main suite."""
    (repository.folder / "parts" / "a.sources").unlink()
    status, error = repository.fetch()
    assert status == 1
    assert "main suite is not among apt's sources" in error


def test_fetch_twice_at_once(repository):
    """Two builds in one checkout: the second waits for the first."""
    running = [repository.start(), repository.start()]
    said = [one.communicate(timeout=TIMEOUT) for one in running]
    assert [one.returncode for one in running] == [0, 0], said
    assert sorted(len(text.splitlines()) for text, _ in said) == [0, 1]
    assert repository.fetched() == "1.0"
