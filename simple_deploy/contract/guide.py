"""What people are told after a run: how the platform does everyday things."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import Argument


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class HowTo:
    """How people do one thing: the commands in their order, and a sentence on what they are for or do besides.

    Each is one line, as sh would split it into words, or the words themselves. `{quoted_manage_py}` is for a word
    that a shell on the platform splits again.
    """

    commands: tuple[str | tuple[Argument, ...], ...]
    why: str = ""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Link:
    """A page that is worth reading, and one sentence on why."""

    title: str
    address: str
    why: str


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Guide:
    """The platform's part of the summary page, filled with `Plan.placeholders`. What is left out is not on the page.

    Code stands between `backticks`. `year` is the one in which facts and prices were looked up; `destroy` is the
    command after which nothing costs any more. `checklist` and `reading` come before what is the same everywhere.
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
