"""A failure of the trial → the environment variable whose absence caused it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ..model import Variable
from ..production.build_only import called_variables, demanded, named_in

# How libraries report a missing variable; a KeyError has only its name.
_ASKING = frozenset({"KeyError", "ImproperlyConfigured", "UndefinedValueError", "EnvError", "ValidationError"})
_VARIABLE = re.compile(r"\b(env|variable)", re.IGNORECASE)

Json = Mapping[str, Any]


def variable(answer: Json, env: Mapping[str, str], read: Collection[Variable] = ()) -> str | None:
    """The variable whose absence prevented loading the site. Django itself asks for no variable.

    `read` are those that the settings are known to read.
    """
    failed = answer["failed"]
    if not failed or failed["by"] == "django":
        return None
    return next((name for name in _demanded(failed, read) if name not in env), None)


def _demanded(failed: Json, read: Collection[Variable]) -> Iterator[str]:
    if called := called_variables(failed["message"]):
        yield from called
        return
    asking = _ASKING & {*failed["kinds"]}
    # Libraries use this one for settings too.
    of_a_setting = asking == {"ImproperlyConfigured"} and not _VARIABLE.search(failed["message"])
    if failed["place"] and asking and not of_a_setting:
        yield from named_in(failed["message"])
    elif failed["part"] == "settings":
        yield from demanded(failed["message"] if failed["by_project"] else "", read, failed["places"])


def told_by_place(name: str, failed: Json, read: Collection[Variable]) -> bool:
    """Whether only the place of the failure suggests the variable: the message names neither it nor its setting."""
    return name not in {*named_in(failed["message"]), *demanded(failed["message"], read)}


def unread_variable(answer: Json, env: Mapping[str, str]) -> str:
    """The variable that the settings report as missing although it is set: they read a file only."""
    failed = answer["failed"]
    name = failed["message"].strip("'\"") if failed and failed["place"] and "KeyError" in failed["kinds"] else ""
    return name if name in env else ""
