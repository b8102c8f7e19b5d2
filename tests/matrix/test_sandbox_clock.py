"""If the clock is set ahead, it is so in a sandbox and in its containers too."""

import subprocess
import sys
from pathlib import Path

from matrix.sandbox import clock, variables
from matrix.sandbox.machine import Sandbox

DAY = "import time; print(int(time.time() // 86400))"
AHEAD = {"FAKETIME": "+30d", "LD_PRELOAD": "/lib/x.so", "DONT_FAKE_MONOTONIC": "1"}


def test_a_terminal_has_the_clock_but_no_other_loader_variables() -> None:
    environ = {**AHEAD, "FAKETIME_SHARED": "sem shm", "LD_LIBRARY_PATH": "/x"}
    assert clock.environment(environ) == AHEAD
    assert AHEAD.items() <= variables.terminal(environ).items()
    assert clock.environment({"LD_PRELOAD": "/lib/y.so"}) == {}


def test_the_library_has_another_path_in_a_container() -> None:
    assert clock.words(AHEAD)[0] == "/usr/bin/env"
    assert "LD_PRELOAD=/dev/libfaketime.so" in clock.words(AHEAD)
    assert "FAKETIME=+30d" in clock.words(AHEAD)
    assert (clock.words({}), clock.mount({})) == ((), ())


def test_programs_in_a_sandbox_have_the_date_of_the_tests(tmp_path: Path) -> None:
    """Their date differs from today's only in `nox -s other_days`."""
    here = subprocess.run([sys.executable, "-c", DAY], capture_output=True, encoding="utf-8", check=True).stdout
    with Sandbox.create(tmp_path) as box:
        assert box.run([sys.executable, "-c", DAY]).stdout == here
