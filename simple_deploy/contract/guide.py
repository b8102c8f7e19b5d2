"""What users read after a run: how to do everyday tasks on the platform."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import Argument


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class HowTo:
    """How to do one thing: the commands in order, and a sentence on their purpose or side effects.

    Each command is one line, which is split into words as sh does, or the words themselves. `{quoted_manage_py}` is for
    a word that a shell on the platform splits again. The terminal has room for one of them: the one at `shown`.
    """

    commands: tuple[str | tuple[Argument, ...], ...]
    why: str = ""
    shown: int = 0


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Link:
    """A page worth reading, and one sentence that says why."""

    title: str
    address: str
    why: str


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Guide:
    """The platform's part of the summary page, filled with `Plan.placeholders`. Empty fields are not shown.

    Code is written between `backticks`. `year` is when facts and prices were looked up; `destroy` is the command after
    which nothing is billed. `checklist` and `reading` come before the items that are the same on every platform.
    """

    year: int | None = None
    redeploy: HowTo | None = None
    logs: HowTo | None = None
    console: HowTo | None = None
    superuser: HowTo | None = None
    variable: HowTo | None = None
    domain: HowTo | None = None
    backup: HowTo | None = None
    destroy: str = ""
    destroy_why: str = ""
    differences: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()
    reading: tuple[Link, ...] = ()
