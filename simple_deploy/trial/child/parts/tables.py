"""What `migrate` sends to the database that is not Django's: types and SQL of the project's own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..sql import elsewhere
from .own_migrations import file_of, flat, own

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
                path = file_of(model)
                # A package may have made the model.
                place = f" ({path.relative_to(tree).as_posix()})" if path.is_relative_to(tree) else ""
                yield f"{model._meta.label}.{field.name}: {kind}{place}"


def own_sql(migrations: Iterable[Any], tree: Path) -> Iterator[str]:
    """The migrations of the project that run SQL, each with its line."""
    from django.db.migrations import RunSQL

    for migration, path in own(migrations, tree):
        if any(isinstance(one, RunSQL) for one in flat(migration.operations)):
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            line = next((number for number, text in enumerate(lines, 1) if "RunSQL(" in text), 1)
            yield f"{path.relative_to(tree).as_posix()}:{line}"


def foreign_sql(migrations: Iterable[Any], tree: Path) -> Iterator[str]:
    """The migrations of the project whose SQL PostgreSQL rejects, each with what it does not have."""
    from django.db import connection

    for migration, path in own(migrations, tree) if connection.vendor == "postgresql" else ():
        texts = [*_run(migration.operations), *_executed(path)]
        if words := next(filter(None, map(elsewhere, texts)), ""):
            yield f"{path.relative_to(tree).as_posix()}: {words}"


def _run(operations: Iterable[Any]) -> Iterator[str]:
    """The statements of RunSQL."""
    from django.db.migrations import RunSQL

    for one in flat(operations):
        if isinstance(one, RunSQL):
            each = [one.sql] if isinstance(one.sql, str) else one.sql
            yield from (sql if isinstance(sql, str) else sql[0] for sql in each)


def _executed(path: Path) -> Iterator[str]:
    """The statements that functions of the module send, unless it asks which database there is."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if "execute(" in text and not any(word in text for word in ("vendor", "ENGINE", "sqlite3")):
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Call(func=ast.Attribute(attr="execute"), args=[ast.Constant(value=str(sql)), *_]):
                    yield sql
