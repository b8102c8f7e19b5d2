"""A failure of the trial → the path that production lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from typing import Any

from ..messages import errors
from ..model import Problem, Project

Json = Mapping[str, Any]


def lacking(path: str, answer: Json, reason: str) -> Problem:
    """The problem of a path that production lacks although it is here."""
    names = (by for one, by in answer["left_out"].items() if one == path or one.startswith(f"{path}/"))
    if file := next(names, ""):
        return errors.left_out_of_build(path=path, file=file, reason=reason)
    return errors.trial_untracked(path=path, reason=reason)


def untracked(failed: Json, project: Project) -> str:
    """The project's own missing file: it is in the folder, but not in what Git will contain."""
    root = project.root
    if failed["missing"] and not is_in_git(failed) and not failed["is_there"]:
        parts = PurePath(*failed["missing"].split("."))
        for start in dict.fromkeys((project.manage_dir, ".")):
            for path in (root / start / parts, root / start / f"{parts}.py"):
                if path.exists():
                    return path.relative_to(root).as_posix()
    name = not_found(failed)
    return name if name and failed["folder"] and (root / name).is_file() else ""


def is_in_git(failed: Json) -> bool:
    """Whether the missing module is in a folder of the project from which it is not imported."""
    return bool(failed["own_folder"]) and "." not in failed["missing"]


def untracked_folder(failed: Json, project: Project) -> str:
    """The missing folder: it exists here, but contains nothing that Git will contain."""
    name = not_found(failed)
    folder = PurePath(name).parent.as_posix() if name and not failed["folder"] else name
    return folder if folder and (project.root / folder).is_dir() else ""


def of_this_machine(failed: Json, folders: Iterable[str]) -> str:
    """The folder of the missing path, if the path is one of the developer's computer, in one of these `folders`."""
    if "FileNotFoundError" not in failed["kinds"] or not failed["file"] or not_found(failed):
        return ""
    path = PurePath(failed["file"])
    return str(path.parent) if any(path.is_relative_to(folder) for folder in folders) else ""


def not_found(failed: Json) -> str:
    """The project's own missing path, relative to the Git root."""
    name = failed["file"]
    relative = re.sub(r"^.*simple_deploy-[^/\\]+[/\\]tree[/\\]", "", name)
    return Path(relative).as_posix() if relative != name and "FileNotFoundError" in failed["kinds"] else ""
