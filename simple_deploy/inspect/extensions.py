"""The extensions of PostgreSQL that the project's own migrations create."""

from __future__ import annotations

import re

# Where they stand: an operation of Django or pgvector, or SQL.
QUESTION = (
    *("git", "grep", "-h", "-i", "-E", "-e", r"Extension\(", "-e", "create extension"),
    *("--", ":(top)*/migrations/*.py"),
)
# django.contrib.postgres.operations, and pgvector.django.
_OPERATIONS = {
    "BloomExtension": "bloom",
    "BtreeGinExtension": "btree_gin",
    "BtreeGistExtension": "btree_gist",
    "CITextExtension": "citext",
    "CryptoExtension": "pgcrypto",
    "HStoreExtension": "hstore",
    "TrigramExtension": "pg_trgm",
    "UnaccentExtension": "unaccent",
    "VectorExtension": "vector",
}
_OPERATION = re.compile(r"\b(\w+Extension)\(\s*(?:name\s*=\s*)?[\"']?([\w-]*)")
_SQL = re.compile(r"create\s+extension\s+(?:if\s+not\s+exists\s+)?[\\\"']*([\w-]+)", re.IGNORECASE)


def extensions_in(lines: str) -> tuple[str, ...]:
    """Their names, in alphabetical order, from the lines that Git found."""
    code = "\n".join(line for line in lines.splitlines() if not line.lstrip().startswith("#"))
    named = {_OPERATIONS.get(name, argument) for name, argument in _OPERATION.findall(code)}
    return tuple(sorted({*named, *map(str.lower, _SQL.findall(code))} - {""}))
