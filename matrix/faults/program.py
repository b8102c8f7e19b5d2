"""A wrapper around a program on the deployer's PATH: it lets a call pass, or makes it fail.

Each call of each program meets each kind of fault once, in the order of `KINDS`: in each run, the first call with a
remaining kind meets it. So a deployer that is started repeatedly walks through all of them. It imports little and late:
a run calls it a dozen times.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from .trap import NETWORK_WORDS, WORDS, CaughtCall, Trap

# Callers give up on a hanging program long before.
HANG_LIMIT = 120.0  # seconds


def main(root: Path, argv: list[str]) -> int:
    """Stand in for the program of this script's name, and return its exit status, or that of the fault."""
    trap = Trap(root)
    call = trap.recognise(Path(sys.argv[0]).stem.lstrip("."), argv)
    if trap.is_offline(call):
        return _complain(NETWORK_WORDS)
    kind = trap.next_kind(call)
    previous = signal.getsignal(signal.SIGINT)
    if kind in ("interrupted", "killed"):
        # Ignore signals before anyone can know that it hangs.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if kind is None or not trap.note(call, kind):
        signal.signal(signal.SIGINT, previous)
        return _pass_on(call, argv, trap)
    return _suffer(kind, call, argv, trap)


def _suffer(kind: str, call: CaughtCall, argv: list[str], trap: Trap) -> int:
    if kind in ("interrupted", "killed"):
        import threading

        threading.Event().wait(HANG_LIMIT)
    if kind == "network gone":
        return _complain(NETWORK_WORDS)
    if kind == "nonsense":
        print(f"<html>{WORDS}</html>")  # noqa: T201  (it is the program's own output)
        return 0
    if kind == "answer lost":
        import subprocess

        subprocess.run([trap.real(call), *argv], env=_real_environment(trap), capture_output=True, check=False)
    return _complain(WORDS)


def _complain(words: str) -> int:
    sys.stderr.write(f"{words}\n")
    return 1


def _pass_on(call: CaughtCall, argv: list[str], trap: Trap) -> int:
    """Become the program itself."""
    real, env = trap.real(call), _real_environment(trap)
    if sys.platform == "win32":
        import subprocess

        return subprocess.run([real, *argv], env=env, check=False).returncode
    os.execve(real, [real, *argv], env)


def _real_environment(trap: Trap) -> dict[str, str]:
    """Programs that the program starts are also the real ones."""
    folders = os.environ["PATH"].split(os.pathsep)
    return {**os.environ, "PATH": os.pathsep.join(folder for folder in folders if folder != str(trap.programs))}
