"""One place that reads an environment variable."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import VariableKind


@dataclass(frozen=True, kw_only=True)
class Read:
    """One place that reads a variable. `target` is the name that its value is assigned to ("": none).

    `default` is whether the code works without the variable, `absent` whether it gets None then, `conditional`
    whether this place may not be reached, `sets` whether this place gives the variable a value. `words` are the
    constants here, its default among them. `field` is the attribute of an object that has its value.
    """

    name: str
    line: int
    default: bool
    conditional: bool
    target: str
    kind: VariableKind
    sets: bool = False
    absent: bool = False
    words: frozenset[str] = frozenset()
    field: str = ""
