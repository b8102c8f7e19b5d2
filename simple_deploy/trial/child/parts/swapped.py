"""Migrations that refer to a model which the settings replace, such as auth.User: it has no table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .own_migrations import flat, own


def to_swapped(migrations: Iterable[Any], tree: Path) -> Iterator[str]:
    """The relations in migrations of the project whose table PostgreSQL would look for, which SQLite does not."""
    from django.apps import apps
    from django.db import connection

    every = apps.get_models(include_swapped=True)
    swapped = {one._meta.label_lower: one._meta for one in every if one._meta.swapped}
    for migration, path in own(migrations, tree) if swapped and connection.vendor == "postgresql" else ():
        for name, field in _fields(migration.operations):
            target = getattr(field.remote_field, "model", None)
            meta = swapped.get(str(getattr(getattr(target, "_meta", None), "label", target)).lower())
            if meta:
                yield f"{path.relative_to(tree).as_posix()}: {name} to {meta.label}, replaced by {meta.swapped}"


def _fields(operations: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    for one in flat(operations):
        for name, field in getattr(one, "fields", ()):
            yield f"{one.name}.{name}", field
        # RemoveField has no field.
        if getattr(one, "field", None):
            yield f"{one.model_name}.{one.name}", one.field
