"""Database servers that the project's code names: production may take a branch that was not taken here."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

# Engines of servers other than PostgreSQL, as settings write them: Django's own, and those of other packages.
_ENGINE = re.compile(r"[\w.]+\.(mysql|oracle)(\.\w+)*|mysql(\.\w+)+|mssql|sql_server(\.\w+)*")


def named_engines(root: Path) -> tuple[str, ...]:
    """The engines in the project's loaded modules."""
    files = {Path(name) for one in list(sys.modules.values()) if (name := getattr(one, "__file__", None))}
    own = [path for path in files if path.is_relative_to(root) and "site-packages" not in path.parts]
    return tuple(
        sorted({name for path in own if path.suffix == ".py" and path.is_file() for name in _named(path.read_bytes())})
    )


def _named(source: bytes) -> Iterator[str]:
    # Most files have none of these words, and parsing takes long.
    if re.search(rb"mysql|oracle|mssql|sql_server", source):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _ENGINE.fullmatch(node.value):
                yield node.value
