"""The complete state of the emulated platform: plain dictionaries, as in the state file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Literal, TypedDict

from .._kit.shapes import Shapes
from .._kit.store import Store, Stored, new_account
from .flavour import Flavour

SHAPES = Shapes(Path(__file__).with_name("shapes.json"))
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_ULID = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Organization(TypedDict):
    """An organization that the developer belongs to."""

    id: str
    name: str
    label: str
    type: str


class Activity(TypedDict):
    """An action of the platform. `log` is the file with its output; `result` is None until it is complete."""

    id: str
    type: str
    description: str
    state: Literal["in_progress", "complete", "cancelled"]
    result: Literal["success", "failure"] | None
    created_at: str
    completed_at: str
    log: str


class Deployment(TypedDict):
    """A deployed commit, the folder of its build, and its configuration."""

    commit: str
    build: str
    tree: str
    configuration: dict[str, Any]


class Environment(TypedDict):
    """A branch and its deployment. `head` is None before the first push, `deployment` before the first build."""

    name: str
    type: str
    status: Literal["active", "inactive"]
    head: str | None
    deployment: Deployment | None


class Variable(TypedDict):
    """A variable of a project or of its environment; the site gets those whose name begins with `env:`.

    A `sensitive` value is never shown. `enabled` is always true on the level `project`. A build has only those that are
    `visible_build`.
    """

    name: str
    level: Literal["project", "environment"]
    value: str
    sensitive: bool
    enabled: bool
    visible_build: bool


class Project(TypedDict):
    """A project. `owner` is the email address of its creator, `members` are those of its other users; `databases` has
    the URL of each service's database.

    `variables` override those of its configuration, and those of the environment override those of the project. `site`
    is the name of its web process in the sandbox: the title, or the ID if another project has that title.
    """

    id: str
    title: str
    site: str
    region: str
    organization: str
    owner: str
    members: list[str]
    subscription: str
    created_at: str
    entropy: str
    environment: Environment
    activities: list[Activity]
    databases: dict[str, str]
    variables: list[Variable]


class Platform(Stored):
    """Everything. `refusal` is why no project can be created now (`refusal NAME` in `texts.txt`), or empty.

    The limits are those for a web process to listen (`boot`), to `stop`, and for a `hook`.
    """

    organizations: list[Organization]
    projects: dict[str, Project]
    refusal: str


class State(Store[Platform]):
    """The state of one flavour below the root folder of a sandbox."""

    def __init__(self, root: Path, flavour: Flavour) -> None:
        super().__init__(root, flavour.name)
        self.flavour = flavour

    def create(self, email: str = "dev@example.com") -> None:
        """A platform with this developer logged in, who has one organization."""
        self.begin(
            {
                "account": new_account(email),
                "organizations": [new_organization("dev", "Dev", self.flavour.organization_type)],
                "projects": {},
                "faults": [],
                "limits": {"boot": 20.0, "stop": 10.0, "hook": 3600.0},
                "refusal": "",
            }
        )

    def add_organization(self, name: str, label: str) -> None:
        """Add another organization of the developer."""
        with self.change() as platform:
            platform["organizations"].append(new_organization(name, label, self.flavour.organization_type))

    def project(self, project_id: str) -> Project:
        """The current project. Raises KeyError if there is none."""
        return self.read()["projects"][project_id]

    def repository(self, project_id: str) -> Path:
        """The path of the project's Git repository."""
        return self.folder / "git" / f"{project_id}.git"


def exported(project: Project, *, building: bool) -> dict[str, str]:
    """The variables in the environment of the site, or of its build [docs: Use variables]."""
    held = [one for one in project["variables"] if one["name"].startswith("env:") and one["enabled"]]
    held = [one for one in held if one["visible_build"] or not building]
    held.sort(key=lambda one: one["level"], reverse=True)
    return {one["name"].removeprefix("env:"): one["value"] for one in held}


def may_use(platform: Platform, project: Project) -> bool:
    """Whether the developer has access to the project."""
    return platform["account"]["email"] in (project["owner"], *project["members"])


def current_environment(project: Project) -> str:
    """The name of the environment on the platform: the branch with a deterministic suffix [docs]."""
    return f"{project['environment']['name']}-bvxea6i"


def host(project: Project) -> str:
    """The host name of the environment, without `www.` [docs]."""
    region = project["region"].removesuffix(".platform.sh")
    return f"{current_environment(project)}-{project['id']}.{region}.platformsh.site"


def git_url(project: Project) -> str:
    """The address of the project's repository [CLI source: LocalProject.parseGitUrl]."""
    return f"{project['id']}@git.{project['region']}:{project['id']}.git"


def new_organization(name: str, label: str, kind: str) -> Organization:
    """An organization with a new ID [CLI source: IDs are ULIDs]."""
    return {"id": _random(_ULID, 26), "name": name, "label": label, "type": kind}


def short_id() -> str:
    """An ID in the format of projects and activities: 13 lower-case letters and digits."""
    return _random(_LETTERS, 13)


def moment() -> str:
    """The time in the CLI's format."""
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())


def _random(characters: str, length: int) -> str:
    import secrets  # not at the top: slow, and few commands create anything

    return "".join(secrets.choice(characters) for _ in range(length))
