"""What the project's own migrations create besides tables, as Git finds it: extensions of PostgreSQL, and users."""

from __future__ import annotations

import re

from .grepped import code_in

# An operation of Django or pgvector, SQL, and what makes a user with all rights.
QUESTION = (
    *("git", "grep", "-z", "--full-name", "-i", "-E", "-e", r"Extension\(", "-e", "create extension"),
    *("-e", r"create_superuser\(|is_superuser *= *True", "--", ":(top)*/migrations/*.py"),
)
_ADMIN = re.compile(r"\bcreate_superuser\(|\bis_superuser\s*=\s*True")
# These look for such users, or change some.
_OTHER_CALLS = re.compile(r"\b(?:exclude|filter|get|get_object_or_404|update|Q)\([^()]*\bis_superuser\s*=\s*True")
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


def admins_in(lines: str) -> tuple[str, ...]:
    """The migrations that create a user with all rights, from the lines that Git found, each after its file."""
    creating = (path for path, text in code_in(lines) if _ADMIN.search(_OTHER_CALLS.sub("", text)))
    return tuple(dict.fromkeys(creating))


def extensions_in(lines: str) -> tuple[str, ...]:
    """The names of the extensions, in alphabetical order, from the same lines."""
    code = "\n".join(text for _, text in code_in(lines))
    named = {_OPERATIONS.get(name, argument) for name, argument in _OPERATION.findall(code)}
    return tuple(sorted({*named, *map(str.lower, _SQL.findall(code))} - {""}))
