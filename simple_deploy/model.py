"""Every value that travels between the stages. All are frozen; this module imports nothing of ours.

Where no one compares or prints a value, its class does without the methods for that: making them costs more than
half of the time in which this module is imported, and that is part of every run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

MASK = "********"

# Text that may be shown as it is: no control characters, and none that reorder or break a line.
PLAIN = "[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]*"
Plain = Annotated[str, PLAIN]


class Secret:
    """A value that never becomes text by accident: `str`, `repr` and `format` are masked.

    `prefix` is what may be shown before it (`SECRET_KEY=`); `recipe` is a Python expression that makes such a value,
    for commands that people paste. It needs no module but those that `shell` imports.
    """

    __slots__ = ("_value", "prefix", "recipe")

    def __init__(self, value: str, *, prefix: str = "", recipe: str = MASK) -> None:
        self._value = value
        self.prefix = prefix
        self.recipe = recipe

    def reveal(self) -> str:
        """The value itself, without prefix."""
        return self._value

    def argument(self) -> str:
        """The whole command-line argument, for the operating system only."""
        return self.prefix + self._value

    def __str__(self) -> str:
        return self.prefix + MASK

    __repr__ = __str__


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


class Purpose(Enum):
    """What a run is for."""

    CONFIGURE = "configure"
    DEPLOY = "deploy"
    UNDO = "undo"
    DESTROY = "destroy"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Options:
    """What the user asked for, and everything about the run that is not a fact of the project.

    Time, randomness and environment enter planning only through here, so that planning is deterministic.
    `now` knows its distance to UTC. `wait` is how long, in seconds, the site may take to answer after the release.
    `organization` and `database` are names in the platform's words; None leaves the choice to it. `package_manager` is
    the one that production uses, None if that is to be seen from the project's files. With `adopt`, an
    existing app called `app_name` is used although nothing says that it is this project's.
    `variables` are values for the site's environment: those that the user gave and, once it is decided, those that
    the run adds. `offered` are taken only for what the settings read and nothing else sets.
    """

    manage_py: Path
    settings_module: str
    secret_key: Secret
    now: datetime
    python: tuple[int, int]
    settings_named: bool = False
    platform: str | None = None
    purpose: Purpose = Purpose.CONFIGURE
    dry_run: bool = False
    brief: bool = False
    yes: bool = False
    app_name: str | None = None
    region: str | None = None
    organization: str | None = None
    database: str | None = None
    package_manager: str | None = None
    replace_files: bool = False
    open_browser: bool = True
    logging: bool = True
    ignore_unclean_git: bool = False
    json: bool = False
    verbosity: int = 1
    wait: int = 120
    adopt: bool = False
    trial: bool = True
    variables: Mapping[str, str | Secret] = field(default_factory=dict)
    offered: Mapping[str, str | Secret] = field(default_factory=dict)

    @property
    def deploys(self) -> bool:
        """Whether the project is deployed, and not only configured."""
        return self.purpose is Purpose.DEPLOY


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that stops a run: what was found, what to do, where to read on."""

    code: str
    found: str
    remedy: str
    see: str = ""


@dataclass(frozen=True, kw_only=True)
class GitEntry:
    """One line of `git status`: a path relative to the Git root, and what is the matter with it in a word.

    `committed` is the id of what HEAD has of it, as far as that is told.
    """

    path: str
    state: Literal["added", "modified", "deleted", "renamed", "conflict", "untracked"]
    committed: str = ""


@dataclass(frozen=True, kw_only=True)
class Git:
    """The repository as it was found. `head` and `first_commit` are None in a repository without a commit.

    `byproducts` are untracked files that Python and Django write when the project runs, environments and files of
    secrets: for no repository, so they are not among the `entries`; `exposed` are such files that Git tracks. A folder
    ends with a slash, and stands for what is in it. The history of a `shallow` clone ends early, so `first_commit` is
    not that of the whole repository. `ignored` are files that production needs and Git ignores. `tree` is Git's name
    for the content of the commit.
    """

    head: str | None
    branch: str | None
    entries: tuple[GitEntry, ...] = ()
    byproducts: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    remotes: Mapping[str, str] = field(default_factory=dict)
    first_commit: str | None = None
    shallow: bool = False
    ignored: frozenset[str] = frozenset()
    tree: str = ""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """An app that a deployment recorded as this project's: in a file, in a Git remote, or in the receipt.

    `app` is its name, `id` what the platform itself calls it and never gives to another app; "" where the source
    has only the other. `said_by` names the source for people. A `committed` source is in every clone; it was
    written for the clones of `repository` ("": for one without a Git remote origin). `account` is the one that
    deployed. `forget` is the command that removes the source.
    """

    app: str
    said_by: str
    id: str = ""
    account: str = ""
    committed: bool = False
    repository: str = ""
    forget: str = ""


VariableKind = Literal["text", "integer", "boolean", "database", "cache", "mail", "json", "address"]


@dataclass(frozen=True, kw_only=True)
class Variable:
    """An environment variable that the settings read, as their source shows it.

    `place` is the file with the line. `needed` tells whether the settings can be loaded without it: "perhaps" where it
    is read under a condition and has no default. `setting` is the only setting that its value goes to ("": there are
    several, or none), `kind` how the value is read.
    """

    name: str
    place: str
    needed: Literal["yes", "perhaps", "no"]
    setting: str = ""
    kind: VariableKind = "text"


# Who sets a variable in production: the user gave a value; the app has it already; the platform or a step of this run;
# this run, for a setting that the block replaces; the default in the code. Without a value: needed, perhaps needed.
VariableSource = Literal["given", "set", "platform", "block", "default", "missing", "perhaps"]


@dataclass(frozen=True, kw_only=True)
class VariableState:
    """A variable of the site, where it is read ("": nowhere that is known), and where its value comes from."""

    name: str
    place: str
    source: VariableSource


# Names of static files: with a hash; with a hash, and references to missing files are tolerated; without one.
StaticNames = Literal["hashed", "tolerant", "plain"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Settings:
    """The settings that production uses, as loaded values (not as text).

    `path` and `depth` tell where the module's file is: relative to the Git root, and how many folders
    below the folder of manage.py. `static_root` is None if none is set that a build could use. `wsgi` is what a web
    server starts ("blog.wsgi", "blog.wsgi:app"), `asgi` what an ASGI server starts, where the site needs one.
    `prints_mail` tells whether MAILERS (Django 6.1) names a backend that never sends anything.
    `selected` tells whether manage.py and the WSGI script use this module when nothing else names one; `notes` say
    why production uses it, where that may surprise. `static_names` tells which names static files get. `log_files` are
    the files below the Git root that logging writes, `sqlite_files` the SQLite databases there that production's or
    manage.py's settings name. `secrets` are the values that have a telling name.
    """

    module: str
    selected: bool
    path: str
    depth: int
    installed_apps: tuple[str, ...]
    middleware: tuple[str, ...]
    allowed_hosts: tuple[str, ...]
    static_root: str | None
    static_url: str | None
    staticfiles_dirs: tuple[str, ...]
    staticfiles_backend: str
    database_engine: str
    prints_mail: bool
    media_root: str
    wsgi: str | None
    django_version: tuple[int, int]
    sqlite_files: tuple[str, ...] = ()
    log_files: tuple[str, ...] = ()
    secrets: tuple[Secret, ...] = ()
    notes: tuple[str, ...] = ()
    static_names: StaticNames = "hashed"
    asgi: str | None = None

    @property
    def application(self) -> str:
        """What the web server of production starts."""
        return self.asgi or self.wsgi or ""


@dataclass(frozen=True, kw_only=True)
class Dependencies:
    """How the project declares what it needs, and what platforms may know of that.

    `manifest` and `lock` (None: there is no such thing) are relative to the Git root; `declared` are PEP 503
    names that production installs; `closed` is the reason why nothing can be added to the manifest ("": it can);
    `not_for_production` are names that it has for other places only, where no second entry is possible.
    For platforms: `files` is what an installation needs of the project (".": all of it). `install` are the commands
    that install it into a fresh virtual environment at `.venv`, with `install_env` in their environment, where the
    package manager itself is on PATH; `tool` is what brings it there (PEP 508). `requirement` is the line of a
    requirements.txt at the Git root that would install the same ("": it is there, or no requirements file is used).
    `python` says which versions of Python the
    project itself allows (PEP 440; "": it does not say). `versions` holds the specifiers of those packages of which
    something is known, and `pinned` tells whether the manifest pins every package to one version. `others` are files
    of package managers that production does not use. `lacks_django` tells that nothing declared brings Django,
    `unpackaged` that the project has no package that its package manager could install, and does not say so.
    """

    package_manager: str
    manifest: str
    declared: frozenset[str]
    files: tuple[str, ...]
    install: tuple[tuple[str, ...], ...]
    install_env: Mapping[str, str] = field(default_factory=dict)
    tool: tuple[str, ...] = ()
    lock: str | None = None
    closed: str = ""
    not_for_production: frozenset[str] = frozenset()
    requirement: str = ""
    python: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    pinned: bool = False
    others: tuple[str, ...] = ()
    lacks_django: bool = False
    unpackaged: bool = False


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Pinning:
    """How packages are added to a lock by a manager that would upgrade the others.

    `renew` sees the manifest with `pins` only: everything that is locked, at its version. `merge` makes the lock
    out of the one that was written then, and `finish` lets the manager fit it to the manifest as it is.
    """

    pins: FileEdit
    merge: Callable[[bytes], bytes]
    finish: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Locking:
    """How a lock file is checked against its manifest, and renewed with the smallest change.

    `program` is the manager's command; `check` ends with status 1 if the lock is out of date with the manifest;
    `renew` writes the lock again, upgrading nothing that is locked. `fresh` answers the question of `check` without
    starting a program where it can: None sends it on. Both commands run in `folder`, below the Git root, with
    `env` added to their environment. `pinning` is for a manager that cannot add without upgrading"""

    program: str
    install: str
    renew: tuple[str, ...]
    check: tuple[str, ...] = ()
    fresh: bool | None = None
    folder: str = "."
    env: Mapping[str, str] = field(default_factory=dict)
    pinning: Pinning | None = None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Ignored:
    """What Git ignores in the folder, for a platform that builds the folder and not the commit.

    `rules` are the text of each `.gitignore` with its folder ("": the Git root), the deepest last. `files` are all
    ignored files; in `entries`, a folder that is ignored as a whole stands for them, with a slash at its end.
    """

    rules: tuple[tuple[str, str], ...] = ()
    tracked: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Tried:
    """What a trial of the site has shown. `tried` are the parts that passed, `untried` says what could not be tried.

    `missing_static` are references to static files that do not exist, each with its place; `static_names` are the names
    with which the files can be collected and served. `variables` are those that the settings asked for, with
    the place; `unmigrated` are apps of the project whose models no migration in Git makes. `compiled` are
    packages (NAME==VERSION) that have wheels, but none for production's Python.
    """

    tried: tuple[str, ...] = ()
    untried: tuple[str, ...] = ()
    missing_static: tuple[str, ...] = ()
    static_names: StaticNames = "plain"
    compiled: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    unmigrated: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Project:
    """The user's code, as found on disk. `root` is the Git root and the origin of every path.

    `manage_dir` is "." or the folder of manage.py below the root; `files` holds the bytes of those files
    that someone may want to edit, None where there is no such file. `links` has, for each of them that is reached
    through a link, the path of the real file. `claim` is the app that is this project's already (None: no app is).
    """

    root: Path
    manage_dir: str
    git: Git
    settings: Settings
    dependencies: Dependencies
    files: Mapping[str, bytes | None]
    links: Mapping[str, str] = field(default_factory=dict)
    claim: Claim | None = None
    ignored: Ignored = field(default_factory=Ignored)
    variables: tuple[Variable, ...] = ()
    tried: Tried = field(default_factory=Tried)

    def real(self, path: str) -> str:
        """The path of the file that `path` names, with links followed: what is written and committed."""
        return self.links.get(path, path)

    @property
    def name(self) -> str:
        """The name people use for the project: that of its Git root folder."""
        return self.root.name

    @property
    def nested(self) -> bool:
        """Whether manage.py is below the Git root."""
        return self.manage_dir != "."

    @property
    def manage_py(self) -> str:
        """manage.py as seen from the Git root."""
        return f"{self.manage_dir}/manage.py" if self.nested else "manage.py"

    @property
    def code_dir(self) -> str:
        """The folder that has to be on `sys.path`: that of manage.py, or "src" for src/blog/settings.py."""
        inner = self.settings.module.replace(".", "/")
        outer = self.settings.path.removesuffix(".py").removesuffix("/__init__")
        if not f"/{outer}".endswith(f"/{inner}"):
            return self.manage_dir
        return outer.removesuffix(inner).rstrip("/") or "."


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class FileEdit:
    """The content that a file should have. `edit` is text → text (None: there is no file yet) and idempotent.

    A `whole` file is ours from its first line to its last, and `#` starts a comment in it: `edit` is asked for a
    new one only, and a file that someone else wrote or changed is kept as it is.
    """

    path: str
    edit: Callable[[str | None], str]
    why: str
    whole: bool = False


class Rewrite(Protocol):
    """A file, what it holds, and what it shall hold; None: there is no such file, or shall be none."""

    @property
    def path(self) -> str: ...  # noqa: D102
    @property
    def before(self) -> bytes | None: ...  # noqa: D102
    @property
    def after(self) -> bytes | None: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class FileChange:
    """One file before and after, as bytes, with the reason."""

    path: str
    before: bytes | None
    after: bytes
    why: str

    @property
    def kind(self) -> Literal["create", "modify"]:
        """Whether the file is new."""
        return "create" if self.before is None else "modify"


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Money per month, in US cents, and how it is said ("at most $5 a month").

    `cents` is None where only the platform knows, and says it before it creates what costs.
    """

    cents: int | None
    text: str


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
class Created:
    """One thing that a step made: what it is ("app", "database", "Git remote"), and its name."""

    kind: Plain
    name: Plain


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Step:
    """One command that the plan runs, or would have run if its result were not there already.

    `creates` tells people what is there afterwards and was not before; `makes` is the same for the receipt.
    `timeout` is in seconds. `on_failure` names where the reason can be read or what to do, `explain` is a
    command that prints why the step failed. `stdin` are lines that
    the command reads: secrets go this way where a platform has it. The output of a `private` step is a secret and
    goes nowhere. An `interactive` one talks with the user, who answers it on the terminal. `identity` asks, after
    the step, for the platform's own id of the app that it made.
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


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Plan:
    """Everything the run will do. Preview, dry run, apply, deploy and summary are readings of this value.

    `placeholders` are the names that texts for people are filled with: {app}, {git_remote}, {manage_py}.
    `automated` tells whether the steps are run or left to the user, `account` who is logged in to the platform
    (None: no one was asked), `app_id` the platform's own id of the app if it exists, `not_done` what one might
    expect of the run and what it leaves alone. `kept` are files of the user's own, each with what ours would hold.
    """

    platform: str
    platform_name: str
    placeholders: Mapping[str, str]
    changes: tuple[FileChange, ...]
    steps: tuple[Step, ...]
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

    @property
    def app(self) -> str:
        """The app's name on the platform."""
        return self.placeholders["app"]

    @property
    def pending(self) -> tuple[Step, ...]:
        """The steps whose result is not there yet."""
        return tuple(step for step in self.steps if step.already_done is None)

    @property
    def monthly_cents(self) -> int:
        """What everything in the plan with a known price costs per month, in US cents, what exists already included."""
        return sum(step.cost.cents or 0 for step in self.steps if step.cost)

    @property
    def priced(self) -> bool:
        """Whether all prices are known beforehand. Where no step names one, none is known."""
        costs = [step.cost for step in self.steps if step.cost]
        return bool(costs) and all(cost.cents is not None for cost in costs)


Role = Literal["prose", "heading", "faint", "code", "command", "old", "new", "place", "file"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One logical line for people. `role` says what it is, and so how it looks.

    Prose may be folded at blanks on a narrow terminal, and goes on `hang` columns from the left; code (commands,
    lines of a diff) is never folded, so that it can be copied.
    """

    text: str = ""
    role: Role = "prose"
    hang: int = 0

    @property
    def folds(self) -> bool:
        """Whether it is prose."""
        return self.role in ("prose", "heading", "faint")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Outcome:
    """How a run ended. `done` holds the ids of the steps that ran, `page` where its summary page is."""

    status: Literal["configured", "deployed", "previewed"]
    plan: Plan
    done: tuple[str, ...] = ()
    url: str | None = None
    log: str | None = None
    page: str | None = None


Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Ending:
    """How a run that does not deploy ended: what people are told, and the same for programs."""

    text: str
    json: Json
