"""Concurrent runs in one project, and runs that were killed."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from matrix.faults import disk
from matrix.sandbox import processes
from simple_deploy.effects.own_folder import FOLDER
from simple_deploy.effects.run_lock import run_lock
from simple_deploy.messages.stops import NO_LOCKS, Busy

if TYPE_CHECKING:
    from conftest import Checkout, OnPlatform

NOW = datetime(2006, 1, 2, 3, 4, 5)
NAME = f"{FOLDER}/running.json"
posix = pytest.mark.skipif(os.name == "nt", reason="kills a process as POSIX does")


def silent(text: str) -> None:
    pytest.fail(text)


def test_a_second_run_is_told_about_the_first(tmp_path: Path) -> None:
    with run_lock(tmp_path, NOW, silent), pytest.raises(Busy) as busy, run_lock(tmp_path, NOW, silent):
        pytest.fail("two runs at a time")
    assert str(busy.value) == (
        "Another run of simple_deploy is active in this project: "
        f"process {os.getpid()} on {socket.gethostname()}, since 2006-01-02 03:04:05.\n"
        "Nothing was changed. Wait for it to finish (it holds a lock on simple_deploy_logs/running.json), then run "
        "the command again."
    )
    assert not (tmp_path / NAME).exists()
    with run_lock(tmp_path, NOW, silent):
        pass


@pytest.mark.parametrize("left", ["", "{", "[]", "OURS", "ELSEWHERE"])
def test_the_lock_of_a_killed_run_does_not_block(tmp_path: Path, left: str) -> None:
    """Its process ID may belong to another program by now, and its host may be this one or none."""
    path = tmp_path / NAME
    path.parent.mkdir()
    owner = {"pid": os.getpid(), "host": left if left == "ELSEWHERE" else socket.gethostname(), "since": "long ago"}
    path.write_text(json.dumps(owner) if left.isupper() else left, encoding="utf-8")
    with run_lock(tmp_path, NOW, silent):
        assert json.loads(path.read_bytes())["since"] == "2006-01-02 03:04:05"


@pytest.mark.parametrize("said", [b"", b"\xff", b"[]", b'{"pid": 1, "host": "\\u001b[2J", "since": ""}'])
def test_an_anonymous_lock_owner(tmp_path: Path, said: bytes) -> None:
    with run_lock(tmp_path, NOW, silent):
        (tmp_path / NAME).write_bytes(said)
        with pytest.raises(Busy, match=r"^Another run of simple_deploy is active in this project\.\n"):
            run_lock(tmp_path, NOW, silent).__enter__()


PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from simple_deploy.messages.stops import Busy
from simple_deploy.effects.run_lock import run_lock
print("ready", flush=True)
sys.stdin.readline()
try:
    with run_lock(Path(sys.argv[1]), datetime.now(), print):
        print("mine", flush=True)
        sys.stdin.readline()
except Busy:
    print("busy", flush=True)
"""


def started(root: Path) -> subprocess.Popen[str]:
    argv = [sys.executable, "-c", PROGRAM, str(root)]
    return subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")


def said(child: subprocess.Popen[str]) -> str:
    assert child.stdout
    return child.stdout.readline().strip()


def tell(child: subprocess.Popen[str]) -> None:
    assert child.stdin
    child.stdin.write("go\n")
    child.stdin.flush()


@pytest.mark.parametrize("time", range(3))
def test_only_one_of_many_runs_continues_and_its_death_releases_the_lock(tmp_path: Path, time: int) -> None:
    """They are the first ones in the project, and begin together."""
    children = [started(tmp_path) for _ in range(6)]
    assert [said(child) for child in children] == ["ready"] * 6
    for child in children:
        tell(child)
    heard = [said(child) for child in children]
    assert sorted(heard) == ["busy"] * 5 + ["mine"]
    mine = children[heard.index("mine")]
    mine.kill()
    for child in children:
        child.communicate(timeout=300)
    left = (tmp_path / NAME).read_bytes()
    assert json.loads(left)["pid"] == mine.pid
    with run_lock(tmp_path, NOW, silent):
        assert json.loads((tmp_path / NAME).read_bytes())["pid"] == os.getpid()


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("cc"), reason="needs a compiler and LD_PRELOAD")
@pytest.mark.parametrize(("answer", "heard"), [("ENOLCK", f"{NO_LOCKS}\nmine\n"), ("EWOULDBLOCK", "busy\n")])
def test_a_file_system_without_locks_is_reported_and_the_run_continues(tmp_path: Path, answer: str, heard: str) -> None:
    """Some network file systems answer like this. Here, a library loaded before the system's gives that answer."""
    source = f"#include <errno.h>\nint flock(int file, int what) {{ errno = {answer}; return -1; }}\n"
    library = tmp_path / "flock.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-o", str(library), "-"], input=source.encode(), check=True)
    argv = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    env = {**os.environ, "LD_PRELOAD": str(library)}
    ended = subprocess.run(argv, env=env, input="go\ngo\n", capture_output=True, encoding="utf-8", timeout=300)
    assert (ended.stdout, ended.stderr) == (f"ready\n{heard}", "")


@posix
def test_a_removed_lock_file_is_not_locked_by_the_next_run(tmp_path: Path) -> None:
    """A run that opened it before its removal must lock the new one, which a third run may hold."""
    with run_lock(tmp_path, NOW, silent):
        (tmp_path / NAME).unlink()
        with run_lock(tmp_path, NOW, silent), pytest.raises(Busy), run_lock(tmp_path, NOW, silent):
            pytest.fail("two runs at a time")


def test_a_folder_that_cannot_be_created_does_not_stop_a_run(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_bytes(b"a file")
    with run_lock(tmp_path, NOW, silent):
        assert (tmp_path / FOLDER).read_bytes() == b"a file"


@posix
def test_a_full_disk_leaves_no_blocking_lock(tmp_path: Path) -> None:
    from matrix.sandbox.limits import largest_file

    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / ".gitignore").write_bytes(b"*")
    with largest_file(10), run_lock(tmp_path, NOW, silent):
        pass
    with run_lock(tmp_path, NOW, silent):
        assert json.loads((tmp_path / NAME).read_bytes())["pid"] == os.getpid()


def test_two_deployments_at_once(on_heroku: OnPlatform) -> None:
    on_heroku.state.add_fault({"command": "apps:create", "hang": True})
    argv = [
        sys.executable,
        "manage.py",
        "simple_deploy",
        "--platform",
        "heroku",
        "--automate-all",
        "--yes",
        "--no-open",
        *on_heroku.named,
    ]
    first = on_heroku.box.popen(argv, cwd=on_heroku.checkout.root, env={"PYTHONUTF8": "1"})
    taken = processes.wait_until(lambda: on_heroku.state.read()["faults"][0].get("times", 1) == 0, timeout=300)
    assert taken
    second = on_heroku.deploy()
    assert second.returncode == 1
    assert second.stderr.startswith(
        f"Stopped: Another run of simple_deploy is active in this project: process {first.pid} on "
    )
    assert on_heroku.checkout.deployer("--dry-run").returncode == 0
    processes.kill(first)
    third = on_heroku.deploy("--json")
    assert third.returncode == 0, third.stderr
    assert json.loads(third.stdout)["files"] == []
    assert len(on_heroku.calls("apps:create")) == 1


@posix
@pytest.mark.long
def test_a_run_that_is_killed_while_it_writes(checkout: Checkout) -> None:
    before = checkout.contents()
    files = r"/(Procfile|requirements\.txt|settings\.py)$"
    fault = [disk.__file__, "--kill", "3", "--below", str(checkout.root), "--matching", files]
    ended = checkout.python(*fault, "manage.py", "simple_deploy", "--platform", "heroku")
    assert ended.returncode == -9, ended.stderr
    left = checkout.contents()
    assert {name for name in before if left[name] != before[name]} == {"requirements.txt"}
    preview = checkout.deployer("--dry-run")
    assert preview.returncode == 1
    assert preview.stderr == (
        "Stopped: Nothing was changed. Fix this problem first:\n\n"
        "1. An earlier run was killed while it wrote files, and some of them are incomplete.\n"
        "   -> Run without --dry-run: that first restores every file to its state before that run.\n"
    )
    assert checkout.contents() == left
    checkout.write("pip.conf", "makes this run stop after it has put the files back")
    again = checkout.deployer()
    assert again.returncode == 1
    assert again.stdout == (
        "An earlier run was killed while it wrote files.\n"
        "Restored to their state before that run: Procfile, .python-version, requirements.txt, blog/settings.py.\n"
    )
    (checkout.root / "pip.conf").unlink()
    assert checkout.contents() == before
    assert checkout.deployer().returncode == 0
    assert checkout.git("status", "--porcelain").split() == [
        *("M", "blog/settings.py", "M", "requirements.txt", "??", ".python-version", "??", "Procfile"),
    ]
