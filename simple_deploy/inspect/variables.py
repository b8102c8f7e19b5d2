"""The project's source → the environment variables that its settings read, in every module that they import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from configparser import ConfigParser
from configparser import Error as ConfigParserError
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Literal

from ..masking.known_secrets import variables as variables_in
from ..model import Variable
from ..production.build_only import ALWAYS, REPLACED
from ..source_code.read import Read
from .settings_modules import Modules, Source, joined

# pytest sets these in its own process. With a value, the project's code would take the server for such a run.
_NEVER_ASKED = "PYTEST_"
# Files with example variables for people who set the project up.
EXAMPLES = (".env.example", ".env.sample", ".env.template", ".env.dist", "env.example", "example.env", "sample.env")


def variables(read_in: Modules) -> tuple[Variable, ...]:
    """The variables by name, from the modules that production loads."""
    found = {variable.name: variable for variable in _merged(read_in)}
    for name in [*_committed(read_in.source, found.values())]:
        found[name] = replace(found[name], needed="no")
    for name, place in _listed(read_in.source, read_in.roots[0]):
        found.setdefault(name, Variable(name=name, place=place, needed="no", absent=True))
    return tuple(found[name] for name in sorted(found.keys() - ALWAYS) if not name.startswith(_NEVER_ASKED))


def _committed(source: Source, found: Iterable[Variable]) -> Iterator[str]:
    """The variables with a value in the `settings.ini` that python-decouple finds: above the module that reads them."""
    for variable in found:
        folders = PurePosixPath(variable.place).parents
        text = next((text for folder in folders if (text := source(joined(str(folder), "settings.ini")))), b"")
        parser = ConfigParser(interpolation=None)
        try:
            parser.read_string(text.decode("utf-8"))
        except (ConfigParserError, UnicodeDecodeError):
            continue
        if parser.has_option("settings", variable.name):
            yield variable.name


def _listed(source: Source, manage_dir: str) -> Iterator[tuple[str, str]]:
    for folder in dict.fromkeys((manage_dir, ".")):
        for name in EXAMPLES:
            path = joined(folder, name)
            text = source(path)
            yield from ((variable, path) for variable in variables_in((text or b"").decode("utf-8", "replace")))


def _merged(read_in: Modules) -> Iterator[Variable]:
    by_name: dict[str, list[tuple[str, Read]]] = {}
    for path, found in read_in.found.items():
        for read in found:
            by_name.setdefault(read.name, []).append((path, read))
    for name, places in by_name.items():
        settings = {setting for _, read in places for setting in _settings(_name(read), read_in.uses)}
        needed = _needed([read for _, read in places])
        telling = [(path, read) for path, read in places if not read.default] or places
        path, read = telling[0]
        kinds = [read.kind for _, read in places if read.kind != "text"]
        yield Variable(
            name=name,
            place=f"{path}:{read.line}",
            needed=needed,
            setting=settings.pop() if len(settings) == 1 else "",
            kind=kinds[0] if kinds else "text",
            absent=needed == "no" and all(read.absent for _, read in places),
            empty=needed == "no" and all("" in read.words <= {name, ""} for _, read in places),
        )


def _needed(found: Sequence[Read]) -> Literal["yes", "perhaps", "no"]:
    if any(read.sets and not read.conditional for read in found) or all(read.default for read in found):
        return "no"
    return "yes" if any(not read.default and not read.conditional for read in found) else "perhaps"


def _name(read: Read) -> str:
    """How code names the value."""
    return read.target or (f".{read.field}" if read.field else "")


def _settings(target: str, used: Mapping[str, set[str]], depth: int = 3) -> set[str]:
    """The settings that a value ends up in. Where a setting that the block overrides uses it, any value will do."""
    onward = used.get(target, set()) - {target}
    if not target or not onward or depth == 0 or target in REPLACED:
        return {"" if target.startswith(".") else target}
    return {setting for name in onward for setting in _settings(name, used, depth - 1)}
