"""The progress display: moving on a terminal, one line at start and end elsewhere."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

posix = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")

# A run of two steps on a separate terminal: the second fails. Both print something that must not be shown.
SCRIPT = """
import sys, threading
from pathlib import Path
from django.core.management.base import OutputWrapper
from django.core.management.color import no_style
from simple_deploy.effects.log import Log
from simple_deploy.masking.redact import Redactor
from simple_deploy.model import Secret
from simple_deploy.effects.terminal import Terminal

log = Log(Redactor([Secret("k3y-V4lue")]))
log.path = Path("log.txt")
terminal = Terminal(OutputWrapper(sys.stdout), no_style(), log, int(sys.argv[1]), False)
with terminal.working("First") as heard:
    heard("\\x1b[31mbuilding k3y-V4lue\\x1b[0m " + "long " * 40)
    if sys.argv[2:]:
        threading.Event().wait(float(sys.argv[2]))
try:
    with terminal.working("Second") as heard:
        heard("trying")
        raise OSError
except OSError:
    terminal.say("failed")
"""


def _run(folder: Path, *arguments: str, **env: str) -> str:
    from matrix.sandbox.terminals import converse

    argv = [sys.executable, "-c", SCRIPT, *arguments]
    env = {
        **os.environ,
        "TERM": "xterm-256color",
        "COLUMNS": "40",
        "PYTHONUTF8": "1",
        "PYTHONIOENCODING": "utf-8",
        **env,
    }
    status, shown = converse(argv, ("failed", ""), cwd=folder, env=env)
    assert status == 0, shown
    return shown.replace("\r\n", "\n")


@posix
def test_on_a_terminal_a_step_moves_and_leaves_one_line(tmp_path: Path) -> None:
    shown = _run(tmp_path, "1", "0.5")
    assert " 0:00 First\n       building ******** long long" in shown
    assert "/ 0:00 First" in shown  # the spinner has turned
    assert re.search(r"\x1b\[2K✓ First \([0-9.]+ s\)\n", shown)
    assert "✓ Second" not in shown
    assert max(len(line) for line in shown.split("\n") if "long" in line) < 80
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h") == 2
    assert "k3y-V4lue" not in shown
    log = (tmp_path / "log.txt").read_text(encoding="utf-8")
    assert "long " * 39 in log  # the log has everything
    assert "trying" in log


@posix
def test_a_console_without_a_check_mark_gets_a_plus(tmp_path: Path) -> None:
    assert "+ First (" in _run(tmp_path, "1", PYTHONUTF8="0", PYTHONIOENCODING="cp1252")


@posix
@pytest.mark.parametrize("env", [{}, {"TERM": "dumb"}])
def test_nothing_moves_on_request_or_on_a_dumb_terminal(tmp_path: Path, env: dict[str, str]) -> None:
    shown = _run(tmp_path, "1" if env else "2", **env)
    assert "?25l" not in shown
    assert "> First\n" in shown
    assert ("building ********" in shown) is not bool(env)
    assert re.search(r"\n  done in [0-9.]+ s\n> Second\n", shown)
