"""One run of the command: its command line, Fly.io's state, and who asks."""

from __future__ import annotations

import os
from pathlib import Path

from matrix.emulators.fly_io.arguments import Call
from matrix.emulators.fly_io.console import CliError, api_error, not_interactive, note
from matrix.emulators.fly_io.model import App, Cluster, Organization, Platform
from matrix.emulators.fly_io.state import State

_NO_APP = (
    "the config for your app is missing an app name, add an app field to the fly.toml file or specify with the -a flag"
)


class Session:
    """What a command gets."""

    def __init__(self, state: State, call: Call) -> None:
        self.state = state
        self.call = call
        self.options = call.options
        self.words = call.words

    def has(self, option: str) -> bool:
        """Whether a switch was given, and not as false."""
        return self.options.get(option, "false") == "true"

    def platform(self) -> Platform:
        """Fly.io's state. Raises CliError if the developer is not logged in."""
        platform = self.state.read()
        account = platform["account"]
        token = (
            self.options.get("access-token") or os.environ.get("FLY_ACCESS_TOKEN") or os.environ.get("FLY_API_TOKEN")
        )
        if not token and not account["logged_in"]:
            raise CliError("no access token available. Please login with 'flyctl auth login'")
        if token and token != account["token"]:
            raise CliError("failed retrieving current user: You must be authenticated to view this.")  # OWN WORDING
        return platform

    def app_name(self) -> str:
        """The app that is meant: the flag, FLY_APP, fly.toml, in this order. Raises CliError if none says it."""
        if name := self.options.get("app") or os.environ.get("FLY_APP"):
            return name
        from matrix.emulators.fly_io import app_config

        path = Path(self.options.get("config") or "fly.toml")
        name = app_config.read(path).app if path.is_file() else ""
        if not name:
            raise CliError(_NO_APP)
        return name

    def app(self, name: str | None = None) -> App:
        """An app of the developer's organisations. Raises CliError if there is none of that name."""
        name = name or self.app_name()
        platform = self.platform()
        app = platform["apps"].get(name)
        if app is None or app["organization"] not in platform["organizations"]:
            raise api_error(f'Could not find App "{name}"')
        return app

    def cluster(self, cluster_id: str) -> Cluster:
        """A managed cluster of the developer's organisations. Raises CliError if there is none."""
        platform = self.platform()
        cluster = platform["clusters"].get(cluster_id)
        if cluster is None or cluster["organization"] not in platform["organizations"]:
            raise CliError(f"could not find managed postgres cluster {cluster_id}")  # OWN WORDING
        return cluster

    def organization(self) -> Organization:
        """The organisation that is meant; a personal one that is the only one needs no flag."""
        known = self.platform()["organizations"]
        wanted = self.options.get("org") or os.environ.get("FLY_ORG")
        if wanted:
            if wanted not in known:
                raise CliError(f"organization {wanted} not found")  # OWN WORDING
            return known[wanted]
        only = next(iter(known.values()))
        if len(known) == 1 and only["type"] == "PERSONAL":
            note(f"automatically selected personal organization: {only['name']}")
            return only
        raise not_interactive("org slug must be specified when not running interactively")

    def region(self) -> str:
        """The region that is meant. Raises CliError if none is, or Fly.io has no such one."""
        from matrix.emulators.fly_io.regions import REGIONS

        wanted = self.options.get("region") or os.environ.get("FLY_REGION")
        if not wanted:
            raise not_interactive("region code must be specified when not running interactively")
        if wanted not in REGIONS:
            raise CliError(f"region {wanted} not found")  # OWN WORDING
        return wanted
