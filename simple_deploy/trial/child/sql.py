"""SQL that SQLite or MySQL understands, and PostgreSQL rejects."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

# Texts, quoted names and comments may contain anything.
_ASIDE = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$""", re.DOTALL)
_ELSEWHERE = re.compile(
    r"`\w+`|\bAUTO_?INCREMENT\b|\bENGINE\s*=\s*(?:InnoDB|MyISAM)\b|\bsqlite_(?:master|schema|sequence)\b"
    r"|(?:^|;)\s*(?:PRAGMA|REPLACE\s+INTO|INSERT\s+(?:OR\s+\w+|IGNORE))\b"
    r"|\b(?:strftime|julianday|group_concat|ifnull|date_format|unix_timestamp)\s*\(",
    re.IGNORECASE,
)


def elsewhere(sql: str) -> str:
    """The first words of the statement that PostgreSQL rejects; "" if there are none."""
    found = _ELSEWHERE.search(_ASIDE.sub("''", sql))
    words = " ".join(found[0].strip("; \t\r\n").split()) if found else ""
    return words + ")" * words.endswith("(")


def refuse_elsewhere() -> Callable[[str], None]:
    """Let SQL of another database fail before it needs a server; the returned function raises for such a statement."""
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.utils import ProgrammingError

    not_postgresql = type("NotPostgreSQL", (ProgrammingError,), {})

    def refuse(sql: str) -> None:
        if words := elsewhere(sql):
            raise not_postgresql(f"PostgreSQL does not have {words}")

    original = BaseDatabaseWrapper.cursor

    def cursor(self: Any) -> Any:
        return _Unsent(self, refuse) if self.vendor == "postgresql" else original(self)

    setattr(BaseDatabaseWrapper, "cursor", cursor)  # noqa: B010 - mypy lets no method be replaced
    return refuse


class _Unsent:
    """A cursor that connects once it is used."""

    def __init__(self, connection: Any, refuse: Callable[[str], None]) -> None:
        self._connection, self._refuse = connection, refuse

    def __enter__(self) -> _Unsent:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was opened."""

    def execute(self, sql: object, *_: object) -> None:
        """Fail: with SQL of another database for that reason, otherwise because there is no server."""
        self._refuse(str(sql))
        self._connection.connect()

    executemany = execute

    def callproc(self, *_: object) -> None:
        """Fail for lack of a server."""
        self._connection.connect()

    def close(self) -> None:
        """Nothing was opened."""
