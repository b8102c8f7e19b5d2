"""A `.gitignore` for a project that has none: files from Python and Django that should not be committed. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..model import FileEdit, Project

FILE = ".gitignore"
_HEADER = "# Files that Python and Django generate, and files that must stay on this machine."
_LINES = ("__pycache__/", "*.py[cod]", "*.sqlite3", "*.sqlite3-*", ".env", ".venv/", "venv/", "simple_deploy_logs/")


def file_edits(project: Project) -> Iterator[FileEdit]:
    """The file, if it is missing and there is something to ignore; one from an earlier run is kept."""
    present = project.files.get(FILE)
    made_here = present is not None and present.decode("utf-8", "replace").startswith(_HEADER)
    if made_here or (present is None and project.git.byproducts):
        text = _text(project)
        yield FileEdit(
            path=FILE,
            edit=lambda text_present: text if text_present is None else text_present,
            why="without it, git add includes generated files, virtual environments and secrets",
        )


def in_effect(project: Project) -> Project:
    """The project with the patterns that Git will have once the file is committed."""
    new = FILE not in project.ignored.tracked and next(file_edits(project), None)
    if not new:
        return project
    present = project.files.get(FILE)
    text = new.edit(None if present is None else present.decode("utf-8", "replace"))
    rules = (("", text), *(rule for rule in project.ignored.rules if rule[0]))
    return replace(project, ignored=replace(project.ignored, rules=rules))


def _text(project: Project) -> str:
    return "".join(f"{line}\n" for line in dict.fromkeys((_HEADER, *_LINES, *_anchored(project))))


def _anchored(project: Project) -> Iterator[str]:
    """Found files that no general line covers."""
    for path in project.git.byproducts:
        known = path.endswith(("__pycache__/", ".pyc", ".sqlite3", ".venv/", "/venv/")) or path in ("venv/", ".env")
        if not known:
            yield f"/{path}"
