"""`status`, `logs` and `open`: what was deployed, as its platform reports it. Changes nothing locally or remotely."""

from __future__ import annotations

from ..effects.commands import handed_over
from ..effects.log import Log
from ..effects.terminal import Terminal
from ..messages import errors
from ..messages.stops import Refused
from ..model import Ending, Options, Purpose
from ..text.shell import shown
from .app import App, find
from .status import status


def deployed(options: Options, terminal: Terminal, log: Log) -> Ending:
    """Show, follow or open the project's app. Raises Refused if there is none."""
    app = find(options, log)
    if options.purpose is Purpose.STATUS:
        return status(app)
    return _logs(app, terminal) if options.purpose is Purpose.LOGS else _open(app)


def _logs(app: App, terminal: Terminal) -> Ending:
    argv = app.log_command
    if not argv:
        raise Refused([errors.not_shown(name=app.platform.name, what="log")])
    terminal.say(f"$ {shown(argv)}")
    ended = handed_over(argv, cwd=app.root)
    return Ending(text="", json={**app.json, "argv": list(argv), "exit_status": ended}, exit_status=ended)


def _open(app: App) -> Ending:
    url = app.address()
    if app.site.options.open_browser:
        import webbrowser

        webbrowser.open(url)
    return Ending(text=url, json={**app.json, "url": url})
