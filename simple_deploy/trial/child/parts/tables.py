"""What `migrate` sends to the database that is not Django's: types and SQL of the project's own."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

# Types of MySQL, Oracle, SQL Server and SQLite that PostgreSQL does not have.
_ELSEWHERE = re.compile(
    r"(tiny|medium|long)(text|blob|int)\b|double(?! precision)\b|\w+ unsigned\b|"
    r"(blob|datetime2?|smalldatetime|year|enum|set|(var)?binary|n?varchar2|nvarchar|n?clob|number|uniqueidentifier)\b",
    re.IGNORECASE,
)


def unknown_types(models: Iterable[Any], tree: Path) -> Iterator[str]:
    """Fields of the project's own models whose column PostgreSQL cannot have, each with its type."""
    from django.db import DatabaseError, connection

    for model in models if connection.vendor == "postgresql" else ():
        for field in model._meta.local_concrete_fields:
            try:
                kind = field.db_type(connection) or ""
            except DatabaseError:
                continue
            if _ELSEWHERE.match(kind):
                path = Path(str(sys.modules[model.__module__].__file__))
                # A package may have made the model.
                place = f" ({path.relative_to(tree).as_posix()})" if path.is_relative_to(tree) else ""
                yield f"{model._meta.label}.{field.name}: {kind}{place}"


def own_sql(migrations: Iterable[Any], tree: Path) -> Iterator[str]:
    """The migrations of the project that run SQL, each with its line."""
    from django.db.migrations import RunSQL

    for migration in migrations:
        path = Path(str(sys.modules[migration.__module__].__file__))
        if path.is_relative_to(tree) and any(isinstance(one, RunSQL) for one in flat(migration.operations)):
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            line = next((number for number, text in enumerate(lines, 1) if "RunSQL(" in text), 1)
            yield f"{path.relative_to(tree).as_posix()}:{line}"


def flat(operations: Iterable[Any]) -> Iterator[Any]:
    """The operations of a migration, with those inside others."""
    for one in operations:
        yield one
        yield from flat(getattr(one, "database_operations", ()))
