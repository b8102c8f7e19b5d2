"""What the run will do, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from .changes import FileChange
from .command import Argument, Poll, Query, Watch
from .project import Tried
from .settings import VariableKind
from .words import Plain, Secret

# What sets a variable in production: a value from the user; the app, which has it already; the platform or a step of
# this run; this run, for a setting that the block overrides; the default in the code. Without a value: needed, perhaps
# needed.
VariableSource = Literal["given", "set", "platform", "block", "default", "unset", "missing", "perhaps"]


# A placeholder for the site's host in texts that are created before it is known.
HOST = "www.example.com"


@dataclass(frozen=True, kw_only=True)
class VariableState:
    """A variable of the site, where it is read ("": unknown), and where its value comes from.

    `setting` is the only setting that gets its value ("": several, or none), `replaced` the same if the settings block
    sets it again. `unreachable` is the address in its default, where production needs another one, `empty` whether the
    default is an empty text, `kind` how the value is read.
    """

    name: str
    place: str
    source: VariableSource
    setting: str = ""
    unreachable: str = ""
    replaced: str = ""
    empty: bool = False
    kind: VariableKind = "text"

    @property
    def gets_a_key(self) -> bool:
        """Whether this run generates a key for it, since the settings block replaces the SECRET_KEY that it sets."""
        return self.source == "block" and self.replaced == "SECRET_KEY"


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Money per month, in US cents, and the text for it ("at most $5 a month").

    `cents` is None where only the platform knows the price, and shows it before it creates anything.
    """

    cents: int | None
    text: str


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Created:
    """One thing that a step created: its kind ("app", "database", "Git remote") and its name."""

    kind: Plain
    name: Plain


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Step:
    """One command that the plan runs, or would have run if its result did not exist already.

    `creates` describes for people what the step adds; `makes` is the same for the receipt. `timeout` is in seconds.
    `on_failure` says where to find the reason of a failure or what to do; `explain` is a command that prints the
    reason. `stdin` are lines that the command reads: secrets are passed this way where the platform supports it. The
    output of a `private` step is a secret and is neither shown nor logged. An `interactive` step prompts the user on
    the terminal. `identity` asks, after the step, for the platform's own ID of the app that it created. `sets` are
    the user's variables, with their values: a later run that is not given them again knows them, or recognises them.
    """

    id: str
    title: str
    why: str
    argv: tuple[Argument, ...]
    creates: str = ""
    makes: tuple[Created, ...] = ()
    cost: Cost | None = None
    already_done: str | None = None
    poll: Poll | None = None
    timeout: int = 900
    on_failure: str = ""
    explain: tuple[str, ...] = ()
    stdin: tuple[Argument, ...] = ()
    private: bool = False
    interactive: bool = False
    identity: Query | None = None
    sets: Mapping[str, str | Secret] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Plan:
    """Everything the run will do. Preview, dry run, apply, deploy and summary are derived from this value.

    `placeholders` are the names that texts for people are filled with: {app}, {git_remote}, {manage_py}. `automated` is
    whether the steps are run or left to the user, `account` the one logged in to the platform (None: unknown), `app_id`
    the platform's own ID of the app if it exists, `not_working` what works in development and not yet in production,
    `not_done` what users might expect of the run and it does not do.
    `kept` are the user's own files that stay, each with what ours would contain. `has_users` is whether the site has
    users of Django's kind, `has_admin` whether it has Django's admin.
    """

    platform: str
    platform_name: str
    placeholders: Mapping[str, str]
    changes: tuple[FileChange, ...]
    steps: tuple[Step, ...]
    not_working: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    address: Query | None = None
    watch: Watch | None = None
    automated: bool = False
    account: str | None = None
    app_id: str | None = None
    not_done: tuple[str, ...] = ()
    kept: tuple[FileChange, ...] = ()
    variables: tuple[VariableState, ...] = ()
    tried: Tried = field(default_factory=Tried)
    has_users: bool = True
    has_admin: bool = True

    @property
    def app(self) -> str:
        """The app's name on the platform."""
        return self.placeholders["app"]

    def still_to_do(self, host: str | None) -> tuple[str, ...]:
        """What is not done, with the site's host if it is known."""
        return tuple(text.replace(HOST, host or HOST) for text in self.not_done)

    @property
    def pending(self) -> tuple[Step, ...]:
        """The steps whose result does not exist yet."""
        return tuple(step for step in self.steps if step.already_done is None)

    @property
    def monthly_cents(self) -> int:
        """The monthly price, in US cents, of everything in the plan with a known price, existing resources included."""
        return sum(step.cost.cents or 0 for step in self.steps if step.cost)

    @property
    def priced(self) -> bool:
        """Whether all prices are known beforehand. If no step has a price, none is known."""
        costs = [step.cost for step in self.steps if step.cost]
        return bool(costs) and all(cost.cents is not None for cost in costs)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Outcome:
    """How a run ended. `done` holds the IDs of the steps that ran, `page` the path of its summary page."""

    status: Literal["configured", "deployed", "previewed"]
    plan: Plan
    done: tuple[str, ...] = ()
    url: str | None = None
    log: str | None = None
    page: str | None = None

    @property
    def host(self) -> str | None:
        """The host of the site's address."""
        return urlsplit(self.url).hostname if self.url else None


Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Ending:
    """How a run that does not deploy ended: the message for people, and the same for programs."""

    text: str
    json: Json
    exit_status: int = 0
