"""What there is on Fly.io: organisations, apps, machines, secrets, clusters; plain dictionaries, as in the state."""

from __future__ import annotations

from typing import Literal, TypedDict

from matrix.emulators._kit.store import Remembered

ReleaseStatus = Literal["running", "complete", "failed", "interrupted"]
Builder = Literal["sandbox", "docker", "podman", "buildah"]


class Organization(TypedDict):
    """An organisation that the developer belongs to."""

    slug: str
    name: str
    type: Literal["PERSONAL", "SHARED"]


class Secret(TypedDict):
    """A secret. A staged one is not yet known to the machines."""

    value: str
    digest: str
    status: Literal["Staged", "Deployed"]


class Release(TypedDict):
    """One version of an app. `image` is the tag of its image."""

    id: str
    version: int
    status: ReleaseStatus
    image: str
    created_at: str


class Check(TypedDict):
    """A health check as a machine last answered it."""

    name: str
    status: Literal["passing", "critical"]
    output: str
    updated_at: str


class Settings(TypedDict):
    """What a machine is made of: everything of fly.toml that it needs, so that it can be started again without."""

    command: list[str] | None
    env: dict[str, str]
    internal_port: int
    force_https: bool
    kill_signal: str
    kill_timeout: float
    checks: list[dict[str, object]]
    primary_region: str
    auto_stop: bool


class Machine(TypedDict):
    """A machine of the group `app`. `version` counts its updates; `asleep` is when it was stopped for want of visitors
    (0: it was not), `woken` when somebody started it.
    """

    id: str
    name: str
    state: Literal["started", "stopped", "crashed"]  # a crashed one is shown as stopped, with the event of its end
    region: str
    image: str
    digest: str
    private_ip: str
    version: str
    settings: Settings
    checks: list[Check]
    asleep: float
    woken: float
    created_at: str
    updated_at: str


class Attachment(TypedDict):
    """A database of an unmanaged cluster that belongs to an app. `stored_as` is its name on the sandbox's server."""

    app: str
    database: str
    user: str
    stored_as: str


class App(TypedDict):
    """An app; the clusters of unmanaged Postgres are apps too, with the role `postgres`."""

    name: str
    organization: str
    role: Literal["app", "postgres"]
    region: str
    created_at: str
    addresses: list[str]
    secrets: dict[str, Secret]
    machines: list[Machine]
    releases: list[Release]
    attachments: list[Attachment]


class Cluster(TypedDict):
    """A cluster of Managed Postgres."""

    id: str
    name: str
    organization: str
    region: str
    plan: str
    version: int
    disk: int
    url: str
    attached: list[str]
    created_at: str


class Account(TypedDict):
    """The developer. `token` is what FLY_API_TOKEN or FLY_ACCESS_TOKEN must hold where one is set."""

    id: str
    email: str
    token: str
    logged_in: bool


class Limits(TypedDict):
    """Seconds that a deployment waits: for a machine to listen, for its checks, for a release command; and seconds
    without a visitor (`idle`) after which a machine is stopped.
    """

    boot: float
    health: float
    release: float
    idle: float


class Platform(Remembered):
    """Everything. Apps and clusters of organisations that are not listed belong to somebody else."""

    account: Account
    organizations: dict[str, Organization]
    apps: dict[str, App]
    clusters: dict[str, Cluster]
    limits: Limits
    builder: Builder


def is_deployed(app: App) -> bool:
    """Whether machines run for it; a cluster has its own."""
    return app["role"] == "postgres" or bool(app["machines"])
