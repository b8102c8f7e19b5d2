"""A hosting platform, as the core sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ..model import Choose, Claim, Created, FileEdit, Problem, Project, Query, Step, Watch
from ..production.not_covered import Ways
from ..production.platform_expressions import Production
from .guide import Guide
from .site import Ask, Live, Remote, Site, Start
from .words import left_everywhere, slug
from .workflow import Workflow

# The version of this contract. A platform written for another major version is refused.
VERSION = "1.0"
_WAYS = Ways()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Cli:
    """The platform's command-line program: how to call, install and log in to it.

    `whoami` must exit with a non-zero status when no one is logged in, and otherwise print the account, which `account`
    extracts from the output. `tokens` are the variables that take precedence over a login when they are set.
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
    """The first six fields are all that a platform needs. Its ID is the name of its entry point.

    `contract` is the VERSION that it was written for. `files` are its own files in the project, complete without a
    survey; `steps` bring the site online after the commit. `reads` are the files at the Git root that its functions
    read; `requirements` are additional packages for production (PEP 508). `databases` are the values of --database,
    the default first; `organizations` is whether apps belong to one; `deploys_folder` is whether the platform
    builds the folder as it is and not the commit; `variables_in_build` is whether the build has the app's
    variables; `read_only` whether the running site cannot write below the project's folder, `writable` are the
    folders (relative to the Git root) where it can; `search_paths` are the folders below the Git root where Python
    looks for modules whatever starts the site; `serves_folders` is whether its own server serves static files and
    uploads; `left_out` tells which file of the project keeps a path of the repository out of the build ("": none
    does); `starts` are the commands of a user's own files that start the site; `ways` describes how people add what
    no run does; `customers` says who can use it, unless anyone can.

    `claims` reads what the platform's own CLI, or a deployment, left in the project; `app_name` names a new app for an
    account (None: the account is unknown). `check` finds what would fail; `not_working` are parts of the site that fail
    or are missing until the user changes something, `notes` are for the user's attention, and `not_done` lists what the
    project may still need and no step does. `environment` has the variables that the running site gets from the
    platform and the steps, with values in their format; `placeholders` are names for the texts of `guide` besides {app}
    and {manage_py}. `survey` asks what exists; without one, nothing is known to exist. `address`
    asks for the site's address and `watch` says where its log can be read; both get the app's name. `live` is for
    `status`, `logs` and `open`; without it, they use `address` and the end of the log that `watch` names. `workflow`
    describes how a CI service deploys; without it, --ci is refused.

    For --destroy: `find` asks whether the app exists. `destroy` returns the steps that remove what is left of the
    things that runs created, without asking the user. `removal` returns the command with which people remove one such
    thing; empty for an unknown kind.
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
    variables_in_build: bool = True
    read_only: Callable[[Site], bool] = lambda site: False
    writable: Callable[[Site], tuple[str, ...]] = _nothing
    search_paths: tuple[str, ...] = ()
    left_out: Callable[[Site], Callable[[str], str]] = lambda site: lambda path: ""
    starts: Callable[[Site], tuple[Start, ...]] = _nothing
    ways: Ways = _WAYS
    customers: str = ""
    serves_folders: Callable[[Site], bool] = lambda site: False
    claims: Callable[[Project], tuple[Claim, ...]] = _nothing
    app_name: Callable[[Project, str | None], str] = _app_name
    check: Callable[[Site], tuple[Problem, ...]] = _nothing
    not_working: Callable[[Site], tuple[str, ...]] = _nothing
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
