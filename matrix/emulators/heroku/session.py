"""One run of the command: its command line, Heroku's state, and who asks."""

from __future__ import annotations

import os

from matrix.emulators.heroku.arguments import Call
from matrix.emulators.heroku.console import CliError, api_error
from matrix.emulators.heroku.git_remotes import selected_app
from matrix.emulators.heroku.model import App, Platform
from matrix.emulators.heroku.state import State


class Session:
    """What a command gets."""

    def __init__(self, state: State, call: Call) -> None:
        self.state = state
        self.call = call
        self.options = call.options
        self.words = call.words

    def has(self, option: str) -> bool:
        """Whether an option was given."""
        return option in self.options

    def app_name(self) -> str:
        """The app that is meant. Raises CliError if that is not clear."""
        name = selected_app(self.options, required=True)
        assert name
        return name

    def optional_app_name(self) -> str | None:
        """The app that is meant, None if that is not clear."""
        return selected_app(self.options, required=False)

    def platform(self) -> Platform:
        """Heroku's state. Raises CliError if the developer is not logged in."""
        platform = self.state.read()
        key = os.environ.get("HEROKU_API_KEY")
        if key and key != platform["account"]["api_key"]:
            raise _invalid_key()
        if not key and not platform["account"]["logged_in"]:
            raise _logged_out()
        return platform

    def app(self, name: str | None = None) -> App:
        """An app of the developer. Raises CliError if there is none or it is another account's."""
        name = name or self.app_name()
        platform = self.platform()
        # [Platform API reference: App] {app_id_or_name}
        app = platform["apps"].get(name) or next((one for one in platform["apps"].values() if one["id"] == name), None)
        if app is None:
            raise api_error("Couldn't find that app.", "not_found")
        # [Dev Center: Collaborating with others] A collaborator may do everything but delete or transfer the app.
        if platform["account"]["email"] not in (app["owner"], *app["collaborators"]):
            raise api_error(f"You do not have access to the app {name}.", "forbidden")
        return app


def _invalid_key() -> CliError:
    return CliError(
        "The token provided to HEROKU_API_KEY is invalid. Please double-check that you have the correct "
        "token, or run `heroku login` without HEROKU_API_KEY set.",
        status=1,
        bang=False,
    )


def _logged_out() -> CliError:
    """The CLI wants to open a browser, for which it needs a terminal [recorded session]."""
    return CliError(
        "process.stdin.setRawMode is not a function",
        status=1,
        bang=False,
        name="TypeError",
        before="heroku: Press any key to open up the browser to login or q to exit\n",
    )
