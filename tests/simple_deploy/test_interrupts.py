"""Ctrl-C at moments outside of any stage of a run, and with programs that ignore it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from matrix.sandbox import processes

if TYPE_CHECKING:
    from conftest import Checkout

posix = pytest.mark.skipif(os.name == "nt", reason="needs signals of POSIX")

# Python imports this module first: it sends Ctrl-C when the named module is about to be imported.
SITE = """
import importlib.abc, os, signal, sys
class Interrupting(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == os.environ.get("CTRL_C_AT"):
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
"""
BETWEEN = "Stopped: Interrupted between two steps. Run the same command again to continue from there.\n"
BEFORE = "Stopped: Interrupted before anything was changed. Run the same command to start again.\n"


@pytest.mark.long
@pytest.mark.parametrize(
    ("module", "message"),
    [
        ("simple_deploy.pipeline", BETWEEN),
        ("simple_deploy.effects.terminal", BETWEEN),
        ("simple_deploy.platforms.heroku", BETWEEN),
        ("simple_deploy.package_managers.pip", BEFORE),
        ("simple_deploy.preview", BEFORE),
        ("simple_deploy.summary", BETWEEN),
    ],
)
def test_ctrl_c_while_a_module_is_imported(checkout: Checkout, tmp_path: Path, module: str, message: str) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(SITE, encoding="utf-8")
    before = checkout.contents()
    ended = checkout.deployer("--dry-run", PYTHONPATH=str(tmp_path / "site"), CTRL_C_AT=module)
    assert (ended.returncode, ended.stderr) == (130, message)
    assert checkout.contents() == before


# A possible `heroku`: a program that ignores Ctrl-C.
DEAF = """#!{python}
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
with open({marker!r}, "ab") as marker:
    marker.write(b".")
time.sleep(300)
"""


@pytest.mark.long
@posix
def test_programs_that_ignore_ctrl_c_are_ended(checkout: Checkout, tmp_path: Path) -> None:
    marker = tmp_path / "started"
    program = tmp_path / "bin" / "heroku"
    program.write_text(DEAF.format(python=sys.executable, marker=str(marker)), encoding="utf-8")
    program.chmod(0o755)
    argv = [
        sys.executable,
        "manage.py",
        "simple_deploy",
        "--platform",
        "heroku",
        "--automate-all",
        "--yes",
        "--no-logging",
    ]
    child = processes.start(argv, cwd=checkout.root, env=checkout.env, stdout=-1, stderr=-1)
    try:
        # Two programs run in parallel. Until both run, starting one of them could be what is interrupted.
        both = processes.wait_until(lambda: marker.exists() and marker.stat().st_size == 2, timeout=300)
        assert both
        at = time.monotonic()
        processes.interrupt(child)
        _, errors = child.communicate(timeout=300)
        print(f"Ctrl-C with deaf programs: ended after {time.monotonic() - at:.1f} s")  # noqa: T201
        text = errors if isinstance(errors, str) else errors.decode()
        assert (child.returncode, text) == (130, BEFORE)
    finally:
        processes.kill(child)


STARTING = """
import os, signal, sys
from simple_deploy.effects.commands import running

def interrupt(frame, event, argument):
    # The program runs, and whoever starts it does not know of it yet.
    if event == "return" and frame.f_code.co_name == "_execute_child":
        signal.raise_signal(signal.SIGINT)

sys.setprofile(interrupt)
deaf = [sys.executable, "-c", "import signal, time; signal.signal(2, signal.SIG_IGN); time.sleep(60)"]
try:
    with running([deaf, deaf], cwd=os.getcwd()):
        print("both run")
except KeyboardInterrupt:
    print("interrupted")
"""


@posix
def test_a_program_that_is_being_started_is_also_ended(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", STARTING], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=300
    )
    assert (ended.stdout, ended.stderr) == ("interrupted\n", "")
    left = [child for child in psutil.process_iter(["cwd"]) if child.info["cwd"] == str(tmp_path)]
    for child in left:
        child.kill()
    assert not left


ENDED_FIRST = """
import os, signal, sys, threading, time
from pathlib import Path
from simple_deploy.effects.commands import run

parent, reaches = os.getpid(), sys.argv[1] == "both"
# The program gets its Ctrl-C first, and its end is seen before this process gets its own.
code = "import os, signal; signal.signal(2, signal.SIG_DFL); os.kill(os.getpid(), signal.SIGINT)"
if reaches:
    later = f"os.setsid(), os.closerange(0, 9), time.sleep(0.2), os.kill({parent}, signal.SIGINT), os._exit(0)"
    code = f"import os, signal, time; os.fork() or ({later}); {code}"
try:
    print(run([sys.executable, "-c", code], cwd=Path.cwd()).returncode)
except KeyboardInterrupt:
    print("interrupted")
"""


@posix
@pytest.mark.parametrize(("reaches", "said"), [("both", "interrupted"), ("one", "-2")])
def test_a_program_that_ctrl_c_ends_first_has_not_failed(tmp_path: Path, reaches: str, said: str) -> None:
    """It has, if Ctrl-C reaches only the program."""
    ended = subprocess.run(
        [sys.executable, "-c", ENDED_FIRST, reaches], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=300
    )
    assert (ended.stdout, ended.stderr) == (f"{said}\n", "")


# A shim that ignores signals, and the program behind it: each records what it receives.
SHIM = """
import pathlib, signal, subprocess, sys, time
notes, name = pathlib.Path("notes"), sys.argv[1]
def note(number, frame):
    with notes.open("a") as stream:
        stream.write(f"{name} {signal.Signals(number).name}\\n")
signal.signal(signal.SIGINT, note)
signal.signal(signal.SIGTERM, note)
if name == "shim":
    subprocess.Popen([sys.executable, str(pathlib.Path(__file__).resolve()), "behind"])
pathlib.Path(name).touch()
while True:
    time.sleep(60)
"""
WAITING = """
import os, sys
from pathlib import Path
from simple_deploy.effects.commands import run
limit = float(sys.argv[1])
try:
    print(run([sys.executable, str(Path("shim.py").resolve()), "shim"], cwd=Path.cwd(), timeout=limit).returncode)
except KeyboardInterrupt:
    print("interrupted")
"""


@posix
@pytest.mark.parametrize(
    ("limit", "answer", "heard"),
    [
        (60, "interrupted", ["SIGINT", "SIGTERM"]),
        pytest.param(5, "124", ["SIGTERM"], marks=pytest.mark.long),
    ],
)
def test_a_program_is_interrupted_then_terminated_then_killed_with_what_it_started(
    tmp_path: Path, limit: float, answer: str, heard: list[str]
) -> None:
    (tmp_path / "shim.py").write_text(SHIM, encoding="utf-8")
    argv = [sys.executable, "-c", WAITING, str(limit)]
    child = processes.start(argv, cwd=tmp_path, env=os.environ, stdout=-1)
    try:
        assert processes.wait_until(lambda: (tmp_path / "behind").exists(), timeout=300)
        if limit == 60:
            processes.interrupt(child)
        assert child.communicate(timeout=300)[0] == f"{answer}\n"
        left = [
            one for one in psutil.process_iter(["cmdline"]) if str(tmp_path / "shim.py") in (one.info["cmdline"] or [])
        ]
        assert not [one for one in left if one.status() != psutil.STATUS_ZOMBIE]
    finally:
        processes.kill(child)
    notes = (tmp_path / "notes").read_text(encoding="utf-8").splitlines()
    assert [line.split()[1] for line in notes if line.startswith("shim ")] == heard
    assert {line.split()[1] for line in notes if line.startswith("behind ")} == {*heard}


POSTPONED = """
import signal
from simple_deploy.effects.interrupts import postponed_interrupts
try:
    with postponed_interrupts():
        signal.raise_signal(signal.SIGINT)
        print("whole")
    print("not interrupted")
except KeyboardInterrupt:
    print("interrupted")
signal.signal(signal.SIGINT, signal.SIG_IGN)
with postponed_interrupts():
    signal.raise_signal(signal.SIGINT)
print("deaf as before")
"""


def test_ctrl_c_is_postponed_during_critical_work() -> None:
    ended = subprocess.run([sys.executable, "-c", POSTPONED], capture_output=True, encoding="utf-8", timeout=300)
    assert (ended.stdout, ended.stderr) == ("whole\ninterrupted\ndeaf as before\n", "")
