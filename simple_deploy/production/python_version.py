"""Which Python production should run: one answer from all the places where a project specifies it. Pure."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..messages import errors
from ..model import Options, Problem, Project

VERSION_FILE = ".python-version"
RUNTIME = "runtime.txt"
FILES = (VERSION_FILE, RUNTIME)
_HERE = "this environment"
# The last day of security updates for a series (Python Developer's Guide, "Status of Python versions").
_SUPPORTED_UNTIL = {
    (3, 7): date(2023, 6, 27),
    (3, 8): date(2024, 10, 7),
    (3, 9): date(2025, 10, 31),
    (3, 10): date(2026, 10, 31),
    (3, 11): date(2027, 10, 31),
    (3, 12): date(2028, 10, 31),
    (3, 13): date(2029, 10, 31),
    (3, 14): date(2030, 10, 31),
}
# Django's FAQ, "What Python version can I use with Django?": Django series and its minimum Python.
_DJANGO_NEEDS = (((6, 0), (3, 12)), ((5, 0), (3, 10)), ((4, 0), (3, 8)), ((3, 2), (3, 6)))
_OLDEST_KNOWN = min(_SUPPORTED_UNTIL)
NEWEST_PYTHON = max(_SUPPORTED_UNTIL)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The series that production should run, and its source.

    `said` is the content of .python-version, whether it names a series or not (None: there is no such file); `mark` is
    whether it begins with a byte order mark.
    """

    series: tuple[int, int]
    where: str
    said: str | None = None
    mark: bool = False

    def __str__(self) -> str:
        """As people write it: "3.13"."""
        return "{}.{}".format(*self.series)


def wanted(project: Project, options: Options) -> Wanted:
    """The version that a file of the project names, else this environment's version if the project allows it.

    A file that names no version of CPython (several, another implementation, an environment of pyenv) is ignored.
    """
    series, where = _series(project, options)
    raw = project.files.get(VERSION_FILE)
    mark = bool(raw and raw.startswith(codecs.BOM_UTF8))
    return Wanted(series=series, where=where, said=None if raw is None else _said(raw), mark=mark)


def named(project: Project) -> tuple[tuple[int, int], str] | None:
    """The series that a file of the project names, and the file."""
    return next(((series, path) for path in FILES if (series := _named(project, path))), None)


def _series(project: Project, options: Options) -> tuple[tuple[int, int], str]:
    if found := named(project):
        return found
    allowed = project.dependencies.python
    if allows(allowed, options.python):
        others = (series for series in _SUPPORTED_UNTIL if series != options.python)
        free = any(allows(allowed, series) for series in others)
        return options.python, _HERE if free else project.dependencies.manifest
    return _allowed(project, options.python), project.dependencies.manifest


def _said(raw: bytes | None) -> str:
    """The content of a file without comments and a byte order mark, in one line."""
    lines = (raw or b"").decode("utf-8-sig", "replace").splitlines()
    return " ".join(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))


def allows(specifier: str, series: tuple[int, int]) -> bool:
    """Whether some release of the series satisfies the specifier (PEP 440); an invalid specifier forbids nothing."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        allowed = SpecifierSet(specifier)
    except InvalidSpecifier:
        return True
    # A platform has one of the newer releases of a series.
    return any(allowed.contains("{}.{}.{}".format(*series, release)) for release in range(30))


def oldest_with_django(version: tuple[int, int]) -> tuple[int, int]:
    """The oldest Python series that a version of Django supports."""
    return next((python for since, python in _DJANGO_NEEDS if version >= since), (3, 0))


def problems(project: Project, options: Options) -> Iterator[Problem]:
    """Conflicting sources, and a version that Django does not support."""
    chosen, django = wanted(project, options), project.settings.django_version
    oldest = oldest_with_django(django)
    if chosen.series < oldest:
        yield errors.python_too_old(path=chosen.where, version=str(chosen), django=_text(django), oldest=_text(oldest))
    found = {path: series for path in FILES if (series := _named(project, path))}
    if len(set(found.values())) > 1:
        yield errors.pythons_disagree(
            found=[f"{path} says {_text(series)}" for path, series in found.items()], older=RUNTIME
        )
    for path, series in found.items():
        if not allows(project.dependencies.python, series):
            allowed = project.dependencies.python
            yield errors.python_excluded(
                path=path, version=_text(series), manifest=project.dependencies.manifest, allowed=allowed
            )


def notes(project: Project, options: Options) -> Iterator[str]:
    """A version that no longer gets security updates."""
    chosen = wanted(project, options)
    if found := unsupported(str(chosen), options.now.date()):
        place = VERSION_FILE if chosen.where == _HERE else chosen.where
        yield f"Python {chosen} ({chosen.where}) {found}. Run your tests with a newer version, and set it in {place}."


def unsupported(version: str, today: date) -> str:
    """The note on a series that no longer gets security updates; "" if it still does."""
    major, minor = map(int, version.split("."))
    end = _SUPPORTED_UNTIL.get((major, minor))
    if (major, minor) < _OLDEST_KNOWN or (end and end < today):
        return f"has had no security updates{f' since {end:%Y-%m}' if end else ''}"
    return ""


def _named(project: Project, path: str) -> tuple[int, int] | None:
    match = re.fullmatch(r"(?:python-)?(\d+)\.(\d+)(?:\.\d+)?", _said(project.files.get(path)))
    return (int(match[1]), int(match[2])) if match else None


def _allowed(project: Project, own: tuple[int, int]) -> tuple[int, int]:
    """The nearest series that the project allows, a newer one before an older one; `own` if it allows none."""
    newer = [series for series in sorted(_SUPPORTED_UNTIL) if series > own]
    older = [series for series in sorted(_SUPPORTED_UNTIL, reverse=True) if series < own]
    return next((series for series in [*newer, *older] if allows(project.dependencies.python, series)), own)


def _text(series: tuple[int, int]) -> str:
    return "{}.{}".format(*series)
