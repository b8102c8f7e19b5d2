"""What there is on Heroku: accounts, apps, releases, add-ons, dynos; plain dictionaries, as the state file has them."""

from __future__ import annotations

from typing import Literal, TypedDict

from matrix.emulators.store import Remembered

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
    output: str | None  # file with what the release command said; None if there was no command
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
    """An app. `folder` is inside the emulator's folder and holds its slugs, dynos and logs.

    `collaborators` are the e-mail addresses of those who may use the app besides its `owner`.
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
    dynos: list[Dyno]


class Limits(TypedDict):
    """Seconds that Heroku waits: for a web process to bind (R10), to stop (R12), for a release command."""

    boot: float
    stop: float
    release: float


class Account(TypedDict):
    """The developer. `api_key` is what HEROKU_API_KEY must hold where it is set."""

    id: str
    email: str
    api_key: str
    logged_in: bool


class Platform(Remembered):
    """Everything. `withdrawn` are labs features that Heroku does not offer any more."""

    account: Account
    apps: dict[str, App]
    limits: Limits
    withdrawn: list[str]


def web_dyno(app: App) -> Dyno | None:
    """The web dyno of an app, None if it has none."""
    return app["dynos"][0] if app["dynos"] else None


def current_release(app: App) -> Release | None:
    """The release whose dynos serve: the last one that succeeded."""
    succeeded = [release for release in app["releases"] if release["status"] == "succeeded"]
    return succeeded[-1] if succeeded else None
