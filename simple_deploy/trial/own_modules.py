"""Which modules of the project its own package brings, where production installs it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

# The folders from which builds take modules by themselves.
FOLDERS = ("src", ".")
# A finder of an editable installation names its modules, in quotes.
_QUOTED = re.compile(r"['\"]([A-Za-z_]\w*)['\"]")


@dataclass(frozen=True)
class OwnModules:
    """`folders` (relative to the Git root) are on `sys.path`; `names` are top-level modules installed besides."""

    folders: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def installed(target: Path, tree: Path) -> OwnModules:
    """What an installation of the project in `tree`, editable or not, has put into the folder `target`."""
    folders: set[str] = set()
    names: set[str] = set()
    tree = tree.resolve()
    for path in target.iterdir():
        if path.suffix == ".pth":
            lines = path.read_text(encoding="utf-8").splitlines()
            paths = (Path(line.strip()).resolve() for line in lines if line.strip() and not line.startswith("import "))
            folders.update(one.relative_to(tree).as_posix() for one in paths if one.is_relative_to(tree))
        elif "_editable_" in path.name:
            names.update(_QUOTED.findall(path.read_text(encoding="utf-8")))
        elif path.suffix not in (".dist-info", ".lock"):
            names.add(path.name.partition(".")[0])
    return OwnModules(tuple(sorted(folders)), tuple(sorted(filter(None, names))))


def leaves_out(found: OwnModules, sent: Iterable[str], besides: Collection[str]) -> bool:
    """Whether a folder of `FOLDERS` has a module (one of the paths `sent`) that the installation lacks, and that is in
    none of the folders `besides` either.
    """
    there = {module for path in sent if (module := _module(PurePosixPath(path)))}
    folders = {*found.folders, *besides}
    return any(folder not in folders and name not in found.names for folder, name in there)


def _module(path: PurePosixPath) -> tuple[str, str] | None:
    """The folder of a top-level module, and its name, if the file is in one."""
    if path.suffix != ".py":
        return None
    folder = "src" if path.parts[0] == "src" and path.parts[1:] else "."
    within = path.relative_to(folder)
    return (folder, within.parts[0].removesuffix(".py")) if len(within.parts) <= 2 else None
