"""One run of the emulated CLI: the caller, and the selected app."""

from __future__ import annotations

import os

from simple_deploy_matrix.emulators._kit.session import Session

from .state import App, State
from .urfave import CliError


class ScalingoSession(Session[State]):
    """The argument of a command's function."""

    def expect_login(self) -> None:
        """Without a login the CLI asks for one, which fails if it cannot prompt [INFERRED]."""
        account = self.state.read()["account"]
        if not account["logged_in"] and os.environ.get("SCALINGO_API_TOKEN") != account["token"]:
            raise CliError("You need to be authenticated to use Scalingo client.\nRun: scalingo login")

    def app(self) -> App:
        """The app of `--app`; raises CliError if the account has none with that name."""
        self.expect_login()
        name = self.value("app")
        if not name:
            raise CliError("Unable to find the application name, please use --app flag.")
        app = self.state.read()["apps"].get(name)
        if app is None:
            raise CliError("An error occurred:\napplication not found")  # [OWN WORDING]
        return app
