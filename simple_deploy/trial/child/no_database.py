"""A trial has no database server: a connection fails at once, and is counted."""

from __future__ import annotations

from typing import Any

from .no_network import attempts


def refuse_connections() -> None:
    """Let connections to a server fail as they do without one. An SQLite file is part of the project."""
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.utils import OperationalError, ProgrammingError

    # A server without tables raises the one, and no server the other: code that expects either goes on.
    class NoServer(OperationalError, ProgrammingError):
        pass

    original = BaseDatabaseWrapper.connect

    def connect(self: Any) -> None:
        if self.vendor == "sqlite":
            original(self)
            return
        attempts.append(self.alias)
        raise NoServer("A trial has no database server.")

    setattr(BaseDatabaseWrapper, "connect", connect)  # noqa: B010 - mypy lets no method be replaced
