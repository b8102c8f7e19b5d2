"""Files in Git whose names differ from those of planned files only in case, such as `procfile`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..messages import errors
from ..model import FileEdit, Problem, Project


def problems(project: Project, edits: Iterable[FileEdit], platform: str) -> Iterator[Problem]:
    """Those that this computer takes for the planned file: Git keeps the name that the platform does not read."""
    for other, path in _found(project, edits):
        if project.files.get(path) is not None:
            yield errors.other_case(other=other, path=path, platform=platform)


def notes(project: Project, edits: Iterable[FileEdit], platform: str) -> Iterator[str]:
    """Those that are another file here."""
    for other, path in _found(project, edits):
        if project.files.get(path) is None:
            yield (
                f"Git has {other}, which {platform} does not read: it reads {path}, which this run writes. Remove "
                f"{other}: on Windows and macOS, the two are one file."
            )


def _found(project: Project, edits: Iterable[FileEdit]) -> Iterator[tuple[str, str]]:
    names = project.git.at_root
    others = {name.lower(): name for name in names}
    for path in dict.fromkeys(edit.path for edit in edits):
        if path not in names and path.lower() in others:
            yield others[path.lower()], path
