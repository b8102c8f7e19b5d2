"""Database servers that the project's code names: production may take a branch that was not taken here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

# Engines of servers other than PostgreSQL, as settings write them: Django's own, and those of other packages.
_ENGINE = re.compile(r"[\w.]+\.(mysql|oracle)(\.\w+)*|mysql(\.\w+)+|mssql|sql_server(\.\w+)*")


def named_engines(sources: Iterable[bytes]) -> tuple[str, ...]:
    """The engines in the sources of the project's loaded modules."""
    return tuple(sorted({name for source in sources for name in _named(source)}))


def _named(source: bytes) -> Iterator[str]:
    # Most files have none of these words, and parsing takes long.
    if re.search(rb"mysql|oracle|mssql|sql_server", source):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _ENGINE.fullmatch(node.value):
                yield node.value
