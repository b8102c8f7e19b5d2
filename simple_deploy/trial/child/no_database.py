"""A trial has no database server: a connection fails at once, and is counted."""

from __future__ import annotations

from typing import Any

attempts: list[str] = []


def refuse_connections() -> None:
    """Let connections to a server fail as they do without one. An SQLite file is part of the project."""
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.utils import OperationalError

    original = BaseDatabaseWrapper.connect

    def connect(self: Any) -> None:
        if self.vendor == "sqlite":
            original(self)
            return
        attempts.append(self.alias)
        raise OperationalError("A trial has no database server.")

    setattr(BaseDatabaseWrapper, "connect", connect)  # noqa: B010 - mypy lets no method be replaced
