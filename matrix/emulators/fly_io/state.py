"""The complete state of the emulated Fly.io: plain dictionaries, as in the state file."""

from __future__ import annotations

import os
from typing import Literal, TypedDict, cast

from .._kit.store import Store, Stored, new_account

ReleaseStatus = Literal["running", "complete", "failed", "interrupted"]
Builder = Literal["sandbox", "docker", "podman", "buildah"]
# Which of docker, podman and buildah builds the images in the sandboxes of a run, instead of the emulation.
BUILDER_VARIABLE = "SIMPLE_DEPLOY_MATRIX_BUILDER"
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


class Organization(TypedDict):
    """An organization that the developer belongs to."""

    slug: str
    name: str
    type: Literal["PERSONAL", "SHARED"]


class Secret(TypedDict):
    """A secret. A staged one has not reached the machines yet."""

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
    """The settings from fly.toml that a machine needs, so that it can be restarted without the file."""

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
    """A machine of the group `app`. `version` counts its updates; `asleep` is when it was stopped for lack of visitors
    (0: it was not), `woken` when it was last started manually.
    """

    id: str
    name: str
    state: Literal["started", "stopped", "crashed"]  # a crashed one is shown as stopped, with its exit event
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


class Platform(Stored):
    """Everything. Apps and clusters of organizations that are not listed belong to other people.

    The limits are those of a deployment: for a machine to listen (`boot`), for its checks (`health`), for a `release`
    command; and `idle`, the time without a visitor after which a machine is stopped.
    """

    organizations: dict[str, Organization]
    apps: dict[str, App]
    clusters: dict[str, Cluster]
    builder: Builder


class State(Store[Platform]):
    """The state below the root folder of a sandbox."""

    name = "fly_io"

    def create(self, email: str = "dev@example.com") -> None:
        """An empty Fly.io with this developer logged in, who has a personal organization.

        BUILDER_VARIABLE names the builder of images: "sandbox" is this emulation itself.
        """
        self.begin(
            {
                "account": new_account(email, f"fm2_{os.urandom(24).hex()}"),
                "organizations": {"personal": {"slug": "personal", "name": "Dev", "type": "PERSONAL"}},
                "apps": {},
                "clusters": {},
                "limits": {"boot": 60.0, "health": 60.0, "release": 300.0, "idle": 300.0},
                "builder": cast(Builder, os.environ.get(BUILDER_VARIABLE, "sandbox")),
                "faults": [],
            }
        )


def is_deployed(app: App) -> bool:
    """Whether machines run for it; a cluster has its own."""
    return app["role"] == "postgres" or bool(app["machines"])


def short_id(length: int = 14) -> str:
    """An identifier in the format of machines and clusters."""
    return "".join(_CROCKFORD[byte % 32] for byte in os.urandom(length))


def ulid() -> str:
    """An identifier in the format of deployments and requests."""
    return f"01{short_id(24)}".upper()
