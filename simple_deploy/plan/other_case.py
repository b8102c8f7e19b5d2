"""Files in Git whose names differ from those of planned files only in case, such as `procfile`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..messages import errors
from ..model import FileEdit, Problem, Project


def problems(project: Project, edits: Iterable[FileEdit], platform: str) -> Iterator[Problem]:
    """Those that this computer takes for the planned file: Git keeps the name that the platform does not read."""
    for other, path, is_same in _found(project, edits):
        if is_same:
            yield errors.other_case(other=other, path=path, platform=platform)


def notes(project: Project, edits: Iterable[FileEdit], platform: str) -> Iterator[str]:
    """Those that are another file here."""
    for other, path, is_same in _found(project, edits):
        if not is_same:
            yield (
                f"Git has {other}, which {platform} does not read: it reads {path}, which this run writes. Remove "
                f"{other}: on Windows and macOS, the two are one file."
            )


def _found(project: Project, edits: Iterable[FileEdit]) -> Iterator[tuple[str, str, bool]]:
    """The name in Git, the planned one, and whether they are one file here: then Git sees no new file of that name,
    although it can be read.
    """
    names, new = project.git.at_root, {entry.path for entry in project.git.entries}
    others = {name.lower(): name for name in names}
    for path in dict.fromkeys(edit.path for edit in edits):
        if path not in names and path.lower() in others:
            yield others[path.lower()], path, project.files.get(path) is not None and path not in new
