"""A project that is installed as a package whose version comes from Git's tags, which no platform's build has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..messages import errors
from ..model import Dependencies, Problem
from ..text.toml_places import places
from . import project_table, setup_script
from .files import Files
from .names import canonical
from .requirement import parse

# Value of [tool.hatch.version] source → where that plug-in looks for the version to use without Git.
_HATCH = {
    "vcs": (("tool", "hatch", "version"), "fallback-version"),
    "uv-dynamic-versioning": (("tool", "uv-dynamic-versioning"), "fallback-version"),
}

_FALLBACK = '"fallback_version": "0"'


def problem(dependencies: Dependencies, files: Files) -> Problem | None:
    """What to add, if the build would fail because it finds no version."""
    if "." not in dependencies.files:
        return None
    document = project_table.document(files)
    # A source distribution has the version in this file, where hatchling and setuptools-scm look for it.
    if files.read("PKG-INFO") is not None and "pdm" not in _at(document, ("tool",)):
        return None
    if "version" not in project_table.table(document).get("dynamic", []):
        return _of_script(document, files)
    for path, key in _sources(document):
        table = _at(document, path)
        given = {*table, *_at(table, ("raw-options",))}
        if not {key, key.replace("-", "_")} & given:
            text = (files.read(project_table.FILE) or b"").decode("utf-8", "replace")
            place, lines = _where(path, key, text)
            return errors.version_from_git(file=place, lines=lines)
    return _of_script(document, files)


def _where(path: tuple[str, ...], key: str, text: str) -> tuple[str, str]:
    """The place for the line, and what to add there. TOML allows no second header, nor one of its own for a table that
    its parent defines with dotted keys.
    """
    place = next(places(text, path), None)
    if place is None:
        return project_table.FILE, f'[{".".join(path)}]\n{key} = "0"'
    header = ".".join(path).removesuffix(f".{place.prefix}".rstrip("."))
    return f"{project_table.FILE}, in its table [{header}]", f'{place.prefix}{key} = "0"'


def _of_script(document: dict[str, Any], files: Files) -> Problem | None:
    """setuptools-scm takes the arguments in setup.py and what pyproject.toml adds to them."""
    given = setup_script.scm_options(files)
    if "version" in _at(document, ("tool", "setuptools", "dynamic")):
        # That one takes effect, and is tried.
        return None
    if given is None or "fallback_version" in {*given, *_at(document, ("tool", "setuptools_scm"))}:
        return None
    if given:
        return errors.version_from_git(file=f"use_scm_version in {setup_script.SCRIPT}", lines=_FALLBACK)
    return errors.version_from_git(file=setup_script.SCRIPT, lines=f"use_scm_version={{{_FALLBACK}}},")


def _sources(document: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The tables in which the project's build backend is told about the version in Git, and the key for a fallback."""
    hatch = _at(document, ("tool", "hatch", "version")).get("source")
    if hatch in _HATCH:
        yield _HATCH[hatch]
    elif _at(document, ("tool", "pdm", "version")).get("source") == "scm":
        yield ("tool", "pdm", "version"), "fallback_version"
    elif _setuptools_reads_git(document):
        yield ("tool", "setuptools_scm"), "fallback_version"


def _setuptools_reads_git(document: dict[str, Any]) -> bool:
    """Whether setuptools-scm sets the version. If nothing asks it to, it only lists the files of the package."""
    required = map(parse, map(str, _at(document, ("build-system",)).get("requires", [])))
    extras = next((one.extras for one in required if one and canonical(one.name) == "setuptools-scm"), None)
    return extras is not None and ("setuptools_scm" in _at(document, ("tool",)) or "simple" in extras)


def _at(document: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """The table; empty if there is none."""
    for name in path:
        inner = document.get(name)
        document = inner if isinstance(inner, dict) else {}
    return document
