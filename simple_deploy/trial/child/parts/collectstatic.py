"""The command that the build runs, which an app of the project may replace with its own."""

from __future__ import annotations

from typing import Any


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Import the command. It is not run: the project's own may send files to a service."""
    from django.core.management import get_commands, load_command_class

    app = get_commands().get("collectstatic")
    if isinstance(app, str):
        load_command_class(app, "collectstatic")
