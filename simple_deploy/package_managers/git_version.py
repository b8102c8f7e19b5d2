"""A project that is installed as a package whose version comes from Git's tags, which no platform's build has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..model import Dependencies, FileEdit
from ..text import toml_file
from . import project_table, setup_script
from .files import Files
from .names import canonical
from .requirement import parse

# Value of [tool.hatch.version] source → where that plug-in looks for the version to use without Git.
_HATCH = {
    "vcs": (("tool", "hatch", "version"), "fallback-version"),
    "uv-dynamic-versioning": (("tool", "uv-dynamic-versioning"), "fallback-version"),
}

# Where setuptools-scm, hatch-vcs and PDM are told which file to write.
_WRITING = (("tool", "setuptools_scm"), ("tool", "hatch", "build", "hooks", "vcs"), ("tool", "pdm", "version"))
_WHY = "the version of your package comes from Git's tags, which a platform's build lacks"
_OPTION, _VERSION = "fallback_version", "0"


def fallback(dependencies: Dependencies, files: Files) -> tuple[str, ...]:
    """The file where the build would find a version without Git, and in pyproject.toml the path of the key; empty if it
    needs none, or finds one that a run has not added.
    """
    document = project_table.document(files)
    # A source distribution has the version in this file, where hatchling and setuptools-scm look for it.
    is_there = files.read("PKG-INFO") is not None and "pdm" not in _at(document, ("tool",))
    if is_there or "." not in dependencies.files:
        return ()
    if "version" in project_table.table(document).get("dynamic", []):
        for path, key in _sources(document):
            table = _at(document, path)
            given = {**_at(table, ("raw-options",)), **table}
            if given.get(key, given.get(key.replace("-", "_"), _VERSION)) == _VERSION:
                return project_table.FILE, *path, key
    return (setup_script.SCRIPT,) if _script_asks(document, files) else ()


def written(dependencies: Dependencies, files: Files) -> str:
    """The module with the version that the build writes into the project; "" if it writes none."""
    if "." not in dependencies.files:
        return ""
    document = project_table.document(files)
    tables = [_at(document, path) for path in _WRITING]
    script = setup_script.scm_options(files.read(setup_script.SCRIPT) or b"") or {}
    named = (table.get(key) for table in (*tables, script) for key in ("version_file", "version-file", "write_to"))
    return next((name for name in named if isinstance(name, str) and name.endswith(".py")), "")


def with_fallback(edits: Sequence[FileEdit], place: tuple[str, ...]) -> tuple[FileEdit, ...]:
    """The edits, of which the one of that file also adds the version."""
    file, *path = place
    same = next((one for one in edits if one.path == file), None)

    def edit(text: str | None) -> str:
        text = (same.edit(text) if same else text) or ""
        if file == setup_script.SCRIPT:
            return _in_script(text)
        has_it = path[-1] in _at(toml_file.loads(text.encode()), path[:-1])
        return text if has_it else toml_file.with_entries(text, path[:-1], {path[-1]: _VERSION})

    others = (one for one in edits if one is not same)
    return *others, FileEdit(path=file, edit=edit, why=f"{same.why}, and {_WHY}" if same else _WHY)


def _in_script(text: str) -> str:
    options = setup_script.scm_options(text.encode())
    if options is None or _OPTION in options:
        return text
    return setup_script.with_scm_option(text.encode(), _OPTION, _VERSION).decode()


def _script_asks(document: dict[str, Any], files: Files) -> bool:
    """Whether setup.py asks for the version of Git, and no other one is given. setuptools-scm takes the
    arguments in setup.py and what pyproject.toml adds to them.
    """
    given = setup_script.scm_options(files.read(setup_script.SCRIPT) or b"")
    if given is None or "version" in _at(document, ("tool", "setuptools", "dynamic")):
        # That one takes effect, and is tried.
        return False
    return given.get(_OPTION, _VERSION) == _VERSION and _OPTION not in _at(document, ("tool", "setuptools_scm"))


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


def _at(document: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """The table; empty if there is none."""
    for name in path:
        inner = document.get(name)
        document = inner if isinstance(inner, dict) else {}
    return document
