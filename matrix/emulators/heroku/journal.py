"""The lines of `heroku logs`: from Heroku itself, release commands, and web processes."""

from __future__ import annotations

import time
from pathlib import Path

from .state import State


def record(state: State, app: str, source: str, text: str) -> None:
    """Add a line from Heroku, for example from `heroku[web.1]`, `app[api]` or `app[release.1234]`."""
    append(_folder(state, app) / "platform.log", f"{_stamp(time.time())} {source}: {text}\n")


def append(path: Path, text: str) -> None:
    """Add text to a log."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(text)


def web_log(state: State, app: str, version: int) -> Path:
    """The log of the web process of a release."""
    return _folder(state, app) / f"web.1-v{version}.log"


def release_log(state: State, app: str, version: int) -> Path:
    """The output of a release command."""
    return _folder(state, app) / f"release-v{version}.txt"


def lines(state: State, app: str) -> list[str]:
    """All lines, oldest first.

    Web processes write directly to a file, so the emulator does not know when they wrote a line: it shows the time of
    the file's last one.
    """
    found: list[str] = []
    for path in _folder(state, app).glob("*.log"):
        text = path.read_text(encoding="utf-8", errors="replace").splitlines()
        if path.name != "platform.log":
            stamp = _stamp(path.stat().st_mtime)
            text = [f"{stamp} app[web.1]: {line}" for line in text]
        found += text
    return sorted(found, key=lambda line: line.partition(" ")[0])


def _folder(state: State, app: str) -> Path:
    return state.app_folder(app) / "logs"


def _stamp(moment: float) -> str:
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment))
    return f"{whole}.{int(moment % 1 * 1_000_000):06}+00:00"
