"""Around every run: it is the only one in the project, and no files are half-written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import receipt
from .apply import recover
from .effects.log import Log
from .effects.own_folder import in_git, make_folder, place
from .effects.run_lock import run_lock
from .effects.terminal import Terminal
from .inspect import brought, root_above
from .messages import errors, stops
from .model import PLAIN, Options, Problem, Purpose
from .receipt import restored_text


@contextmanager
def sole_run(options: Options, terminal: Terminal, log: Log) -> Iterator[None]:
    """Ensure that no other run works in the project, and restore what a killed run left half-written.

    A dry run writes nothing, so it takes no lock and refuses to look at a half-written project.
    """
    folder = options.manage_py.parent
    if not re.fullmatch(PLAIN, str(folder)):
        raise stops.Refused([errors.folder_name(folder=ascii(str(folder)))])
    root = root_above(folder)
    if root is None:
        yield
        return
    foreign = _warned(root, options, terminal)
    if options.dry_run:
        if receipt.half_written(root):
            raise stops.Refused([errors.half_written()])
        yield
        return
    locked = run_lock(root, options.now, lambda text: terminal.say(text, "WARNING"))
    with _own_folder(root, foreign, log), locked:
        if options.logging:
            log.open(root, options.now)
        restored = recover(root)
        if restored:
            terminal.say(restored_text(restored), "WARNING")
        yield


def _warned(root: Path, options: Options, terminal: Terminal) -> Problem | None:
    """Why our folder cannot be the usual one; an untrusted receipt is reported as well. Raises Refused."""
    foreign = brought(root)
    distrusted = None if foreign else receipt.distrusted(root)
    if distrusted and options.purpose in (Purpose.UNDO, Purpose.DESTROY):
        raise stops.Refused([distrusted])
    for ignored in filter(None, (foreign, distrusted)):
        terminal.say(ignored.found, "WARNING")
    return foreign


@contextmanager
def _own_folder(root: Path, foreign: Problem | None, log: Log) -> Iterator[None]:
    """Ensure that our folder did not come with the repository; a refused run leaves no new folder behind."""
    folder = in_git(root) if foreign else place(root)
    existed = folder.exists()
    if foreign:
        try:
            make_folder(folder)
        except OSError as error:
            raise stops.Refused([foreign]) from error
    try:
        yield
    except (stops.Refused, stops.Declined):
        if not existed:
            log.discard(root)
        raise
