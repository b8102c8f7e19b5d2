"""One run of the CLI: the caller, and the selected app."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from .._kit.cobra import CliError, say_table
from .._kit.console import note, say_json
from .._kit.session import Session
from .state import App, Cluster, Organization, Platform, State, ulid

_NO_APP = (
    "the config for your app is missing an app name, add an app field to the fly.toml file or specify with the -a flag"
)


def api_error(message: str) -> CliError:
    """An error of Fly.io's API, with the identifier of the request."""
    return CliError(f"{message} (Request ID: {ulid()}-iad)")


class FlySession(Session[State]):
    """The argument of a CLI command. It never prompts: every question ends as without a terminal."""

    def platform(self) -> Platform:
        """Fly.io's state. Raises CliError if the developer is not logged in."""
        platform = self.state.read()
        account = platform["account"]
        token = self.value("access-token") or os.environ.get("FLY_ACCESS_TOKEN") or os.environ.get("FLY_API_TOKEN")
        if not token and not account["logged_in"]:
            raise CliError("no access token available. Please login with 'flyctl auth login'")
        if token and token != account["token"]:
            raise CliError("failed retrieving current user: You must be authenticated to view this.")  # OWN WORDING
        return platform

    def show(self, value: object, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """JSON with --json, else a table."""
        if self.has("json"):
            say_json(value, 4)
        else:
            say_table(titles, rows)

    def required(self, text: str) -> CliError:
        """The error for something that flyctl would ask for at a terminal."""
        return CliError(f"{text} must be specified when not running interactively")

    def confirmed(self) -> None:
        """Raise CliError without --yes."""
        if not self.has("yes"):
            raise self.required("yes flag")

    def app_name(self) -> str:
        """The selected app: the flag, FLY_APP, fly.toml, in this order. Raises CliError if none names one."""
        if name := self.value("app") or os.environ.get("FLY_APP"):
            return name
        from . import app_config

        path = Path(self.value("config") or "fly.toml")
        name = app_config.read(path).app if path.is_file() else ""
        if not name:
            raise CliError(_NO_APP)
        return name

    def app(self, name: str | None = None) -> App:
        """An app of the developer's organizations. Raises CliError if none has that name."""
        name = name or self.app_name()
        platform = self.platform()
        app = platform["apps"].get(name)
        if app is None or app["organization"] not in platform["organizations"]:
            raise api_error(f'Could not find App "{name}"')
        return app

    def cluster(self) -> Cluster:
        """The managed cluster that the first argument names. Raises CliError if there is none."""
        if not self.words:
            raise CliError("prompt: non interactive")
        platform = self.platform()
        cluster = platform["clusters"].get(self.words[0])
        if cluster is None or cluster["organization"] not in platform["organizations"]:
            raise CliError(f"could not find managed postgres cluster {self.words[0]}")  # OWN WORDING
        return cluster

    def name(self) -> str:
        """The name given with --name. Raises CliError without it."""
        if not self.value("name"):
            raise self.required("name argument or flag")
        return self.value("name")

    def organization(self) -> Organization:
        """The selected organization; a personal one that is the only one needs no flag."""
        known = self.platform()["organizations"]
        wanted = self.value("org") or os.environ.get("FLY_ORG")
        if wanted:
            if wanted not in known:
                raise CliError(f"organization {wanted} not found")  # OWN WORDING
            return known[wanted]
        only = next(iter(known.values()))
        if len(known) == 1 and only["type"] == "PERSONAL":
            note(f"automatically selected personal organization: {only['name']}")
            return only
        raise self.required("org slug")

    def region(self) -> str:
        """The selected region. Raises CliError if there is none, or Fly.io does not have it."""
        from .api import regions

        wanted = self.value("region") or os.environ.get("FLY_REGION")
        if not wanted:
            raise self.required("region code")
        if wanted not in regions():
            raise CliError(f"region {wanted} not found")  # OWN WORDING
        return wanted
