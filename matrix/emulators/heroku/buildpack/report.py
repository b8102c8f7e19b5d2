"""How a build speaks, and how it stops."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[[str], None]


class BuildFailed(Exception):
    """The project cannot be built; the message is for its developer."""

    def lines(self) -> list[str]:
        """The message in the buildpack's margin, as it appears in the build's output."""
        return boxed(str(self))


def boxed(text: str) -> list[str]:
    """Lines of a message in the margin that the buildpack gives errors and warnings."""
    return ["", *(f" !     {line}" for line in text.split("\n")), ""]
