"""What the migrations show about production: a problem, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..messages import errors
from ..model import Problem, Project
from . import paths

# Errors of a first `migrate` that do not depend on the values of variables.
_CERTAIN = frozenset(
    {"ObjectDoesNotExist", "DatabaseError", "AttributeError", "LookupError", "ImportError", "NameError", "OSError"}
)
_FOUND = {
    "to_swapped": errors.model_swapped,
    "unknown_types": errors.unknown_types,
    "not_converted": errors.types_not_converted,
    "foreign_sql": errors.sql_of_another_database,
}


def problem(answer: Mapping[str, Any], project: Project, platform: str) -> Problem | None:
    """What `migrate` cannot do at all, or not with PostgreSQL."""
    if apps := answer["without_migrations"]:
        left_out = (one for one in answer["left_out"] if any(f"{app}/migrations/" in one for app in apps))
        if path := next(left_out, ""):
            return paths.lacking(path, answer, f"{', '.join(apps)} would have no tables")
        return errors.no_migrations(apps=apps)
    if disorder := answer["disordered"]:
        return _disorder(disorder, answer, project)
    return next(
        (said(found=answer[name][:10], platform=platform) for name, said in _FOUND.items() if answer[name]), None
    )


def first_migrate(
    answer: Mapping[str, Any], project: Project, platform: str, reason: str, *, guessed: bool
) -> Problem | None:
    """The problem of a migration that fails while the database is new; None if a placeholder may be the reason."""
    failed = answer["first_migrate"]
    if path := paths.untracked(failed, project):
        return paths.lacking(path, answer, reason)
    if "DataError" in failed["kinds"]:
        return errors.value_rejected(platform=platform, reason=reason)
    if guessed and _CERTAIN.isdisjoint(failed["kinds"]):
        return None
    return errors.first_release_fails(platform=platform, reason=reason)


def _disorder(found: Mapping[str, Any], answer: Mapping[str, Any], project: Project) -> Problem:
    if found["kind"] == "several":
        return errors.migrations_conflict(found=found["found"])
    if found["kind"] == "circle":
        return errors.migrations_circular(found=found["found"])
    reason = f"{found['by']} depends on {found['wanted']}"
    if found["path"] and (project.root / found["path"]).is_file():
        return paths.lacking(found["path"], answer, reason)
    return errors.migration_missing(reason=reason)
