"""A database with tables and no rows, as it is after the first release, without a server."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from .sql import refuse_elsewhere


def answer_nothing() -> list[str]:
    """Let queries find no rows, as Django does where it knows that without a query; each adds its model to the list.

    What writes, and SQL of the project's own, still needs a server; SQL of another database fails without one.
    """
    from django.core.exceptions import EmptyResultSet
    from django.db import connection, connections
    from django.db.models.sql.compiler import SQLCompiler
    from django.db.models.sql.constants import MULTI

    asked: list[str] = []
    refuse = refuse_elsewhere() if connection.vendor == "postgresql" else str

    def execute_sql(self: Any, result_type: Any = MULTI, *_: Any, **more: Any) -> Any:
        asked.append(self.query.model._meta.label if self.query.model else "")
        with suppress(EmptyResultSet):
            made = self.as_sql()
            for sql, *_ in made if isinstance(made, list) else [made]:
                refuse(sql)
        return iter([]) if result_type == MULTI else None

    setattr(SQLCompiler, "execute_sql", execute_sql)  # noqa: B010 - mypy lets no method be replaced
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
