"""One run of an emulated command: its command line and the platform's state."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from .grammar import Call
from .store import Store

State = TypeVar("State", bound=Store[Any])


class Session(Generic[State]):
    """The argument of a command's function. Each platform adds the caller and the selected app."""

    def __init__(self, state: State, call: Call) -> None:
        self.state = state
        self.call = call
        self.words = call.words
        self.has, self.given, self.value, self.argument = call.has, call.given, call.value, call.argument
