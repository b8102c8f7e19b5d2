"""The state of the repository that contains the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class GitEntry:
    """One line of `git status`: a path relative to the Git root, and its state in a word.

    `committed` is the ID of its content in HEAD, where Git reports it.
    """

    path: str
    state: Literal["added", "modified", "deleted", "renamed", "conflict", "untracked"]
    committed: str = ""


@dataclass(frozen=True, kw_only=True)
class Git:
    """The state of the repository. `head` and `first_commit` are None in a repository without a commit.

    `byproducts` are untracked files that do not belong in a repository: what Python and Django write when the project
    runs, environments and files with secrets. They are not among the `entries`; `exposed` are such files that Git
    tracks. A folder ends with a slash and stands for its contents. `uncompiled` are Django's translations (.po) whose
    compiled form (.mo) Git does not track. The history of a `shallow` clone is cut off, so its `first_commit` is not
    that of the whole repository. `ignored` are files that production needs and Git ignores, `not_executable` those that
    files of a platform start as commands and Git does not have as executable. `tracks_uploads` is whether it tracks
    files in MEDIA_ROOT, `manage_scripts` are all files that are called manage.py, `at_root` the names of the tracked
    files at the Git root.
    """

    head: str | None
    branch: str | None
    entries: tuple[GitEntry, ...] = ()
    byproducts: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    uncompiled: tuple[str, ...] = ()
    remotes: Mapping[str, str] = field(default_factory=dict)
    first_commit: str | None = None
    shallow: bool = False
    ignored: frozenset[str] = frozenset()
    not_executable: frozenset[str] = frozenset()
    tracks_uploads: bool = False
    manage_scripts: tuple[str, ...] = ()
    at_root: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Ignored:
    """What Git ignores in the folder, for a platform that builds the folder and not the commit.

    `rules` are the text of each `.gitignore` with its folder ("": the Git root), the deepest last. `files` are all
    ignored files; in `entries`, a folder that is ignored as a whole stands for its files and ends with a slash.
    """

    rules: tuple[tuple[str, str], ...] = ()
    tracked: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
