"""What there is on the platform: account, organisations, projects; plain dictionaries, as the state file has them."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from matrix.emulators._kit.store import Remembered


class Account(TypedDict):
    """The developer. `token` is what the variable with the API token must hold where it is set."""

    id: str
    email: str
    token: str
    logged_in: bool


class Organization(TypedDict):
    """An organisation that the developer belongs to."""

    id: str
    name: str
    label: str
    type: str


class Activity(TypedDict):
    """Something that the platform did. `log` is the file with its output; `result` is None until it is complete."""

    id: str
    type: str
    description: str
    state: Literal["in_progress", "complete", "cancelled"]
    result: Literal["success", "failure"] | None
    created_at: str
    completed_at: str
    log: str


class Deployment(TypedDict):
    """What an environment runs: a commit, the folder of its build, and its configuration."""

    commit: str
    build: str
    tree: str
    configuration: dict[str, Any]


class Environment(TypedDict):
    """A branch with what runs of it. `head` is None before the first push, `deployment` before the first build."""

    name: str
    type: str
    status: Literal["active", "inactive"]
    head: str | None
    deployment: Deployment | None


class Variable(TypedDict):
    """A variable of a project or of its environment; only one whose name begins with `env:` is the site's.

    A `sensitive` value is shown to nobody. `enabled` is always true on the level `project`.
    """

    name: str
    level: Literal["project", "environment"]
    value: str
    sensitive: bool
    enabled: bool


class Project(TypedDict):
    """A project. `owner` is the e-mail address of who created it, and `members` are those of the others who may use
    it; `databases` has the URL of each service's.

    `variables` win over those of its configuration, and those of the environment over those of the project.
    `site` is the name of its web process in the sandbox: the title, or the id where another project has that title.
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


class Limits(TypedDict):
    """Seconds that the platform waits: for a web process to listen, to stop, for a hook."""

    boot: float
    stop: float
    hook: float


class Platform(Remembered):
    """Everything. `refusal` is why no project can be created now (a name in `console.REFUSALS`), or empty."""

    account: Account
    organizations: list[Organization]
    projects: dict[str, Project]
    limits: Limits
    refusal: str


def exported(project: Project) -> dict[str, str]:
    """The variables that the site finds in its environment [docs: Use variables]."""
    held = [one for one in project["variables"] if one["name"].startswith("env:") and one["enabled"]]
    held.sort(key=lambda one: one["level"], reverse=True)
    return {one["name"].removeprefix("env:"): one["value"] for one in held}


def may_use(platform: Platform, project: Project) -> bool:
    """Whether the developer has access to the project."""
    return platform["account"]["email"] in (project["owner"], *project["members"])


def current_environment(project: Project) -> str:
    """The name of the environment on the platform: the branch with a suffix that only depends on it [docs]."""
    return f"{project['environment']['name']}-bvxea6i"


def host(project: Project) -> str:
    """The host name of the environment, without `www.` [docs]."""
    region = project["region"].removesuffix(".platform.sh")
    return f"{current_environment(project)}-{project['id']}.{region}.platformsh.site"


def git_url(project: Project) -> str:
    """The address of the project's repository [CLI source: LocalProject.parseGitUrl]."""
    return f"{project['id']}@git.{project['region']}:{project['id']}.git"
