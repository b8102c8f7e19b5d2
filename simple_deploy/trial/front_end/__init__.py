"""Whether the build would install the front end from its lock file, tried on what Git has of both."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ...effects.commands import run
from ...messages import errors
from ...model import FrontEnd, Problem, Project, Record
from ..checkout import write
from . import npm_lock, pnpm_lock, yarn_lock


@contextmanager
def comparing(project: Project, record: Record, *, fetches: bool) -> Iterator[Callable[[], list[Problem]]]:
    """The lock is compared with package.json while the body runs, and the function waits for the problems.

    npm may ask the package index: nothing is compared without `fetches`.
    """
    front_end = next((one for one in project.front_ends if one.served), None)
    command = " ".join(front_end.install) if front_end else ""
    tool = next((one for one in (npm_lock, pnpm_lock, yarn_lock) if one.INSTALL.fullmatch(command)), None)
    if not front_end or not tool or not fetches:
        yield list
        return
    with tempfile.TemporaryDirectory(prefix="simple_deploy-") as name:
        place = Path(name)
        _copy(project.root, front_end, place, (*tool.FILES, *tool.LOCKS), record)
        lock = next((file for file in tool.LOCKS if (place / file).is_file()), "")
        if not lock:
            yield list
            return
        with tool.comparing(place, lock, record) as differences:
            yield lambda: list(_problems(front_end, lock, tool.UPDATE, differences()))


def _copy(root: Path, front_end: FrontEnd, place: Path, files: tuple[str, ...], record: Record) -> None:
    for file in files:
        ran = run(("git", "show", f"HEAD:{front_end.beside(file)}"), cwd=root)
        record(ran, False)
        if ran.ok:
            write(place, {file: ran.stdout.encode()})


def _problems(front_end: FrontEnd, lock: str, update: str, differences: list[str]) -> Iterator[Problem]:
    if differences:
        yield errors.front_end_lock(
            package=front_end.package, lock=front_end.beside(lock), differences=differences[:5], update=update
        )
