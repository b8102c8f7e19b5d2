"""One line of a requirements file (pip's format)."""

from __future__ import annotations

import posixpath
import re

from packaging.requirements import Requirement

from .names import canonical
from .requirement import is_requirement, parse

_INCLUDE = re.compile(r"^(?P<option>-[rc]|--requirement|--constraint)(?:\s+|=|(?=[^\s=]))(?P<path>\S.*)$")
# Installs the project where it is. The site has one copy of its code then: BASE_DIR is the same folder for manage.py,
# which may find an installed copy, and for the server, which starts beside the code.
IN_PLACE = "-e ."
# The project itself (".", "-e .[production]"), or a folder or file below it.
_LOCAL = re.compile(r"^(?:(?:-e|--editable)[\s=]+)?(?P<path>\.{1,2}(?=[/\[\s]|$)[^\[\s]*)(?:\[(?P<extras>[^\]]*)\])?")
# Options of a line ("--hash=...", "--config-settings ...") are not part of PEP 508.
_LINE_OPTION = re.compile(r"\s--?[a-z].*$")
_EGG = re.compile(r"[#&]egg=(?P<name>[A-Za-z0-9._-]+)")
# Conflict markers (git-merge(1), "How conflicts are presented"), and paths on this machine.
_CONFLICT = re.compile(r"(<{7}|>{7}|\|{7})(\s|$)|={7}$")
_ONLY_HERE = re.compile(r"(?:^|[\s@=])(?:file:|/(?!/)|[A-Za-z]:[\\/]|~/|\.\./)\S*", re.IGNORECASE)
# pip install, "--no-binary": names, :all: or :none:.
_NO_BINARY = re.compile(r"--no-binary(?:\s+|=)(?P<names>\S+)")
_HASH = re.compile(r"(?:^|\s)--(?:hash\b|require-hashes\b)")
# The value of `sys_platform` on each system.
SYS_PLATFORM = {"Windows": "win32", "macOS": "darwin"}
# Packages that only one system has or can build, but `pip freeze` lists without a marker. Those of the wheels and the
# build scripts on PyPI in 2026.
_OTHER_SYSTEM = {
    re.compile(r"pywin32|pypiwin32|pywinpty|windows-curses|twisted-iocpsupport"): "Windows",
    re.compile(r"pyobjc(-core|-framework-.+)?"): "macOS",
}
# What pip takes besides requirements (PEP 508): options, and paths and addresses of packages; before pip 24.1, also
# versions that are not PEP 440's.
_NO_NAME = re.compile(r"[-.]|.*(://|[/\\]|\.(whl|zip|tar\.gz)\b)")
_LEGACY = re.compile(r"[\w.-]+\s*(\[[^\]]*\]\s*)?((~=|===?|!=|<=?|>=?)\s*[^\s,;=<>!~]+\s*,?\s*)+(;.*)?$")


def requirement(line: str) -> Requirement | None:
    """The requirement in a line, if it is one that applies to production."""
    return parse(_LINE_OPTION.sub("", line))


def egg(line: str) -> str:
    """The name of the package in the address of a repository; "" if there is none."""
    match = _EGG.search(line)
    return match["name"] if match else ""


def includes(line: str, path: str) -> tuple[str, bool] | None:
    """The file that a line of the file at `path` includes, from the Git root or as an address, and whether it only
    constrains.
    """
    match = _INCLUDE.match(line)
    if match is None:
        return None
    said = match["path"].strip("\"' ")
    inner = said if "://" in said else posixpath.normpath(posixpath.join(posixpath.dirname(path), said))
    return inner, match["option"] in ("-c", "--constraint")


def included(line: str, path: str) -> str | None:
    """The path, from the Git root, of the requirements file that a line of the file at `path` includes."""
    found = includes(line, path)
    return None if found is None or found[1] else found[0]


def the_project(line: str) -> str | None:
    """The argument of `pip install` for the project itself, if a line has it."""
    match = _LOCAL.match(line)
    if match is None or match["path"].rstrip("/") != ".":
        return None
    return f".[{match['extras']}]" if match["extras"] else "."


def extras(target: str) -> list[str]:
    """The extras in ".[one,two]"."""
    return [extra.strip() for extra in target.partition("[")[2].rstrip("]").split(",") if extra.strip()]


def folder(line: str) -> str | None:
    """The folder that a line installs from, from the Git root: "." is the project itself."""
    match = _LOCAL.match(line)
    return posixpath.normpath(match["path"]) if match else None


def from_source(line: str) -> list[str]:
    """The names whose wheels the line rejects (`--no-binary`), or ":all:" or ":none:"."""
    match = _NO_BINARY.match(line)
    return match["names"].split(",") if match else []


def is_hashed(line: str) -> bool:
    """Whether pip checks hashes because of the line."""
    return bool(_HASH.search(line))


def is_conflict_marker(line: str) -> bool:
    """Whether Git wrote the line, in a merge that is not finished."""
    return bool(_CONFLICT.match(line))


def is_only_here(line: str) -> bool:
    """Whether the line installs from a path on this machine."""
    return bool(_ONLY_HERE.search(line)) and not line.startswith("-")


def other_system(line: str) -> tuple[str, str] | None:
    """A requirement that production would install and Linux does not have, and the system that has it."""
    asked = requirement(line)
    if asked is None:
        return None
    name = canonical(asked.name)
    return next(((str(asked), system) for names, system in _OTHER_SYSTEM.items() if names.fullmatch(name)), None)


def is_readable(line: str) -> bool:
    """Whether some version of pip takes the line."""
    return is_current(line) or bool(_LEGACY.match(_LINE_OPTION.sub("", line)))


def is_current(line: str) -> bool:
    """Whether pip 24.1 and newer ones take the line."""
    said = _LINE_OPTION.sub("", line)
    return bool(_NO_NAME.match(said)) or is_requirement(said)
