"""Manifest → lock file: the package manager's own command, run on a copy, so that its result can be shown first.

A lock is a fact of the package index, as the app is a fact of the platform: it is asked for before planning.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import errors, package_managers
from .commands import run
from .log import shown
from .model import Dependencies, Locking, Problem, Project, Ran, Record, Wish
from .text_file import edited

_TAIL = 20


@dataclass(frozen=True, kw_only=True)
class Locked:
    """The lock files as they have to be, and the problems with getting there."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def lock(project: Project, requirements: Sequence[str], record: Record, *, renew: bool) -> Locked:
    """The lock that holds the requirements too; empty if the project has no lock or it says all of it already.

    A lock that does not fit its manifest before anything is added is a problem of its own: mending it could
    upgrade what the user did not ask for. Without `renew` only what can be seen at once is looked at.
    """
    dependencies = project.dependencies
    manager = package_managers.load(dependencies.package_manager)
    missing = package_managers.missing(dependencies, requirements)
    locking = manager.locking(dependencies, missing, package_managers.Known(project.files))
    if locking is None or dependencies.lock is None or (locking.fresh and not missing):
        return Locked()
    if shutil.which(locking.program) is None:
        return Locked(problems=(errors.package_manager_missing(manager.NAME, locking.program, locking.install),))
    stale = Locked(problems=(errors.lock_stale(dependencies.lock, dependencies.manifest, manager.NAME),))
    if locking.fresh is False:
        return stale
    if not renew:
        return Locked()
    with tempfile.TemporaryDirectory(prefix="simple_deploy-") as folder:
        scratch = _Scratch(Path(folder), locking, record)
        scratch.fill(project)
        if locking.fresh is None and not scratch.run(locking.check).ok:
            return stale
        if not missing:
            return Locked()
        return scratch.renewed(dependencies, manager.wishes(dependencies, missing), project)


class _Scratch:
    """A copy of the project's tracked files in which the package manager may write."""

    def __init__(self, folder: Path, locking: Locking, record: Record) -> None:
        self._folder = folder
        self._locking = locking
        self._record = record

    def run(self, argv: Sequence[str]) -> Ran:
        ran = run(argv, cwd=self._folder, timeout=600, env=self._locking.env)
        self._record(ran, True)
        return ran

    def fill(self, project: Project) -> None:
        """Check the index out, then put the files over it as they are on disk."""
        run(("git", "checkout-index", "--all", "--quiet", f"--prefix={self._folder}/"), cwd=project.root)
        for path, raw in project.files.items():
            if raw is not None:
                self._write(path, raw)

    def _write(self, path: str, raw: bytes) -> None:
        (self._folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self._folder / path).write_bytes(raw)

    def renewed(self, dependencies: Dependencies, wishes: Sequence[Wish], project: Project) -> Locked:
        """Edit the manifest in the copy, let the manager renew the lock, and read what it wrote."""
        assert dependencies.lock is not None
        for wish in wishes:
            self._write(wish.path, edited(wish.edit, project.files.get(wish.path), wish.path))
        ran = self.run(self._locking.renew)
        path = self._folder / dependencies.lock
        if not ran.ok or not path.is_file():
            said = "\n".join((ran.stdout + ran.stderr).strip().splitlines()[-_TAIL:])
            return Locked(problems=(errors.lock_failed(shown(self._locking.renew), said),))
        return Locked(files={dependencies.lock: path.read_bytes()})
