"""Text for people: secrets that mask themselves, and styled lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

MASK = "********"


# Text that may be shown unchanged: no control characters, and none that reorder or break a line.
PLAIN = "[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]*"


Plain = Annotated[str, PLAIN]


class Secret:
    """A value that never becomes text by accident: `str`, `repr` and `format` are masked.

    `prefix` is shown before it (`SECRET_KEY=`); `recipe` is a Python expression that generates such a value, for
    commands that people paste. It needs only the modules that `shell` imports.
    """

    __slots__ = ("_value", "prefix", "recipe")

    def __init__(self, value: str, *, prefix: str = "", recipe: str = MASK) -> None:
        self._value = value
        self.prefix = prefix
        self.recipe = recipe

    def reveal(self) -> str:
        """The value itself, without prefix."""
        return self._value

    def argument(self) -> str:
        """The whole command-line argument, for the operating system only."""
        return self.prefix + self._value

    def __str__(self) -> str:
        return self.prefix + MASK

    __repr__ = __str__


Role = Literal["prose", "heading", "faint", "code", "command", "old", "new", "place", "file"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One logical line for people. `role` is its meaning, which determines its style.

    Prose may be folded at spaces on a narrow terminal, with later lines indented by `hang` columns; code (commands,
    lines of a diff) is never folded, so that it can be copied.
    """

    text: str = ""
    role: Role = "prose"
    hang: int = 0

    @property
    def folds(self) -> bool:
        """Whether it is prose."""
        return self.role in ("prose", "heading", "faint")
