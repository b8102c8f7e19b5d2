"""A database with tables and no rows, as it is after the first release, without a server: what is written is gone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from .sql import refuse_elsewhere


@dataclass(frozen=True)
class Asked:
    """The models that were queried, and those of which a row was written: production finds it again."""

    queried: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


def answer_nothing() -> Asked:
    """Let queries find no rows, as Django does where it knows that without a query, and let rows be written.

    SQL of the project's own still needs a server; SQL of another database fails without one.
    """
    from django.core.exceptions import EmptyResultSet
    from django.db import connection, connections
    from django.db.models.sql.compiler import SQLCompiler, SQLInsertCompiler
    from django.db.models.sql.constants import MULTI
    from django.db.transaction import Atomic

    asked = Asked()
    refuse = refuse_elsewhere() if connection.vendor == "postgresql" else str

    def execute_sql(self: Any, result_type: Any = MULTI, *_: Any, **more: Any) -> Any:
        asked.queried.append(self.query.model._meta.label if self.query.model else "")
        with suppress(EmptyResultSet):
            made = self.as_sql()
            for sql, *_ in made if isinstance(made, list) else [made]:
                refuse(sql)
        return iter([]) if result_type == MULTI else None

    def insert(self: Any, returning_fields: Any = None) -> list[Any]:
        asked.written.append(self.query.model._meta.label)
        # The only value that a new row always gets from the database is its number.
        row = tuple(1 if one.primary_key else None for one in returning_fields or ())
        return [row] * len(self.query.objs) if row else []

    # mypy lets no method be replaced.
    setattr(SQLCompiler, "execute_sql", execute_sql)  # noqa: B010
    setattr(SQLInsertCompiler, "execute_sql", insert)  # noqa: B010
    for name in ("__enter__", "__exit__"):
        setattr(Atomic, name, lambda *_: None)
    for one in connections.all():
        one.settings_dict["ATOMIC_REQUESTS"] = False
    _add_site()
    return asked


def _add_site() -> None:
    """Let the current site be the one that Django makes after the first `migrate`."""
    from django.apps import apps
    from django.conf import settings

    if apps.is_installed("django.contrib.sites") and (known := getattr(settings, "SITE_ID", None)):
        from django.contrib.sites.models import SITE_CACHE, Site

        SITE_CACHE[known] = Site(pk=known, domain="example.com", name="example.com")
