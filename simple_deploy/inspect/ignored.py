"""What Git ignores in the folder, and by which patterns."""

from __future__ import annotations

from pathlib import Path

from ..effects.commands import running
from ..messages import errors
from ..model import Ignored, Problem, Record
from ..text.shell import shown

_TRACKED = ("git", "ls-files", "-z")
_FILES = (*_TRACKED, "--others", "--ignored", "--exclude-standard")
_ENTRIES = (*_FILES, "--directory")


def ignored(root: Path, record: Record) -> tuple[Ignored, list[Problem]]:
    """Git's own answer, whichever files the patterns are in; or the problem with it."""
    with running((_TRACKED, _FILES, _ENTRIES), cwd=root) as programs:
        answers = [program.ended(60) for program in programs]
    for ran in answers:
        # There may be thousands of names, and people read the log.
        record(ran, False)
        if not ran.ok:
            return Ignored(), [errors.git_failed(command=shown(ran.argv), message=ran.stderr.strip())]
    tracked, files, entries = (tuple(filter(None, ran.stdout.split("\0"))) for ran in answers)
    places = sorted((path for path in tracked if f"/{path}".endswith("/.gitignore")), key=lambda path: path.count("/"))
    rules = tuple((path.rpartition("/")[0], _text(root / path)) for path in places)
    return Ignored(rules=rules, tracked=tracked, files=files, entries=entries), []


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
