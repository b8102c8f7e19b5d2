"""What the harness may know about the emulated Heroku without being Heroku: environment, calls, secrets, inventory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from matrix.emulators.heroku.state import State

# [Dev Center: Dyno Metadata, and Local Environment Variables], with the config vars of a configured app.
ENVIRONMENT = {
    "DATABASE_URL": "postgres://blog:password@127.0.0.1:5432/blog",
    "DYNO": "web.1",
    "HEROKU_APP_DEFAULT_DOMAIN_NAME": "blog-0123456789ab.herokuapp.com",
    "HEROKU_APP_NAME": "blog",
    "ON_HEROKU": "1",
    "PORT": "8000",
    "SECRET_KEY": "nobody-signs-anything-with-this-key-0123456789-ABCDEFGHIJ",
}
READING = frozenset(
    {
        "--version", "addons", "addons:info", "apps:info", "auth:whoami", "config", "labs", "logs", "open",
        "ps", "releases", "releases:output", "version",
    }
)  # fmt: skip


def command(argv: Sequence[str]) -> str:
    """The command that these arguments call: the CLI's commands are one word."""
    return argv[0]


def store(root: Path) -> State:
    """What the emulated Heroku remembers."""
    return State(root)


def obstacle(python: str = "") -> str:
    """Every machine can be this platform."""
    return ""


def builder(root: Path) -> str:
    """Builds are the emulated buildpack's own."""
    return ""


def secrets(root: Path) -> Sequence[str]:
    """The key that signs sessions, and the address and password of the database, of every app."""
    configs = [app["config"] for app in State(root).read()["apps"].values()]
    values = [config[name] for config in configs for name in ("SECRET_KEY", "DATABASE_URL") if name in config]
    return [*values, *(password for value in values if (password := urlsplit(value).password))]


def inventory(root: Path) -> Mapping[str, Any]:
    """Every app with its config, add-ons, releases and dynos: a restart shows too."""
    return State(root).read()["apps"]
