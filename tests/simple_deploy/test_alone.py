"""Concurrent runs in one project, and runs that were killed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from matrix.faults import disk
from matrix.sandbox import processes
from simple_deploy.alone import NAME, alone
from simple_deploy.errors import Busy
from simple_deploy.log import FOLDER

if TYPE_CHECKING:
    from conftest import Checkout, OnPlatform

NOW = datetime(2006, 1, 2, 3, 4, 5)
posix = pytest.mark.skipif(os.name == "nt", reason="kills a process as POSIX does")


def test_the_second_hears_who_is_at_work(tmp_path: Path) -> None:
    with alone(tmp_path, NOW), pytest.raises(Busy) as busy, alone(tmp_path, NOW):
        pytest.fail("two runs at a time")
    assert str(busy.value) == (
        "Another run of simple_deploy is at work in this project: "
        f"process {os.getpid()} on {socket.gethostname()}, since 2006-01-02 03:04:05.\n"
        "Nothing was changed. Wait until it has ended, and run the command again.\n"
        "If there is no such run any more, delete simple_deploy_logs/running.json first."
    )
    assert not (tmp_path / NAME).exists()
    with alone(tmp_path, NOW):
        pass


def owned(root: Path, pid: int, host: str) -> Path:
    path = root / NAME
    path.parent.mkdir()
    path.write_text(json.dumps({"pid": pid, "host": host, "since": "long ago"}), encoding="utf-8")
    return path


def test_a_dead_owner_is_taken_over(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    path = owned(tmp_path, ended.pid, socket.gethostname())
    with alone(tmp_path, NOW):
        assert json.loads(path.read_bytes())["pid"] == os.getpid()
    assert [entry.name for entry in path.parent.iterdir()] == [".gitignore"]


def test_an_owner_on_another_host_is_not(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    owned(tmp_path, ended.pid, "elsewhere")
    with pytest.raises(Busy, match=rf"process {ended.pid} on elsewhere, since long ago\."), alone(tmp_path, NOW):
        pytest.fail("two runs at a time")


def test_an_owner_that_cannot_be_read_is_not(tmp_path: Path) -> None:
    owned(tmp_path, 0, "").write_bytes(b"{")
    with pytest.raises(Busy, match=r"process \? on \?, since \?\."), alone(tmp_path, NOW):
        pytest.fail("two runs at a time")


def test_of_many_that_start_at_once_over_a_dead_owner_one_goes_on(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    owned(tmp_path, ended.pid, socket.gethostname())
    program = (
        "import sys\nfrom datetime import datetime\nfrom pathlib import Path\n"
        "from simple_deploy.alone import alone\nfrom simple_deploy.errors import Busy\n"
        "sys.stdin.readline()\n"
        "try:\n"
        "    with alone(Path(sys.argv[1]), datetime.now()):\n"
        "        print('mine', flush=True)\n        sys.stdin.readline()\n"
        "except Busy:\n    print('busy', flush=True)\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
    argv = [sys.executable, "-c", program, str(tmp_path)]
    children = [subprocess.Popen(argv, **pipes) for _ in range(6)]  # type: ignore[call-overload]
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    said = [child.stdout.readline().strip() for child in children]
    for child in children:
        child.communicate("end\n", timeout=30)
    assert sorted(said) == ["busy"] * 5 + ["mine"]


@posix
def test_a_disk_that_is_full_leaves_no_file_that_nobody_can_read(tmp_path: Path) -> None:
    from matrix.sandbox.limits import largest_file

    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / ".gitignore").write_bytes(b"*")
    with largest_file(10), alone(tmp_path, NOW):
        assert not (tmp_path / NAME).exists()
    with alone(tmp_path, NOW):
        assert (tmp_path / NAME).exists()


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
    taken = processes.wait_until(lambda: on_heroku.state.read()["faults"][0].get("times", 1) == 0, timeout=60)
    assert taken
    second = on_heroku.deploy()
    assert second.returncode == 1
    assert second.stderr.startswith(
        f"Stopped: Another run of simple_deploy is at work in this project: process {first.pid} on "
    )
    assert on_heroku.checkout.deployer("--dry-run").returncode == 0
    processes.kill(first)
    third = on_heroku.deploy("--json")
    assert third.returncode == 0, third.stderr
    assert json.loads(third.stdout)["files"] == []
    assert len(on_heroku.calls("apps:create")) == 1


@posix
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
        "Stopped: Nothing was changed: one thing needs your attention first.\n\n"
        "1. An earlier run was ended while it wrote files, and some of them are not as they were.\n"
        "   -> Run without --dry-run: that first puts every file back as it was before that run.\n"
    )
    assert checkout.contents() == left
    checkout.write("pip.conf", "makes this run stop after it has put the files back")
    again = checkout.deployer()
    assert again.returncode == 1
    assert again.stdout == (
        "An earlier run was ended while it wrote files.\n"
        "As they were before it: Procfile, .python-version, requirements.txt, blog/settings.py.\n"
    )
    (checkout.root / "pip.conf").unlink()
    assert checkout.contents() == before
    assert checkout.deployer().returncode == 0
    assert checkout.git("status", "--porcelain").split() == [
        *("M", "blog/settings.py", "M", "requirements.txt", "??", ".python-version", "??", "Procfile"),
    ]
