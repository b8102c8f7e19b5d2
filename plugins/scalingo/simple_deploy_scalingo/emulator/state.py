"""The complete state of the emulated Scalingo: plain dictionaries, as in the state file."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

from simple_deploy_matrix.emulators._kit.store import Store, Stored, new_account

REGION = "osc-fr1"
GIT_HOST = f"ssh.{REGION}.scalingo.com"


class Addon(TypedDict):
    """A database: its ID, its plan, and its name on the sandbox's server."""

    id: str
    plan: str
    database: str


class Deployment(TypedDict):
    """A push that was built: its status is one of queued, building, starting, success, *-error [docs]."""

    id: str
    created_at: str
    git_ref: str
    status: str


class Image(TypedDict):
    """The result of a build: the app's files, and the Python and the packages next to them."""

    folder: str
    environment: str
    interpreter: str
    processes: dict[str, str]
    commit: str


class App(TypedDict):
    """An app. `image` is what its containers run, None before the first deployment."""

    id: str
    name: str
    config: dict[str, str]
    addons: list[Addon]
    deployments: list[Deployment]
    image: Image | None


class Platform(Stored):
    """Everything on the account."""

    apps: dict[str, App]


class State(Store[Platform]):
    """The state below the root folder of a sandbox."""

    name = "scalingo"

    def create(self) -> None:
        """A Scalingo without any app and with a logged-in developer."""
        limits = {"boot": 60.0, "stop": 30.0, "build": 900.0, "postdeploy": 1200.0}
        self.begin({"account": new_account("dev@example.com"), "limits": limits, "faults": [], "apps": {}})

    def repository(self, app: str) -> Path:
        """The Git repository of an app."""
        return self.folder / "git" / f"{app}.git"


def git_url(app: str) -> str:
    """[docs: Django] The address of an app's repository."""
    return f"git@{GIT_HOST}:{app}.git"


def host(app: str) -> str:
    """[docs: Django] The app's own host name."""
    return f"{app}.{REGION}.scalingo.io"
