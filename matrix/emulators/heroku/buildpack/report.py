"""The output of a build, and how it stops."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..._kit.texts import Texts

Say = Callable[[str], None]
MESSAGES = Texts(Path(__file__).with_name("messages.txt"))


class BuildFailed(Exception):
    """The project cannot be built: a message of `messages.txt` for its developer."""

    def __init__(self, message: str, /, **values: object) -> None:
        super().__init__(MESSAGES(message, **values))


def boxed(text: str) -> list[str]:
    """Lines of a message with the buildpack's margin for errors and warnings."""
    return ["", *(f" !     {line}" for line in text.split("\n")), ""]
