"""What a platform's functions are asked about, and how they ask its CLI."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..model import Options, Problem, Project, Query, Ran
from ..recipe import Recipe, recipe


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Question:
    """A command that only reads. The output of a `private` one holds values of variables and is never logged."""

    argv: tuple[str, ...]
    private: bool = False


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Live:
    """Where people look at an app that exists: `log` follows its log until Ctrl-C, `address` asks for its address."""

    log: tuple[str, ...]
    address: Query


# Asks several questions side by side and gives the answers in the same order.
Ask = Callable[[Sequence[Question]], list[Ran]]
# Lets the user pick one of several names, after a question; None if no one can be asked. Raises stops.Declined.
Choose = Callable[[str, Sequence[str]], str | None]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Remote:
    """What exists on the platform, read before planning. The default says: nothing is known to exist.

    `app` is the name of the project's app or of the one to be created; the survey is given it, and may replace it by
    how the platform writes it. `surveyed` tells whether the platform was asked what exists. `id` is the platform's own
    id of the app that exists; `taken` tells that another account has the name. `variables` are the names (never the
    values) of the app's variables, `same` those of them that have the value that the options give, `unsafe` those whose
    value is unsafe in production, with the reason. `deployed` is the commit that the platform runs, `release` how its
    last release ended. `facts` is a value of the platform's own, which only its functions read.
    """

    account: str | None = None
    app: str | None = None
    surveyed: bool = False
    id: str = ""
    exists: bool = False
    taken: bool = False
    git_remote: str | None = None
    database: str | None = None
    variables: frozenset[str] = frozenset()
    same: frozenset[str] = frozenset()
    unsafe: Mapping[str, str] = field(default_factory=dict)
    deployed: str | None = None
    release: str | None = None
    facts: object = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Site:
    """The project, the user's options for it, and what exists already. `commits` tells that a commit comes first."""

    project: Project
    options: Options
    remote: Remote = field(default_factory=Remote)
    commits: bool = False

    @property
    def app(self) -> str:
        """The name of the app that exists, or is to be created."""
        return str(self.remote.app)

    @cached_property
    def recipe(self) -> Recipe:
        """How the site is built, released and started."""
        return recipe(self.project, self.options)

    @property
    def is_deployed(self) -> bool:
        """Whether the platform runs what would be deployed."""
        return self.remote.deployed is not None and self.remote.deployed == self.project.git.head and not self.commits
