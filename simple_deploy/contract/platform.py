"""A hosting platform, as the core sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ..model import Claim, Created, FileEdit, Problem, Project, Query, Step, Watch
from ..settings_block import Production
from .guide import Guide
from .site import Ask, Choose, Live, Remote, Site
from .words import left_everywhere, slug
from .workflow import Workflow

# The version of this contract. A platform that was written for another major version is refused.
VERSION = "1.0"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Cli:
    """The platform's command-line program: how it is called, installed and logged in to.

    `whoami` must exit with another status than 0 when no one is logged in, and else print the account, which
    `account` reads from what it printed. `tokens` are the variables that count before any login, where they are set.
    """

    executable: str
    whoami: tuple[str, ...]
    login: str
    install: str
    see: str
    version: tuple[str, ...] = ()
    account: Callable[[str], str] = str.strip
    tokens: tuple[str, ...] = ()


def _nothing(*asked: object) -> tuple[()]:
    return ()


def _app_name(project: Project, account: str | None) -> str:
    return slug(project.name, f"{project.git.first_commit} {account or ''}", longest=30)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Platform:
    """The first six fields are all that a platform needs. Its id is the name of its entry point.

    `contract` is the VERSION that it was written for. `files` are its own files in the project, complete without a
    survey; `steps` what brings the site online after the commit. `reads` are the files at the Git root that the
    functions want to see; `requirements` what production needs besides (PEP 508). `databases` are the values of
    --database, the default first; `organizations` tells whether apps belong to one; `deploys_folder` whether the
    platform builds the folder as it is and not what is committed; `customers` names whom it takes, if not everybody.

    `claims` reads what the platform's own CLI, or a deployment, left behind in the project; `app_name` names a new app
    for an account (None: no one was asked). `check` finds what would fail; `notes` says what the user should know, and
    `not_done` what the project may still want and no step does. `environment` has the variables that the running site
    gets from the platform and the steps, with values of their form; `placeholders` are names for the texts of `guide`
    besides {app} and {manage_py}. `survey` asks what exists; without one, nothing is known to exist.
    `address` asks for the site's address and `watch` says where its log can be read; both get the app's name.
    `live` is for `status`, `logs` and `open`; without it, they use `address` and the end of the log that `watch` names.
    `workflow` says how a CI service deploys; without it, --ci is refused.

    For --destroy: `find` asks whether the app exists, and `destroy` answers with the steps that remove, without asking
    the user, what is left of what runs have made. `removal` answers with the command by which people remove one thing
    that a run made for the app; empty if it does not know the kind.
    """

    contract: str
    name: str
    cli: Cli
    production: Production
    files: Callable[[Site], tuple[FileEdit, ...]]
    steps: Callable[[Site], tuple[Step, ...]]
    id: str = ""
    reads: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    databases: tuple[str, ...] = ()
    organizations: bool = False
    deploys_folder: bool = False
    customers: str = ""
    claims: Callable[[Project], tuple[Claim, ...]] = _nothing
    app_name: Callable[[Project, str | None], str] = _app_name
    check: Callable[[Site], tuple[Problem, ...]] = _nothing
    notes: Callable[[Site], tuple[str, ...]] = _nothing
    not_done: Callable[[Site], tuple[str, ...]] = lambda site: tuple(left_everywhere(site))
    environment: Callable[[Site], Mapping[str, str]] = lambda site: {}
    placeholders: Callable[[Site], Mapping[str, str]] = lambda site: {}
    survey: Callable[[Ask, Choose, Site], Remote] | None = None
    address: Callable[[str], Query] | None = None
    watch: Callable[[str], Watch] | None = None
    live: Callable[[Site], Live] | None = None
    workflow: Callable[[Site], Workflow] | None = None
    find: Callable[[Ask, Site], Remote] | None = None
    destroy: Callable[[Ask, Site, Sequence[Created]], tuple[Step, ...]] = _nothing
    removal: Callable[[str, Created], tuple[str, ...]] = _nothing
    guide: Guide = field(default_factory=Guide)
