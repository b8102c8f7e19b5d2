"""Changes of a column's type that SQLite and MySQL make, and PostgreSQL does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from .own_migrations import file_of

_NUMBERS = ("smallint", "integer", "bigint", "double precision", "numeric")
# What PostgreSQL converts a column with data of a type into (its `pg_cast`), among the types of Django's fields. Text
# becomes anything, and anything becomes text.
CASTS = {
    **dict.fromkeys(_NUMBERS, _NUMBERS),
    "integer": (*_NUMBERS, "boolean"),
    "boolean": ("integer",),
    "date": ("timestamp with time zone",),
    "timestamp with time zone": ("date", "time"),
    "time": ("interval",),
    "interval": ("time",),
    "jsonb": (*_NUMBERS, "boolean"),
    "uuid": (),
    "inet": (),
}


def not_converted(loader: Any, tree: Path) -> Iterator[str]:
    """The migrations of the project that PostgreSQL rejects, each with its field and both types."""
    from django.db import connection
    from django.db.migrations import AlterField

    nodes = loader.graph.nodes
    own = {key for key, one in nodes.items() if file_of(one).is_relative_to(tree)}
    altered = any(isinstance(operation, AlterField) for key in own for operation in nodes[key].operations)
    if connection.vendor != "postgresql" or not altered:
        return
    for key, operation, before, after in _alterations(loader):
        if key in own and {before, after} <= CASTS.keys() and after not in (before, *CASTS[before]):
            path = file_of(nodes[key]).relative_to(tree).as_posix()
            yield f"{path}: {operation.model_name}.{operation.name}, {before} to {after}"


def _alterations(loader: Any) -> Iterator[tuple[Any, Any, str, str]]:
    """Each AlterField of any migration, with the types of the column before and after it."""
    from django.db.migrations import AlterField
    from django.db.migrations.state import ProjectState

    state = ProjectState(real_apps=loader.unmigrated_apps)
    for key in _in_order(loader.graph):
        migration = loader.graph.nodes[key]
        for operation in migration.operations:
            model = state.models.get((key[0], getattr(operation, "model_name_lower", "")))
            field = model and isinstance(operation, AlterField) and model.fields.get(operation.name)
            before = _type(field, state, model) if field else ""
            operation.state_forwards(key[0], state)
            if field:
                yield key, operation, before, _type(operation.field, state, model)


def _in_order(graph: Any) -> Iterable[Any]:
    return dict.fromkeys(key for leaf in graph.leaf_nodes() for key in graph.forwards_plan(leaf))


def _type(field: Any, state: Any, model: Any) -> str:
    """The type of a field's column, without its length; "" if it is not known."""
    from django.db import connection

    if field.remote_field is not None:
        name = str(field.remote_field.model).lower()
        key = (model.app_label, model.name_lower) if name == "self" else tuple(name.split("."))
        target = state.models.get(key)
        keys = [one for one in target.fields.values() if one.primary_key] if target else []
        return _type(keys[0], state, target) if keys and not field.many_to_many else ""
    # A field of the project's own may need more than its definition.
    with suppress(Exception):
        return str(field.db_type(connection) or "").partition("(")[0].strip()
    return ""
