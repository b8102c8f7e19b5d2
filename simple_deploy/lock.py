"""Manifest → lock file: the package manager's own command, run on a copy, so that its result can be shown first.

A lock is a fact of the package index, like the app is a fact of the platform: it is obtained before planning.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from . import package_managers
from .effects import fetching
from .effects.commands import found, run
from .messages import errors
from .model import Dependencies, FileEdit, Locking, Pinning, Problem, Project, Ran, Record
from .package_managers import Known, production_file
from .package_managers.unbuildable import unbuildable
from .text.shell import shown
from .text.text_file import edited

_TAIL = 20
# The frames of a traceback, and an exception that led to another one.
_FRAMES = re.compile(
    r"^Traceback \(most recent call last\):\n(?:[ ][^\n]*\n)+"
    r"(?:[^\n]*\n\n(?:During handling|The above exception)[^\n]*\n\n)?",
    re.MULTILINE,
)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Locked:
    """The lock files as they should be, and the problems with creating them."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def lock(project: Project, requirements: Sequence[str], record: Record, *, renew: bool) -> Locked:
    """The lock with the requirements added; empty if the project has no lock or it already contains them.

    A lock that is out of date before anything is added is reported as a problem: renewing it could upgrade other
    packages. Without `renew`, only quick checks are made.
    """
    dependencies = project.dependencies
    module = package_managers.load(dependencies.package_manager)
    missing = package_managers.missing(dependencies, requirements)
    files = production_file.with_lines(Known(project.files), [dependencies.requirement])
    locking = module.locking(dependencies, missing, files)
    if locking is None or dependencies.lock is None:
        return Locked()
    present = project.files.get(dependencies.lock) is not None
    stale = errors.lock_stale(lock=dependencies.lock, manifest=dependencies.manifest, name=module.NAME)
    if present and locking.fresh is False:
        return Locked(problems=(stale,))
    if locking.current is not None and not missing:
        return Locked(files={dependencies.lock: locking.current})
    wanted = bool(missing) or not present
    unsure = present and locking.fresh is None
    here = found(locking.program) is not None
    lacking = errors.package_manager_missing(name=module.NAME, program=locking.program, install=locking.install)
    if wanted and not here and not locking.package:
        return Locked(problems=(lacking,))
    if not renew or not (wanted or (unsure and here)):
        return Locked()
    if not here:
        fetched = fetching.program(locking.program, locking.package, record)
        if fetched is None:
            return Locked(problems=(lacking,))
        locking = _started_by(locking, *fetched)
    with tempfile.TemporaryDirectory(prefix="simple_deploy-") as folder:
        scratch = _Scratch(Path(folder), locking, record)
        scratch.fill(project)
        problem = scratch.checked(stale) if unsure else None
        if problem or not wanted:
            return Locked(problems=(problem,) if problem else ())
        return scratch.renewed(dependencies, package_managers.file_edits(dependencies, missing))


def _started_by(locking: Locking, program: str, env: Mapping[str, str]) -> Locking:
    """The same with a program that is not on PATH."""
    check, renew = ((program, *argv[1:]) for argv in (locking.check, locking.renew))
    return replace(locking, check=check, renew=renew, env={**locking.env, **env})


class _Scratch:
    """A copy of the project's tracked files in which the package manager may write."""

    def __init__(self, folder: Path, locking: Locking, record: Record) -> None:
        self._folder = folder
        self._locking = locking
        self._record = record

    def _run(self, argv: Sequence[str]) -> Ran:
        ran = run(argv, cwd=self._folder / self._locking.folder, timeout=600, env=self._locking.env)
        self._record(ran, True)
        return ran

    def fill(self, project: Project) -> None:
        """Check the index out, then overwrite it with the files on disk."""
        run(("git", "checkout-index", "--all", "--quiet", f"--prefix={self._folder}/"), cwd=project.root)
        for path, raw in project.files.items():
            if raw is not None:
                self._write(path, raw)

    def _write(self, path: str, raw: bytes) -> None:
        place = self._folder
        for name in PurePosixPath(path).parts:
            place /= name
            # The link may point into the project itself.
            if place.is_symlink():
                place.unlink()
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(raw)

    def checked(self, stale: Problem) -> Problem | None:
        """The manager's own verdict on the lock: `stale`, or why the check failed."""
        ran = self._run(self._locking.check)
        if ran.ok:
            return None
        return stale if ran.returncode == 1 else _failed(ran)

    def renewed(self, dependencies: Dependencies, edits: Sequence[FileEdit]) -> Locked:
        """Edit the manifest in the copy, have the manager renew the lock, and read the result."""
        assert dependencies.lock is not None
        for file in edits:
            self._edit(file)
        path = self._folder / dependencies.lock
        pinning = self._locking.pinning
        ran = self._pinned(pinning, path) if pinning else self._run(self._locking.renew)
        if not ran.ok or not path.is_file():
            return Locked(problems=(_failed(ran, dependencies.manifest),))
        return Locked(files={dependencies.lock: path.read_bytes()})

    def _pinned(self, pinning: Pinning, lock: Path) -> Ran:
        manifest = (self._folder / pinning.pins.path).read_bytes()
        self._edit(pinning.pins)
        ran = self._run(self._locking.renew)
        if not ran.ok:
            return ran
        self._write(pinning.pins.path, manifest)
        lock.write_bytes(pinning.merge(lock.read_bytes()))
        return self._run(pinning.finish)

    def _edit(self, file: FileEdit) -> None:
        path = self._folder / file.path
        self._write(file.path, edited(file.edit, path.read_bytes() if path.is_file() else None, file.path))


def _failed(ran: Ran, manifest: str = "") -> Problem:
    said = ran.stdout + ran.stderr
    if manifest and (found := unbuildable(said)):
        return found.problem(manifest)
    lines = _FRAMES.sub("", said).strip().splitlines()
    return errors.lock_failed(command=shown(ran.argv), said="\n".join(lines[-_TAIL:]))
