"""Parsed JSON → dataclasses, checked against their annotations. The first mismatch is an error."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

# The metadata of a field that earlier versions did not write.
MAY_LACK = {"may_lack": True}


def typed(kind: Any, stored: object, where: str) -> Any:
    """`stored` as a value of that type: a dataclass, tuple[X, ...], Literal, X | None, a plain type, or Annotated with
    a pattern that the whole text must match. Raises ValueError, which names the place of the mismatch.
    """
    if is_dataclass(kind):
        return _record(kind, stored, where)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if stored is None else typed(arguments[0], stored, where)
    if origin is tuple:
        if not isinstance(stored, list):
            raise ValueError(f"{where} is not a list")
        return tuple(typed(arguments[0], item, f"{where}[{number}]") for number, item in enumerate(stored))
    if origin is Literal:
        # Lists are not hashable, and `True == 1`.
        if not isinstance(stored, str) or stored not in arguments:
            raise ValueError(f"{where} is none of {', '.join(arguments)}")
        return stored
    plain, pattern = arguments if origin is Annotated else (kind, None)
    if type(stored) is not plain or (pattern and not re.fullmatch(pattern, str(stored))):
        raise ValueError(f"{where} has the wrong form")
    return stored


def _record(kind: Any, stored: object, where: str) -> Any:
    if not isinstance(stored, dict):
        raise ValueError(f"{where} is not an object")
    hints = get_type_hints(kind, include_extras=True)
    needed = {one.name for one in fields(kind) if not one.metadata}
    for problem, names in (("lacks", needed - stored.keys()), ("has the unknown", stored.keys() - hints.keys())):
        if names:
            # The unknown name itself is omitted: it is untrusted text.
            named = f" {min(names)}" if problem == "lacks" else ""
            raise ValueError(f"{where} {problem} field{named}")
    present = {name: hint for name, hint in hints.items() if name in stored}
    return kind(**{name: typed(hint, stored[name], f"{where}.{name}") for name, hint in present.items()})
