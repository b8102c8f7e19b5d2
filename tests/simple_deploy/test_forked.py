"""A command in a fork sees what a started command sees."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import forked
import pytest

pytestmark = pytest.mark.skipif(not forked.possible({}), reason="there is no fork here")

TELLING = """
import json, os, sys, time
ours = [name for name in sys.modules if name.partition(".")[0] in ("simple_deploy", "matrix", "pytest")]
told = {
    "arguments": sys.argv, "folder": os.getcwd(), "path": sys.path, "environment": dict(os.environ), "ours": ours,
    "module": [__name__, __file__, vars(sys.modules["__main__"]) is globals()], "zone": time.tzname,
    "input": sys.stdin.read(), "terminals": [os.isatty(number) for number in range(3)], "flags": str(sys.flags),
    "open": sorted(os.listdir("/dev/fd")) if sys.platform == "linux" else "", "warnings": sys.warnoptions,
}
print(json.dumps(told), flush=True)
print("caf\\xe9", file=sys.stderr)
"""


@pytest.mark.parametrize(("end", "status"), [("", 0), ("sys.exit(3)", 3), ("os.kill(os.getpid(), 9)", -9)])
def test_a_fork_sees_what_a_started_command_sees(tmp_path: Path, end: str, status: int) -> None:
    (tmp_path / "manage.py").write_text(TELLING + end, encoding="utf-8")
    env = {**os.environ, "PYTHONUTF8": "1", "TZ": "Asia/Tokyo"}
    started = subprocess.run(
        [sys.executable, "manage.py", "a", "b c"],
        cwd=tmp_path,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )
    fork = forked.manage(["a", "b c"], tmp_path, env)
    assert json.loads(fork.stdout) == json.loads(started.stdout)
    assert (fork.returncode, fork.stderr) == (started.returncode, started.stderr) == (status, "caf\xe9\n")


def test_the_order_of_sets_differs_from_one_command_to_the_next(tmp_path: Path) -> None:
    (tmp_path / "manage.py").write_text("print(hash('a'))", encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONHASHSEED"}
    first, second, third = (forked.manage([], tmp_path, env).stdout for _ in range(3))
    assert first != second != third
