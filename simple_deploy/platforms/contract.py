"""What a platform is: data, and a few small functions. A platform imports this and nothing else of ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from .. import python_version
from ..build_only import BUILD_ONLY_KEY, build_only
from ..errors import cli_failed
from ..facts import Fact, facts, newer_python, oldest_year
from ..model import (
    Argument,
    Claim,
    Cost,
    Created,
    Deferred,
    FileChange,
    FileEdit,
    Ignored,
    Options,
    Poll,
    Problem,
    Project,
    Query,
    Ran,
    Secret,
    Settings,
    Step,
    Watch,
)
from ..native import Native, native
from ..not_covered import not_covered
from ..settings_block import Production, serves_static, static_root
from ..shape import Shape, check_types
from ..unsafe import unsafe

__all__ = [
    "BUILD_ONLY_KEY",
    "Argument",
    "Ask",
    "Choose",
    "Claim",
    "Cli",
    "Cost",
    "Created",
    "Deferred",
    "Fact",
    "FileChange",
    "FileEdit",
    "Guide",
    "HowTo",
    "Ignored",
    "Link",
    "Native",
    "Options",
    "Platform",
    "Poll",
    "Problem",
    "Production",
    "Project",
    "Query",
    "Question",
    "Ran",
    "Remote",
    "Secret",
    "Settings",
    "Shape",
    "Step",
    "Watch",
    "assignment",
    "build_only",
    "check_types",
    "cli_failed",
    "facts",
    "left_everywhere",
    "native",
    "needed_everywhere",
    "newer_python",
    "oldest_year",
    "plain",
    "python_version",
    "serves_static",
    "slug",
    "static_root",
    "unsafe",
]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Question:
    """A command that only reads. The output of a `private` one holds values of variables and is never logged."""

    argv: tuple[str, ...]
    private: bool = False


# Asks several questions side by side and gives the answers in the same order.
Ask = Callable[[Sequence[Question]], list[Ran]]
# Lets the user pick one of several names, after a question; None if no one can be asked. Raises stops.Declined.
Choose = Callable[[str, Sequence[str]], str | None]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Cli:
    """The platform's command-line program: how it is called, installed and logged in to.

    `whoami` must exit with another status than 0 when no one is logged in, and else print the account. `tokens` are
    the variables that count before any login, where they are set.
    """

    name: str
    executable: str
    version: tuple[str, ...]
    whoami: tuple[str, ...]
    install: str
    login: str
    see: str
    tokens: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Remote:
    """What exists on the platform, read before planning. The default says: nothing is known to exist.

    `variables` are the names (never the values) of the app's variables, `same` those of them that have the value that
    the options give; `facts` are the platform's own.
    `deployed` is the commit that the platform runs, `release` how its last release ended. `app` is the name of the
    project's app or of the one to be created; the survey is given it, and may replace it by how the platform writes
    it. `unsafe` names variables whose value is unsafe in production, with the reason. `id` is the platform's own id of
    the app that exists; `taken` tells that another account has the name.
    """

    account: str | None = None
    version: str | None = None
    app: str | None = None
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
    facts: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class HowTo:
    """How people do one thing: the commands in their order, and a sentence on what they are for or do besides.

    Each is one line, as sh would split it into words, or the words themselves. `{quoted_manage_py}` is for a word
    that a shell on the platform splits again.
    """

    commands: tuple[str | tuple[Argument, ...], ...]
    why: str


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Link:
    """A page that is worth reading, and one sentence on why."""

    title: str
    address: str
    why: str


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Guide:
    """What people are told after a run, in the platform's words, filled with `Plan.placeholders`.

    No field may be left empty: each is a part of the summary page. Code stands between `backticks`. `year` is
    the one in which facts and prices were looked up; `destroy` is the command after which nothing costs any more.
    """

    year: int
    redeploy: HowTo
    logs: HowTo
    console: HowTo
    superuser: HowTo
    variable: HowTo
    domain: HowTo
    backup: HowTo
    destroy: str
    destroy_why: str
    differences: tuple[str, ...]
    checklist: tuple[str, ...]
    reading: tuple[Link, ...]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Platform:
    """A hosting platform, as the core sees it.

    `reads` are the files at the Git root that the functions want to see; `requirements` what production needs
    besides the project's own (PEP 508). `placeholders` must name "app" and may name more. `steps` answers with the
    platform's own steps; its last argument tells whether a commit comes before them. `claims` reads what the
    platform's own CLI, or a deployment, left behind in the project; `app_name` names a new app for an account (None:
    no one was asked). `not_done` says what this project may still want on the platform and no step does. `watch` says
    where the site's log and state can be read; like `address` it gets the app's name. `destroy` answers with the steps
    that remove, without asking, what is left of what runs have made; none if nothing is. `removal` answers with the
    command by which people remove one thing that a run made for the app; empty if it does not know the kind.
    `environment` has the variables that the running site gets from the platform and the steps, with values of their
    form. Functions are pure, except that `survey` asks the CLI.

    A configuration-only run has no one to ask: its Remote is the default one, and the files must be complete
    without it. `databases` are the values of --database, the default first; `organizations` tells whether apps
    belong to one; `deploys_folder` whether the platform builds the folder as it is and not what is committed.
    """

    id: str
    name: str
    cli: Cli
    reads: tuple[str, ...]
    databases: tuple[str, ...]
    organizations: bool
    deploys_folder: bool
    production: Production
    requirements: Callable[[Project], tuple[str, ...]]
    claims: Callable[[Project], tuple[Claim, ...]]
    app_name: Callable[[Project, str | None], str]
    file_edits: Callable[[Project, Options, Remote], tuple[FileEdit, ...]]
    check: Callable[[Project, Options, Remote], tuple[Problem, ...]]
    notes: Callable[[Project, Options, Remote], tuple[str, ...]]
    not_done: Callable[[Project, Remote], tuple[str, ...]]
    placeholders: Callable[[Project, Options, Remote], Mapping[str, str]]
    survey: Callable[[Ask, Choose, Project, Options, Remote], Remote]
    steps: Callable[[Project, Options, Remote, bool], tuple[Step, ...]]
    address: Callable[[str], Query]
    watch: Callable[[str], Watch]
    destroy: Callable[[Remote, Sequence[Created]], tuple[Step, ...]]
    removal: Callable[[str, Created], tuple[str, ...]]
    guide: Guide
    environment: Callable[[Project, Options, Remote], Mapping[str, str]] = lambda project, options, remote: {}


# Hosts of development, in the forms that ALLOWED_HOSTS knows: they are no one's domain.
_LOCAL = r"[\d.]+|(.*\.)?localhost|.*\.(local|test|example)"
_DRIVERS = frozenset({"psycopg", "psycopg2", "psycopg2-binary", "psycopg-binary"})


def needed_everywhere(project: Project) -> tuple[str, ...]:
    """What the settings block and gunicorn use, and a PostgreSQL driver if the project brings none (PEP 508)."""
    # psycopg 3 and STORAGES are supported since Django 4.2 (its release notes).
    modern = project.settings.django_version >= (4, 2)
    wanted = ["Django~={}.{}.0".format(*project.settings.django_version)] if project.dependencies.lacks_django else []
    wanted.append("gunicorn>=22")
    if serves_static(project.settings):
        # WhiteNoise 6.5 knows STORAGES; 6.8 no longer supports older versions of Django.
        wanted.append("whitenoise>=6.5" if modern else "whitenoise>=6.5,<6.8")
    # dj-database-url 2.1 knows the scheme pgsql; 2.2 no longer supports older versions of Django.
    wanted.append("dj-database-url>=2.1" if modern else "dj-database-url>=2.1,<2.2")
    if not _DRIVERS & project.dependencies.declared:
        # Its binary needs no compiler.
        wanted.append("psycopg[binary]>=3.1.18" if modern else "psycopg2-binary>=2.9")
    return tuple(wanted)


def left_everywhere(project: Project, remote: Remote, *, own_hosts: str, answers: str) -> Iterator[str]:
    """What no run does on any platform. `own_hosts` is a pattern of the platform's own host names, and `answers`
    goes on from "it", where the site answers ("answers at Heroku's address").
    """
    settings = project.settings
    nobodys = re.compile(f"{_LOCAL}|{own_hosts}")
    domains = [host for host in settings.allowed_hosts if "." in host and not nobodys.fullmatch(host)]
    if domains:
        yield f"{', '.join(domains)} (ALLOWED_HOSTS) is not connected; the site only {answers}."
    else:
        yield f"No custom domain is connected; the site {answers}."
    if settings.database_engine.endswith(".sqlite3"):
        yield "The data in your SQLite database is not copied; the site starts with an empty database."
    if "django.contrib.admin" in settings.installed_apps and remote.deployed is None:
        yield "No admin user is created; create the first one after the deployment."
    yield from not_covered(project)


def assignment(name: str, value: str | Secret) -> Argument:
    """NAME=VALUE as one word of a command."""
    return (
        Secret(value.reveal(), prefix=f"{name}=", recipe=value.recipe)
        if isinstance(value, Secret)
        else f"{name}={value}"
    )


def plain(value: str | Secret) -> str:
    """The value itself, to compare it with another one."""
    return value.reveal() if isinstance(value, Secret) else value


def slug(name: str, seed: str, *, longest: int) -> str:
    """A name that is the same whenever it is asked for: `name` in lower-case letters, digits and dashes, then
    six characters made from `seed`, so that two projects of one name do not meet on a platform.
    """
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    words = words if words[:1].isalpha() else f"app-{words}".rstrip("-")
    return f"{words[: longest - 7].rstrip('-')}-{sha256(seed.encode()).hexdigest()[:6]}"
