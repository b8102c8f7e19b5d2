"""The types that the values of a parsed document must have, as far as we read it. The first wrong one is reported.

A shape is a type, a list of one shape, a table of shapes by key ("*": every other key), or a tuple of alternatives.
Keys may be missing, and keys without a shape may hold anything.
"""

from __future__ import annotations

from typing import Any

Shape = Any
_NOUNS = {dict: "a table", list: "a list", str: "a string", bool: "true or false", int: "a number", float: "a number"}


class WrongType(ValueError):
    """A value of the wrong type; the argument says which one and what it must be."""


def check_types(value: Any, shape: Shape, place: str = "") -> None:
    """Raise WrongType, which names the place as people write it: project.dependencies[0]."""
    shapes = shape if isinstance(shape, tuple) else (shape,)
    fitting = next((one for one in shapes if type(value) is _type(one)), None)
    if fitting is None:
        wanted = " or ".join(dict.fromkeys(_NOUNS[_type(one)] for one in shapes))
        found = _NOUNS.get(type(value), "null" if value is None else "a date or time")
        raise WrongType(f"{place or 'the document'} is {found}, and must be {wanted}")
    if isinstance(fitting, list):
        for number, item in enumerate(value):
            check_types(item, fitting[0], f"{place}[{number}]")
    elif isinstance(fitting, dict):
        for key, item in value.items():
            if key in fitting or "*" in fitting:
                check_types(item, fitting.get(key, fitting.get("*")), f"{place}.{key}".lstrip("."))


def _type(shape: Shape) -> type:
    return shape if isinstance(shape, type) else type(shape)
