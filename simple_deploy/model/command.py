"""Commands: their arguments, their results, and questions to programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .words import Secret


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Deferred:
    """A command-line argument that is unknown until its step is reached: the answer to a question then.

    `shown` is displayed in its place. `recipe` is a Python expression that determines it, for commands that people
    paste; without one, people replace `shown` themselves.
    """

    query: Query
    shown: str
    recipe: str = ""

    def __str__(self) -> str:
        return self.shown


Argument = str | Secret | Deferred


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Ran:
    """A finished command. `returncode` is 127 if there is no such program and 124 if it timed out."""

    argv: tuple[Argument, ...]
    returncode: int
    stdout: str
    stderr: str
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether it ended with exit status 0."""
        return self.returncode == 0


# Records a finished command; the second argument is whether its output may be kept.
Record = Callable[[Ran, bool], None]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Poll:
    """Ask again every `interval` seconds, for `timeout` seconds at most, until `verdict` returns something other than
    "wait".

    `verdict` takes the command's standard output; it returns "wait", "done" or the reason of a failure. If the output
    is `telling`, people see the end of it after a failure.
    """

    verdict: Callable[[str], str]
    timeout: int
    interval: float = 2.0
    telling: bool = False


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Query:
    """A question to a program, and how to parse its standard output; for output that it cannot parse, `read` raises
    ValueError, LookupError or TypeError.
    """

    argv: tuple[str, ...]
    read: Callable[[str], str]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Watch:
    """Where to look when the site does not answer.

    `log` prints the last lines of the site's log and exits. The answer to `crashed` names the process that has crashed,
    "" if none has; None where the platform does not report it.
    """

    log: tuple[str, ...]
    crashed: Query | None = None
