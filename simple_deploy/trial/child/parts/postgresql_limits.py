"""An SQLite connection that fails as PostgreSQL does: it rejects the same values, and raises the same errors."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

_TEXTS = ("CharField", "SlugField", "FileField", "FilePathField")
_INTEGERS = {
    "SmallIntegerField": 2**15,
    "PositiveSmallIntegerField": 2**15,
    "IntegerField": 2**31,
    "PositiveIntegerField": 2**31,
}
# PostgreSQL's driver has another class for these, and code may expect it.
_UNDEFINED = re.compile(r"no such (table|column)")
# SQLite's message has the expression of the check, and so the text in it.
_SAID = re.compile(r"'([^']*)' = ''")
_SHORTEST = 3


def limit(connection: Any, server: Any) -> None:
    """Let columns have the limits that they have on the server, in every table that is made from now on."""
    known = connection.data_type_check_constraints
    types = (*_TEXTS, *_INTEGERS)
    added = {name: _Check(known=known.get(name, ""), type=name, server=server) for name in types}
    connection.data_type_check_constraints = {**known, **added}
    connection.execute_wrappers.append(_as_on_the_server)


@dataclass(frozen=True, kw_only=True)
class _Check:
    """The expression that a column must meet. Django fills it in with `%`, and makes no check after a KeyError."""

    known: str
    type: str
    server: Any

    def __mod__(self, field: Any) -> str:
        parts: list[str] = []
        # A field of the project's own may need more than its definition.
        with suppress(Exception):
            parts += _limits(self.type, field, self.server)
        # Of an expression that begins with a name, SQLite's message has only that.
        parts += [self.known % field] if self.known else []
        if not parts:
            raise KeyError(self.type)
        return " AND ".join(parts)


def _limits(name: str, field: Any, server: Any) -> Iterator[str]:
    model, column = field["model"], field["qn_column"]
    kind = str(model._meta.get_field(field["name"]).db_type(server))
    if length := re.fullmatch(r"varchar\((\d+)\)", kind):
        said = f"value too long for type character varying({length[1]})"
        # Spaces at the end are cut off.
        fits = f"length(rtrim({column}, ' ')) <= {length[1]}"
    elif kind in ("integer", "smallint"):
        said, end = f"{kind} out of range", _INTEGERS[name]
        fits = f"typeof({column}) <> 'integer' OR {column} BETWEEN {-end} AND {end - 1}"
    else:
        return
    yield f"({fits} OR '{said}: {_model(model)}.{field['name']}' = '')"


def _model(model: Any) -> str:
    """The model's label. To change a table, SQLite's schema editor copies it into that of a model NewNAME."""
    meta = model._meta
    name = meta.object_name.removeprefix("New") if meta.db_table.startswith("new__") else meta.object_name
    return f"{meta.app_label}.{name}"


def _as_on_the_server(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    from django.db import DataError, IntegrityError, InternalError, OperationalError, ProgrammingError

    texts = list(_texts(params))
    if any("\0" in text for text in texts):
        raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    try:
        return execute(sql, params, many, context)
    except IntegrityError as error:
        said = _SAID.search(str(error))
        if said is None:
            raise
    except OperationalError as error:
        if not _UNDEFINED.search(str(error)):
            raise
        raise ProgrammingError(*error.args) from error
    # PostgreSQL may convert a column and cut its texts off, and a variable may be another in production.
    unclear = sql.startswith('INSERT INTO "new__') or any(map(_is_given, texts))
    raise (InternalError if unclear else DataError)(said[1])


def _texts(params: Any) -> Iterator[str]:
    for one in params.values() if isinstance(params, dict) else params or ():
        if isinstance(one, str):
            yield one
        elif isinstance(one, (list, tuple)):
            yield from _texts(one)


def _is_given(text: str) -> bool:
    """Whether a variable may have this value, or a part of it."""
    return any(value in text for value in os.environ.values() if len(value) >= _SHORTEST)
