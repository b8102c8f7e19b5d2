"""The secrets that can be known before a run: those of the environment, of the settings, and of `.env` files."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..model import Secret
from .telling import secrets_in

# A value in quotes may have several lines; with one quote only, it ends with its line.
_ASSIGNMENT = re.compile(
    r"""
    ^[ \t]*(?:export[ \t]+)?(?P<name>\w+)[ \t]*=[ \t]*
    (?:(?P<quote>["'])(?P<quoted>(?:\\.|(?!(?P=quote))[^\\])*)(?P=quote)[ \t]*(?:\#[^\r\n]*)?|(?P<plain>[^\r\n]*))
    \r?$
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
_ESCAPES = {"'": {"\\": "\\", "'": "'"}, '"': {"\\": "\\", '"': '"', "'": "'", "n": "\n", "r": "\r", "t": "\t"}}
# A larger file does not contain variables.
_LARGEST = 100_000


def known_secrets(manage_py: Path, settings_module: str) -> list[Secret]:
    """Every secret that may appear in this run, from any source."""
    module = sys.modules.get(settings_module)
    own = {name: value for name, value in vars(module).items() if name.isupper()} if module else {}
    folder = manage_py.parent
    kept = [variables for place in (folder, *list(folder.parents)[:3]) for variables in _kept(place)]
    return [secret for values in (os.environ, own, *kept) for secret in secrets_in(values)]


def _kept(folder: Path) -> Iterator[Mapping[str, str]]:
    """The variables of each `.env` file in the folder: `.env`, `.env.local`, `production.env`."""
    try:
        paths = [path for path in folder.iterdir() if ".env" in path.name and path.is_file()]
    except OSError:
        return
    for path in paths:
        try:
            if path.stat().st_size <= _LARGEST:
                yield variables(path.read_text(encoding="utf-8-sig", errors="replace"))
        except OSError:
            continue


def variables(text: str) -> Mapping[str, str]:
    """The variables in a `.env` file, without quotes and comments, as python-dotenv 1.1 reads them."""
    return {found["name"]: _value(found) for found in _ASSIGNMENT.finditer(text)}


def _value(found: re.Match[str]) -> str:
    if found["quote"] is None:
        return found["plain"].partition(" #")[0].rstrip()
    escapes = _ESCAPES[found["quote"]]
    return re.sub(r"\\(.)", lambda escape: escapes.get(escape[1], escape[0]), found["quoted"], flags=re.DOTALL)
