"""What stays running for a person, and how it ends."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from matrix.proving.holding import Keep
from matrix.record.results import StageResult
from matrix.sandbox import processes

ROOT = Path(__file__).resolve().parents[2]
OWNER = [sys.executable, str(Path(__file__).with_name("held_sandbox.py"))]
POSIX = pytest.mark.skipif(os.name == "nt", reason="commands for another shell")


@pytest.mark.parametrize(
    ("statuses", "held"),
    [
        (("pass", "pass"), {"passed"}),
        (("pass", "fail", "skip"), {"failed"}),
        (("skip", "skip"), set()),
    ],
)
def test_only_requested_sites_are_held(statuses, held):
    stages = [StageResult(name="x", status=status, seconds=0) for status in statuses]
    asked = {"passed": Keep(passed=True), "failed": Keep(failed=True), "nothing": Keep()}
    assert {name for name, keep in asked.items() if keep.asked_for(stages)} == held
    assert Keep(passed=True, failed=True).asked_for(stages) is bool(held)


def start(what: str, folder: Path, **streams):
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return processes.start([*OWNER, what, folder], cwd=folder, env=env, **streams)


@pytest.mark.long
@POSIX
def test_a_held_site_allows_a_shell_and_ends_cleanly_on_ctrl_c(tmp_path):
    pipes = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
    owner = start("hold", tmp_path, **pipes)
    try:
        said = [owner.stdout.readline() for _ in range(4)]
        (shell,) = re.findall(r"^A shell there: (.*)$", "".join(said), re.MULTILINE)
        asked = subprocess.run(
            [shell], input="heroku auth:whoami\n", capture_output=True, encoding="utf-8", timeout=300, check=False
        )
        assert asked.stdout == "dev@example.com\n"
        processes.interrupt(owner)
        rest, errors = owner.communicate(timeout=300)
    finally:
        processes.kill(owner)
    assert (owner.returncode, errors) == (0, "")
    assert rest == "Ending it.\nIt ended well.\n"
    assert [path.name for path in tmp_path.iterdir()] == []


@pytest.mark.long
@POSIX
def test_a_shell_has_the_platform_but_not_the_host_environment(tmp_path):
    commands = 'heroku auth:whoami\necho "key: $HEROKU_API_KEY"\npwd\n"$BROWSER" https://x.herokuapp.com/\nexit 3\n'
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HEROKU_API_KEY": "of the host", "SHELL": "/bin/sh"}
    done = subprocess.run(
        [*OWNER, "shell", tmp_path],
        input=commands,
        env=env,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:3] == ["This is a shell.", "dev@example.com", "key: "]
    assert Path(lines[3]).name == "work"
    assert lines[4:] == ["No process of this sandbox serves https://x.herokuapp.com/", "It ended well."]
