"""One run of the CLI: the caller, and the selected app."""

from __future__ import annotations

import os

from .._kit.oclif import CliError
from .._kit.session import Session
from .git_remotes import selected_app
from .state import App, Platform, State


class HerokuSession(Session[State]):
    """The argument of a CLI command."""

    def app_name(self) -> str:
        """The selected app. Raises CliError if that is ambiguous."""
        return selected_app(self.call, required=True) or ""

    def optional_app_name(self) -> str | None:
        """The selected app, None if that is ambiguous."""
        return selected_app(self.call, required=False)

    def platform(self) -> Platform:
        """Heroku's state. Raises CliError if the developer is not logged in."""
        platform = self.state.read()
        key = os.environ.get("HEROKU_API_KEY")
        if key and key != platform["account"]["token"]:
            raise _invalid_key()
        if not key and not platform["account"]["logged_in"]:
            raise _logged_out()
        return platform

    def app(self, name: str | None = None) -> App:
        """An app of the developer. Raises CliError if there is none or it is another account's."""
        from .lifecycle import find_app

        name = name or self.app_name()
        return find_app(self.platform(), name)


def _invalid_key() -> CliError:
    return CliError(
        "The token provided to HEROKU_API_KEY is invalid. Please double-check that you have the correct "
        "token, or run `heroku login` without HEROKU_API_KEY set.",
        status=1,
        bang=False,
    )


def _logged_out() -> CliError:
    """The CLI needs a terminal to open a browser [recorded session]."""
    return CliError(
        "process.stdin.setRawMode is not a function",
        status=1,
        bang=False,
        name="TypeError",
        before="heroku: Press any key to open up the browser to login or q to exit\n",
    )
