"""The complete state of the emulated Heroku: plain dictionaries, as in the state file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypedDict

from .._kit.store import Store, Stored, new_account

ReleaseStatus = Literal["succeeded", "failed", "pending"]


class Release(TypedDict):
    """One version of an app: a slug and the environment that its dynos get."""

    id: str
    version: int
    description: str
    status: ReleaseStatus
    created_at: str
    updated_at: str
    slug: str | None
    env: dict[str, str]
    output: str | None  # the file with the output of the release command; None if there was no command
    addon_plans: list[str]


class Addon(TypedDict):
    """A database. `database` is its name on the sandbox's server, `config_var` the variable with its URL."""

    id: str
    name: str
    plan: str
    config_var: str
    database: str
    created_at: str


class Dyno(TypedDict):
    """A web process as Heroku last saw it."""

    id: str
    name: str
    command: str
    state: Literal["up", "crashed"]
    version: int
    updated_at: str


class App(TypedDict):
    """An app. `collaborators` are the email addresses of those who may use it besides its `owner`.

    `buildpacks` are those that were set, in order (empty: one is detected).
    """

    id: str
    name: str
    owner: str
    collaborators: list[str]
    region: str
    host: str
    created_at: str
    config: dict[str, str]
    features: list[str]
    addons: list[Addon]
    releases: list[Release]
    slug: str | None
    buildpacks: list[str]
    dynos: list[Dyno]


class Platform(Stored):
    """Everything. `withdrawn` are labs features that Heroku no longer offers.

    The limits are those for a web process to bind (`boot`, R10) and to `stop` (R12), and for a `release` command.
    """

    apps: dict[str, App]
    withdrawn: list[str]


class State(Store[Platform]):
    """The state below the root folder of a sandbox."""

    name = "heroku"

    def create(self, email: str = "dev@example.com") -> None:
        """An empty Heroku with this developer logged in."""
        limits = {"boot": 60.0, "stop": 30.0, "release": 3600.0}
        self.begin({"account": new_account(email), "apps": {}, "faults": [], "limits": limits, "withdrawn": []})

    def repository(self, app: str) -> Path:
        """The Git repository of an app."""
        return self.folder / "git" / f"{app}.git"


def current_release(app: App) -> Release | None:
    """The release whose dynos serve: the last one that succeeded."""
    succeeded = [release for release in app["releases"] if release["status"] == "succeeded"]
    return succeeded[-1] if succeeded else None
