"""Where a repository is on disk, found without running Git."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..messages import errors
from ..model import Problem

# The files that Git leaves in its folder during an operation, and the command that aborts it.
_UNFINISHED = {
    "MERGE_HEAD": ("merge", "git merge --abort"),
    "rebase-merge": ("rebase", "git rebase --abort"),
    "rebase-apply/applying": ("git am", "git am --abort"),
    "rebase-apply": ("rebase", "git rebase --abort"),
    "CHERRY_PICK_HEAD": ("cherry-pick", "git cherry-pick --abort"),
    "REVERT_HEAD": ("revert", "git revert --abort"),
    "sequencer": ("cherry-pick or revert", "git cherry-pick --abort"),
    "BISECT_LOG": ("bisect", "git bisect reset"),
}


def root_above(folder: Path) -> Path | None:
    """The nearest folder that Git tracks, found without running Git; `.git` is a file in a linked worktree."""
    return next((root for root in (folder, *folder.parents) if (root / ".git").exists()), None)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Repository:
    """Where a repository is: its working tree, and Git's own folder, objects and index."""

    root: Path
    folder: Path
    objects: Path
    index: Path

    @classmethod
    def at(cls, root: Path) -> Repository:
        """The repository with that working tree; in a linked one and in a submodule, a file points to Git's folder.

        gitrepository-layout(5), "gitfile" and "commondir".
        """
        folder = root / ".git"
        if folder.is_file():
            named = folder.read_text(encoding="utf-8").removeprefix("gitdir:").strip(" \r\n")
            folder = (root / named).resolve()
        pointer = folder / "commondir"
        shared = (folder / pointer.read_text(encoding="utf-8").rstrip("\r\n")).resolve() if pointer.exists() else folder
        return cls(root=root, folder=folder, objects=shared / "objects", index=folder / "index")

    def unfinished(self) -> list[Problem]:
        """The merge, rebase or similar that is in progress."""
        found = (words for name, words in _UNFINISHED.items() if (self.folder / name).exists())
        return [errors.unfinished(operation=operation, finish=finish) for operation, finish in list(found)[:1]]
