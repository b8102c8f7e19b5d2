"""The arguments of --env and --env-file → values for the site's variables, and problems with them."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from .contract import plain
from .masking.known_secrets import variables
from .masking.telling import secrets_in, telling
from .messages import errors
from .model import Problem, Secret

Variables = Mapping[str, str | Secret]


def variable(text: str) -> tuple[str, str | None]:
    """NAME=VALUE, or NAME alone."""
    name, has_value, value = text.partition("=")
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise argparse.ArgumentTypeError(f'"{name}" is not a valid variable name; write NAME=VALUE')
    return name, value if has_value else None


def given(words: Iterable[tuple[str, str | None]]) -> tuple[Variables, list[Problem]]:
    """The values of --env; a name without a value takes its value from this shell."""
    values = {name: os.environ.get(name) if value is None else value for name, value in words}
    unset = [errors.variable_unset(name=name) for name, value in values.items() if value is None]
    return _guarded({name: value for name, value in values.items() if value is not None}), unset


def offered(files: Iterable[str]) -> tuple[Variables, list[Problem]]:
    """The values in each --env-file; a later file wins."""
    found: dict[str, str] = {}
    problems = []
    for file in files:
        try:
            found |= variables(Path(file).read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror or str(error)
            problems.append(errors.variables_unreadable(file=file, reason=reason))
    return _guarded(found), problems


def values(env: Iterable[str], files: Iterable[str]) -> dict[str, str]:
    """What both options give, as it is, without what the command refuses later."""
    both = {**offered(files)[0], **given(_valid(env))[0]}
    return {name: plain(value) for name, value in both.items()}


def _valid(words: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    for word in words:
        try:
            yield variable(word)
        except argparse.ArgumentTypeError:
            continue


def _guarded(values: Mapping[str, str]) -> Variables:
    """The values, masked if the name or the address in them indicates a secret."""
    return {
        name: Secret(value) if telling(name) or secrets_in({name: value}) else value for name, value in values.items()
    }
