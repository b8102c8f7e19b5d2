"""The argument of a platform's functions, and how they query its CLI."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..model import Options, Problem, Project, Query, Ran
from ..production.recipe import Recipe, recipe


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Question:
    """A read-only command. The output of a `private` one contains values of variables and is never logged."""

    argv: tuple[str, ...]
    private: bool = False


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Live:
    """How people look at an existing app: `log` follows its log until Ctrl-C, `address` asks for its address."""

    log: tuple[str, ...]
    address: Query


# Asks several questions in parallel and returns the answers in the same order.
Ask = Callable[[Sequence[Question]], list[Ran]]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Start:
    """A command in a user's own `file` that starts the site. It runs in `folder` (relative to the Git root; None if it
    is not known), and Python also finds modules in the folders of `path`. What the platform runs before it, the files
    and folders of `before`, may change that: where one exists, the folders are not known.
    """

    file: str
    command: str
    folder: str | None = None
    path: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Remote:
    """What exists on the platform, read before planning. By default, nothing is known to exist.

    `app` is the name of the project's app or of the one to be created; the survey receives it, and may replace it with
    the platform's spelling. `surveyed` is whether the platform was asked what exists. `id` is the platform's own ID of
    the existing app; `taken` is whether another account has the name. `variables` are the names (never the values) of
    the app's variables, `same` those that already have the value from the options, `differing` those that the platform
    shows with another value, `unsafe` those whose value is unsafe in production, with the reason. `deployed` is the
    commit that the platform runs, `release` the result of its last release. `facts` is a value of the platform's own
    type, which only its functions read.
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
    differing: frozenset[str] = frozenset()
    unsafe: Mapping[str, str] = field(default_factory=dict)
    deployed: str | None = None
    release: str | None = None
    facts: object = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Site:
    """The project, the user's options for it, and what already exists. `commits` is whether a commit comes first."""

    project: Project
    options: Options
    remote: Remote = field(default_factory=Remote)
    commits: bool = False

    @property
    def app(self) -> str:
        """The name of the app, existing or to be created."""
        return str(self.remote.app)

    @cached_property
    def recipe(self) -> Recipe:
        """How the site is built, released and started."""
        return recipe(self.project, self.options)

    @property
    def variables(self) -> Mapping[str, str]:
        """The recipe's variables without those that the platform has from the user, for files that set them."""
        return {name: value for name, value in self.recipe.variables.items() if name not in self.remote.variables}

    @property
    def is_deployed(self) -> bool:
        """Whether the platform already runs what would be deployed."""
        return self.remote.deployed is not None and self.remote.deployed == self.project.git.head and not self.commits
