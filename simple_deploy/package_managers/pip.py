"""pip: requirements.txt at the Git root, with the files that it includes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

from packaging.requirements import InvalidRequirement, Requirement

from ..errors import not_text
from ..model import Dependencies, Locking, Problem, Wish
from ..text_file import decode
from . import Files, canonical

ID = "pip"
NAME = "pip"
MANIFEST = "requirements.txt"

# Where production runs: a requirement whose marker excludes this is not there for production.
_PRODUCTION = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "extra": ""}
_INCLUDE = re.compile(r"^(?:-r|--requirement)(?:\s+|=|(?=[^\s=]))(?P<path>\S.*)$")
_COMMENT = re.compile(r"(^|\s)#.*$")
# Options of a line ("--hash=...", "--config-settings ...") are no part of PEP 508.
_LINE_OPTION = re.compile(r"\s--?[a-z].*$")
_EGG = re.compile(r"[#&]egg=(?P<name>[A-Za-z0-9._-]+)")


def claim(files: Files) -> str | None:
    """requirements.txt."""
    return MANIFEST if files.read(MANIFEST) is not None else None


def read(files: Files) -> tuple[Dependencies | None, list[Problem]]:
    """The packages that `pip install -r requirements.txt` would install directly."""
    try:
        declared = frozenset(_declared(MANIFEST, files, set()))
    except _Unreadable as error:
        return None, [not_text(*error.args)]
    dependencies = Dependencies(
        package_manager=ID,
        manifest=MANIFEST,
        declared=declared,
        files=(MANIFEST,),
        install=(("python", "-m", "venv", ".venv"), (".venv/bin/pip", "install", "-r", MANIFEST)),
    )
    return dependencies, []


def wishes(dependencies: Dependencies, missing: Sequence[str]) -> tuple[Wish, ...]:
    """One edit of the manifest: the missing requirements as lines at its end."""

    def edit(text: str | None) -> str:
        return append_lines(text or "", missing)

    return (Wish(path=dependencies.manifest, edit=edit, why="production needs these packages"),)


def locking(dependencies: Dependencies, missing: Sequence[str], files: Files) -> Locking | None:
    """None: a requirements file is all there is."""
    return None


def append_lines(text: str, lines: Iterable[str]) -> str:
    """`text` with the lines added at its end; the rest stays as it is, whether its last line was ended or not."""
    added = "".join(f"{line}\n" for line in lines)
    if added and text and not text.endswith("\n"):
        # The user's last line is completed first; a file that ended without a newline ends without one again.
        return f"{text}\n{added}"[:-1]
    return text + added


class _Unreadable(ValueError):
    """A requirements file is not text; the arguments are its path and the reason."""


def _declared(path: str, files: Files, seen: set[str]) -> Iterator[str]:
    if path in seen:
        return
    seen.add(path)
    for line in _logical_lines(path, files):
        include = _INCLUDE.match(line)
        if include:
            inner = posixpath.normpath(posixpath.join(posixpath.dirname(path), include["path"].strip("\"' ")))
            yield from _declared(inner, files, seen)
        elif name := _name(line):
            yield name


def _logical_lines(path: str, files: Files) -> Iterator[str]:
    raw = files.read(path)
    if raw is None:
        return
    try:
        text, _ = decode(raw)
    except UnicodeError as error:
        raise _Unreadable(path, str(error)) from error
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        stripped = _COMMENT.sub("", line) if "egg=" not in line else line
        if stripped.strip():
            yield stripped.strip()


def _name(line: str) -> str | None:
    """The PEP 503 name that a line installs in production; None for options, paths and other platforms."""
    egg = _EGG.search(line)
    if egg:
        return canonical(egg["name"])
    try:
        requirement = Requirement(_LINE_OPTION.sub("", line))
    except InvalidRequirement:
        return None
    if requirement.marker and not requirement.marker.evaluate(_PRODUCTION):
        return None
    return canonical(requirement.name)
