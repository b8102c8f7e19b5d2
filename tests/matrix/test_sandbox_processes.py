"""Everything that a sandbox started ends: on close, on Ctrl-C and when its owner is killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from matrix.sandbox import processes, watchdog
from matrix.sandbox.machine import Sandbox

ROOT = Path(__file__).parents[2]
SLEEP = [sys.executable, "-c", "import time; time.sleep(300)"]


def gone(pid: int) -> bool:
    """Whether the process has exited; one that has not been waited for counts as well."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that owns a sandbox with a grandchild in another session, a site and a PostgreSQL server."""
    started = processes.start(
        [sys.executable, "-m", "tests.matrix.sandbox_owner", str(tmp_path)],
        cwd=ROOT,
        env=os.environ,
        stdout=subprocess.PIPE,
    )
    yield started
    processes.kill(started)
    assert started.stdout
    started.stdout.close()


def living(owner: subprocess.Popen[str]) -> list[int]:
    """The processes that the owner has started, all of which are running."""
    assert owner.stdout
    pids: list[int] = json.loads(owner.stdout.readline())
    assert len(pids) >= 4
    assert not any(map(gone, pids))
    return pids


@pytest.mark.long
def test_children_are_killed_with_their_owner(owner: subprocess.Popen[str], tmp_path: Path) -> None:
    pids = living(owner)
    owner.kill()
    assert processes.wait_until(lambda: all(map(gone, pids)), 20)
    assert processes.wait_until(lambda: not list(tmp_path.iterdir()), 20)


@pytest.mark.long
def test_children_end_on_ctrl_c(owner: subprocess.Popen[str], tmp_path: Path) -> None:
    pids = living(owner)
    processes.interrupt(owner)
    owner.wait(20)
    assert processes.wait_until(lambda: all(map(gone, pids)), 20)
    assert list(tmp_path.iterdir()) == []


def test_without_the_watchdog_a_child_outlives_its_owner() -> None:
    """The negative control of the two above."""
    options = {"stdout": subprocess.DEVNULL, **watchdog.own_group()}
    program = f"import subprocess; print(subprocess.Popen({SLEEP!r}, **{options!r}).pid, flush=True)"
    argv = [sys.executable, "-W", "ignore", "-c", program]
    orphan = int(subprocess.run(argv, stdout=subprocess.PIPE, check=True, timeout=300).stdout)
    assert not gone(orphan)
    watchdog.kill_tree(orphan)
    assert processes.wait_until(lambda: gone(orphan), 20)


def test_children_end_on_close(tmp_path: Path) -> None:
    with Sandbox.create(tmp_path) as box:
        child = box.popen(SLEEP)
        assert not gone(child.pid)
    assert gone(child.pid)


def test_ctrl_c_reaches_a_started_command(tmp_path: Path) -> None:
    program = (
        "import time\n"
        "try:\n    print('ready', flush=True); time.sleep(300)\n"
        "except KeyboardInterrupt:\n    print('cancelled')"
    )
    with Sandbox.create(tmp_path) as box:
        child = box.popen([sys.executable, "-c", program])
        assert child.stdout
        assert child.stdout.readline() == "ready\n"
        processes.interrupt(child)
        assert child.stdout.read() == "cancelled\n"


def test_a_process_tree_is_terminated_before_it_is_killed(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('ready', flush=True); time.sleep(300)"
    with Sandbox.create(tmp_path) as box:
        polite = box.popen(SLEEP)
        processes.stop(polite, signal.SIGTERM, 20)
        assert polite.returncode == -signal.SIGTERM
        stubborn = box.popen([sys.executable, "-c", deaf])
        assert stubborn.stdout
        stubborn.stdout.readline()
        processes.stop(stubborn, signal.SIGTERM, 0.2)
        assert stubborn.returncode == -9
