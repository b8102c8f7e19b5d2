"""An app cannot leave its isolation: it writes nothing outside, and gets no power over this machine, even as root."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from matrix.sandbox import isolation, layers, ordinary_user
from matrix.sandbox.isolation import IsolationError

ROOT = Path(__file__).parents[2]
needs_root = pytest.mark.skipif(not layers.has_owners(), reason="only root has the power that is to be taken away")
needs_bubblewrap = pytest.mark.skipif(isolation.current() != "bubblewrap", reason="no working bubblewrap here")
needs_layers = pytest.mark.skipif(not layers.works(), reason="folders cannot be laid over each other here")
# Every attempt prints its name if it succeeds. $1 is a read-only folder of the host, $2 a folder at a host path.
ATTEMPTS = """
exec 2>/dev/null
echo x > "$1/file" && echo writes
mount -o remount,bind,rw "$1" && echo x > "$1/file" && echo remounts
value=$(cat /proc/sys/vm/swappiness); echo "$value" > /proc/sys/vm/swappiness && echo sets the kernel
mknod /tmp/device-$$ b 259 0 && echo makes devices && rm /tmp/device-$$
unshare --user --map-root-user true && echo makes namespaces
[ -e "$2" ] && echo sees the disk
exit 0
"""
EVERYTHING = ["remounts", "sets the kernel", "makes devices", "makes namespaces", "sees the disk"]
# Run by another Python, to be started as another user.
INSIDE = """
import subprocess, sys
from pathlib import Path
from matrix.sandbox import isolation, layers
from matrix.sandbox.namespace import Container, Mount, enter

kind, folder, *argv = sys.argv[1:]
seen = Mount(host=Path(folder, "seen"), inside="/seen")
if kind == "namespace":
    place = Container(app=Path(folder), mounts=(seen,))
else:
    skeleton = Path(folder, "skeleton")
    layers.write_skeleton(skeleton)
    place = layers.container([skeleton], Path(folder, "upper"), mounts=[seen])
command = enter(place, argv, {"PATH": layers.PATH})
sys.exit(subprocess.run(command.argv, cwd=command.cwd, env=dict(command.env)).returncode)
"""
KINDS = [pytest.param("namespace", marks=needs_bubblewrap), pytest.param("layers", marks=needs_layers)]


@pytest.fixture
def host(tmp_path: Path) -> Path:
    (tmp_path / "seen").mkdir()
    (tmp_path / "seen" / "file").write_text("the host's", encoding="utf-8")
    return tmp_path


def inside(kind: str, host: Path, *argv: str, prefix: tuple[str, ...] = ()) -> str:
    words = [*prefix, sys.executable, "-c", INSIDE, kind, str(host), *argv]
    return subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def attempts(seen: str, host: Path) -> list[str]:
    return ["sh", "-c", ATTEMPTS, "sh", seen, str(host / "seen")]


@pytest.mark.parametrize("kind", KINDS)
def test_every_attempt_fails(host: Path, kind: str) -> None:
    assert inside(kind, host, *attempts("/seen", host)) == ""
    assert (host / "seen" / "file").read_text(encoding="utf-8") == "the host's"


@needs_root
@pytest.mark.parametrize("kind", KINDS)
def test_every_attempt_by_an_ordinary_user_fails(host: Path, kind: str) -> None:
    user = ordinary_user.ordinary_user()
    if user.owner is not None:
        pytest.skip("root cannot be renamed here, and another user does not reach this folder")
    assert inside(kind, host, "sh", "-c", "id -u", prefix=user.prefix) == ("65534\n" if kind == "namespace" else "0\n")
    if kind == "layers":
        (host / "skeleton").rename(host / "old")
    assert inside(kind, host, *attempts("/seen", host), prefix=user.prefix) == ""


@needs_root
@needs_bubblewrap
def test_without_isolation_the_same_attempts_succeed(host: Path) -> None:
    seen = str(host / "seen")
    words = [str(isolation.bubblewrap()), "--dev-bind", "/", "/", "--proc", "/proc", "--ro-bind", seen, seen]
    done = subprocess.run([*words, *attempts(seen, host)], check=True, stdout=subprocess.PIPE, encoding="utf-8")
    assert done.stdout.splitlines() == EVERYTHING
    assert (host / "seen" / "file").read_text(encoding="utf-8") == "x\n"


@needs_bubblewrap
def test_an_app_has_no_capability(host: Path) -> None:
    said = inside("namespace", host, "grep", "Cap", "/proc/self/status").split()
    assert said[1::2] == ["0" * 16] * 5


@needs_root
@needs_layers
def test_root_in_layers_is_root_in_its_own_user_namespace(host: Path) -> None:
    argv = ("sh", "-c", "touch /given; chown 999:998 /given; stat -c %u:%g /given; readlink /proc/self/ns/user")
    given, namespace = inside("layers", host, *argv).splitlines()
    assert given == "999:998"
    assert namespace != str(Path("/proc/self/ns/user").readlink())


@pytest.mark.skipif(not isolation.discards_changes(), reason="no overlays here")
def test_an_old_bubblewrap_does_not_hide_one_with_overlays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian 12 and Ubuntu 24.04 have versions that know no overlays; Fly.io's images need them."""
    newer, old = isolation.bubblewrap(), tmp_path / "bwrap"
    old.write_text(f'#!/bin/sh\ncase "$*" in *--overlay-src*) exit 1;; esac\nexec {newer} "$@"\n', encoding="utf-8")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert isolation.bubblewrap.__wrapped__() not in (None, old)


def test_an_unknown_isolation_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(isolation.VARIABLE, "wall")
    with pytest.raises(IsolationError, match=r"Unknown isolation: wall\. Known: bubblewrap, folder\."):
        isolation.current()


def test_importing_the_sandbox_starts_no_program() -> None:
    """Importing it only for a name costs nothing, and does not probe a machine without bubblewrap."""
    heard = "lambda event, _: print(event) if event in ('subprocess.Popen', 'os.exec', 'os.fork') else None"
    program = f"import sys; sys.addaudithook({heard}); from matrix.sandbox import namespace, layers, isolation"
    argv = [sys.executable, "-c", program]
    assert subprocess.run(argv, cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout == ""
