"""Requirements files (pip's format), and the files that they include."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from packaging.requirements import Requirement

from ..messages import errors
from ..model import Problem
from ..text.text_file import decode
from . import project_table, setup_script
from .files import Below, Files
from .names import canonical
from .requirement import parse, versions

VENV = ("python", "-m", "venv", ".venv")
_INCLUDE = re.compile(r"^(?P<option>-[rc]|--requirement|--constraint)(?:\s+|=|(?=[^\s=]))(?P<path>\S.*)$")
# The project itself (".", "-e .[production]"), or a folder or file below it.
_LOCAL = re.compile(r"^(?:(?:-e|--editable)[\s=]+)?(?P<path>\.{1,2}(?=[/\[\s]|$)[^\[\s]*)(?:\[(?P<extras>[^\]]*)\])?")
_COMMENT = re.compile(r"(^|\s)#.*$")
# Options of a line ("--hash=...", "--config-settings ...") are not part of PEP 508.
_LINE_OPTION = re.compile(r"\s--?[a-z].*$")
_EGG = re.compile(r"[#&]egg=(?P<name>[A-Za-z0-9._-]+)")
# Conflict markers (git-merge(1), "How conflicts are presented"), and paths on this machine.
_CONFLICT = re.compile(r"(<{7}|>{7}|\|{7})(\s|$)|={7}$")
_ONLY_HERE = re.compile(r"(?:^|[\s@=])(?:file:|/(?!/)|[A-Za-z]:[\\/]|~/|\.\./)\S*", re.IGNORECASE)
# pip install, "--no-binary": names, :all: or :none:.
_NO_BINARY = re.compile(r"--no-binary(?:\s+|=)(?P<names>\S+)")
_HASH = re.compile(r"(?:^|\s)--(?:hash\b|require-hashes\b)")


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
    build from source, or ":all:". `hashed` is whether pip would check hashes, `local` whether it also installs from the
    project's own folders.
    """

    walked: set[tuple[str, bool]] = field(default_factory=set)
    named: dict[str, Requirement | None] = field(default_factory=dict)
    limits: dict[str, Requirement] = field(default_factory=dict)
    no_binary: set[str] = field(default_factory=set)
    hashed: bool = False
    local: bool = False

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


def requirement(line: str) -> Requirement | None:
    """The requirement in a line, if it is one that applies to production."""
    return parse(_LINE_OPTION.sub("", line))


def install(path: str) -> tuple[tuple[str, ...], ...]:
    """The commands that install the file into a fresh virtual environment at `.venv`."""
    return (VENV, (".venv/bin/pip", "install", "-r", path))


def with_lines(text: str, lines: Iterable[str]) -> str:
    """`text` with the lines added at its end; the rest is unchanged, with or without a final newline."""
    added = "".join(f"{line}\n" for line in lines)
    if added and text and not text.endswith("\n"):
        # The user's last line is terminated first; a file without a final newline ends without one again.
        return f"{text}\n{added}"[:-1]
    return text + added


def included(line: str, path: str) -> str | None:
    """The path, from the Git root, of the requirements file that a line of the file at `path` includes."""
    match = _INCLUDE.match(line)
    if match is None or match["option"] not in ("-r", "--requirement"):
        return None
    return _beside(path, match["path"])


def the_project(line: str) -> str | None:
    """The argument of `pip install` for the project itself, if a line has it."""
    match = _LOCAL.match(line)
    if match is None or match["path"].rstrip("/") != ".":
        return None
    return f".[{match['extras']}]" if match["extras"] else "."


def _folder_below(line: str, files: Files) -> str:
    """The folder below the Git root whose setup.py describes a package that a line installs; "" if none does."""
    match = _LOCAL.match(line)
    folder = posixpath.normpath(match["path"]) if match else ".."
    return "" if folder.startswith("..") or not setup_script.describes(Below(files, folder)) else folder


def extras(target: str) -> list[str]:
    """The extras in ".[one,two]"."""
    return [extra.strip() for extra in target.partition("[")[2].rstrip("]").split(",") if extra.strip()]


def _walk(path: str, files: Files, found: Requirements, *, constrains: bool) -> None:
    if (path, constrains) in found.walked:
        return
    found.walked.add((path, constrains))
    for line in lines(path, files):
        if _CONFLICT.match(line):
            raise Unusable(errors.conflict_marker(path=path, line=line))
        found.hashed = found.hashed or bool(_HASH.search(line))
        include = _INCLUDE.match(line)
        if include:
            inner = _beside(path, include["path"])
            if "://" in include["path"]:
                continue
            if inner.startswith("../"):
                raise Unusable(errors.include_outside(path=path, included=inner))
            if files.read(inner) is None:
                raise Unusable(errors.include_missing(path=path, included=inner))
            _walk(inner, files, found, constrains=constrains or include["option"] in ("-c", "--constraint"))
        elif constrains:
            _limit(line, found)
        elif _is_only_here(line):
            raise Unusable(
                errors.only_here(path=path, requirements=[one for one in lines(path, files) if _is_only_here(one)])
            )
        else:
            _note(line, files, found)


def _is_only_here(line: str) -> bool:
    return bool(_ONLY_HERE.search(line)) and not line.startswith("-")


def _limit(line: str, found: Requirements) -> None:
    """Record the constraint in one line of a constraints file."""
    if limit := requirement(line):
        found.limits[canonical(limit.name)] = limit


def _note(line: str, files: Files, found: Requirements) -> None:
    """Record what one line installs, or how."""
    if option := _NO_BINARY.match(line):
        found.no_binary.update(canonical(name) for name in option["names"].split(","))
    found.local = found.local or bool(_LOCAL.match(line))
    if target := the_project(line):
        project = project_table.table(project_table.document(files))
        found.named.update(project_table.named(project, extras(target)) or setup_script.named(files))
    elif folder := _folder_below(line, files):
        found.named.update(setup_script.named(Below(files, folder)))
    elif egg := _EGG.search(line):
        found.named[canonical(egg["name"])] = None
    elif asked := requirement(line):
        found.named[canonical(asked.name)] = asked


def _beside(path: str, included: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), included.strip("\"' ")))


def _lines(text: str) -> Iterator[str]:
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        stripped = _COMMENT.sub("", line).strip()
        if stripped:
            yield stripped
