"""Requirements files (pip's format), and the files that they include."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import filterfalse

from packaging.requirements import Requirement

from ..messages import errors
from ..model import Problem
from ..text.text_file import decode
from . import project_table, requirement_line, setup_script
from .files import Below, Files
from .names import canonical
from .requirement import versions

VENV = ("python", "-m", "venv", ".venv")
_COMMENT = re.compile(r"(^|\s)#.*$")


class Unusable(ValueError):
    """A requirements file that production cannot be installed from."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.found)
        self.problem = problem


@dataclass
class Requirements:
    """What a requirements file installs in production.

    `walked` holds the files that pip reads for it, including itself, and whether each only constrains; `named` what is
    known of each package (PEP 503 name), `limits` the constraints on packages; `no_binary` are those that pip must
    build from source, or ":all:". `hashed` is whether pip would check hashes. `folders` are those of the project
    from which it installs packages, each with whether it copies them.
    """

    walked: set[tuple[str, bool]] = field(default_factory=set)
    named: dict[str, Requirement | None] = field(default_factory=dict)
    limits: dict[str, Requirement] = field(default_factory=dict)
    no_binary: set[str] = field(default_factory=set)
    hashed: bool = False
    folders: dict[str, bool] = field(default_factory=dict)

    @property
    def declared(self) -> frozenset[str]:
        """PEP 503 names of the packages that it installs directly."""
        return frozenset(self.named)

    @property
    def versions(self) -> dict[str, str]:
        """PEP 503 name -> specifier, where the files have one."""
        limits, named = versions(self.limits), versions(self.named)
        return limits | {name: said or limits.get(name, "") for name, said in named.items()}

    @property
    def from_source(self) -> frozenset[str]:
        """PEP 503 names of the packages whose wheels it rejects."""
        return frozenset(self.no_binary - {":none:"})

    @property
    def pinned(self) -> bool:
        """Whether every package is pinned to one version, including Django's own dependencies, as `pip freeze` does."""
        pins = [said is not None and str(said.specifier).startswith("==") for said in self.named.values()]
        return all(pins) and "sqlparse" in self.named

    @property
    def local(self) -> bool:
        """Whether it installs from the project's own folders."""
        return bool(self.folders)

    @property
    def own(self) -> str:
        """How it installs the project itself, if it installs no other folder: "editable" or as a "copy"."""
        ways = {False: "editable", True: "copy"}
        return ways[self.folders["."]] if [*self.folders] == ["."] else ""

    @property
    def needed(self) -> tuple[str, ...]:
        """The project's files that an installation needs; "." is all of them."""
        return (".",) if self.local else tuple(sorted({path for path, _ in self.walked}))


def read(path: str, files: Files) -> Requirements:
    """Everything that `pip install -r path` would install directly. Raises Unusable."""
    found = Requirements()
    _walk(path, files, found, constrains=False)
    return found


def lines(path: str, files: Files) -> tuple[str, ...]:
    """The file's lines as pip sees them: joined, without comments and blank lines. Raises Unusable."""
    return tuple(_lines(text(path, files)))


def text(path: str, files: Files) -> str:
    """The file's text; empty if there is no such file. Raises Unusable if it is not text."""
    try:
        return decode(files.read(path) or b"")[0]
    except UnicodeError as error:
        raise Unusable(errors.not_text(path=path, reason=str(error))) from error


def install(path: str) -> tuple[tuple[str, ...], ...]:
    """The commands that install the file into a fresh virtual environment at `.venv`."""
    return (VENV, (".venv/bin/pip", "install", "-r", path))


def with_lines(text: str, lines: Iterable[str]) -> str:
    """`text` with the lines added at its end; the rest is unchanged, with or without a final newline."""
    added = "".join(f"{line}\n" for line in lines)
    # The last line of the user's would go on in the first of ours.
    if added and text.endswith(("\\", "\\\n")):
        text = f"{text.rstrip()}\n\n"
    if added and text and not text.endswith("\n"):
        # The user's last line is terminated first; a file without a final newline ends without one again.
        return f"{text}\n{added}"[:-1]
    return text + added


def _walk(path: str, files: Files, found: Requirements, *, constrains: bool) -> None:
    if (path, constrains) in found.walked:
        return
    found.walked.add((path, constrains))
    said = lines(path, files)
    if problem := _problem(path, said, constrains=constrains):
        raise Unusable(problem)
    for line in said:
        found.hashed = found.hashed or requirement_line.is_hashed(line)
        if include := requirement_line.includes(line, path):
            _include(path, include, files, found, constrains=constrains)
        elif constrains:
            _limit(line, found)
        else:
            _note(line, files, found)


def _problem(path: str, said: Sequence[str], *, constrains: bool) -> Problem | None:
    """Why production could not read the file, or not install from it."""
    if marker := next(filter(requirement_line.is_conflict_marker, said), None):
        return errors.conflict_marker(path=path, line=marker)
    if unreadable := list(filterfalse(requirement_line.is_readable, said)):
        return errors.not_a_requirement(path=path, lines=unreadable[:5])
    if not constrains and (here := list(filter(requirement_line.is_only_here, said))):
        return errors.only_here(path=path, requirements=here)
    if not constrains and (other := next(filter(None, map(requirement_line.other_system, said)), None)):
        asked, system = other
        value = requirement_line.SYS_PLATFORM[system]
        return errors.requirement_other_system(requirement=asked, manifest=path, system=system, value=value)
    return None


def _include(path: str, include: tuple[str, bool], files: Files, found: Requirements, *, constrains: bool) -> None:
    """Read the file that a line of `path` includes, if it is in the repository."""
    inner, only_constrains = include
    if "://" in inner:
        return
    if inner.startswith("../"):
        raise Unusable(errors.include_outside(path=path, included=inner))
    if files.read(inner) is None:
        raise Unusable(errors.include_missing(path=path, included=inner))
    _walk(inner, files, found, constrains=constrains or only_constrains)


def _limit(line: str, found: Requirements) -> None:
    """Record the constraint in one line of a constraints file."""
    if limit := requirement_line.requirement(line):
        found.limits[canonical(limit.name)] = limit


def _note(line: str, files: Files, found: Requirements) -> None:
    """Record what one line installs, or how."""
    found.no_binary.update(map(canonical, requirement_line.from_source(line)))
    folder = requirement_line.folder(line)
    if folder is not None:
        found.folders[folder] = not line.startswith("-")
    if target := requirement_line.the_project(line):
        project = project_table.table(project_table.document(files))
        found.named.update(project_table.named(project, requirement_line.extras(target)) or setup_script.named(files))
    elif folder and not folder.startswith("..") and setup_script.describes(Below(files, folder)):
        found.named.update(setup_script.named(Below(files, folder)))
    elif egg := requirement_line.egg(line):
        found.named[canonical(egg)] = None
    elif asked := requirement_line.requirement(line):
        found.named[canonical(asked.name)] = asked


def _lines(text: str) -> Iterator[str]:
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        stripped = _COMMENT.sub("", line).strip()
        if stripped:
            yield stripped
