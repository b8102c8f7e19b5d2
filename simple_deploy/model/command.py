"""Commands: their words, how they ended, and questions to programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .words import Secret


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Deferred:
    """A command-line argument that no one knows before its step is reached: the answer to a question then.

    `shown` stands for it where people read the command. `recipe` is a Python expression that finds it out, for
    commands that people paste; without one, `shown` is a name that they replace.
    """

    query: Query
    shown: str
    recipe: str = ""

    def __str__(self) -> str:
        return self.shown


Argument = str | Secret | Deferred


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Ran:
    """A finished command. `returncode` is 127 if there is no such program and 124 if it ran out of time."""

    argv: tuple[Argument, ...]
    returncode: int
    stdout: str
    stderr: str
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether it ended with exit status 0."""
        return self.returncode == 0


# Takes note of a finished command; the second argument tells whether its output may be kept.
Record = Callable[[Ran, bool], None]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Poll:
    """Ask again every `interval` seconds, `timeout` seconds at most, until `verdict` says other than "wait".

    `verdict` gets the standard output of the command; it answers "wait", "done" or the reason of failure. If the
    output is `telling`, people see its end when the verdict is a failure.
    """

    verdict: Callable[[str], str]
    timeout: int
    interval: float = 2.0
    telling: bool = False


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Query:
    """A question to a program and how its standard output is read; what `read` cannot read, it raises ValueError,
    LookupError or TypeError for.
    """

    argv: tuple[str, ...]
    read: Callable[[str], str]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Watch:
    """Where to look when the site does not answer.

    `log` prints the last lines of the site's log and ends. The answer to `crashed` says which process has crashed,
    "" if none has; None where the platform does not tell.
    """

    log: tuple[str, ...]
    crashed: Query | None = None
