"""The system checks."""

from __future__ import annotations

from typing import Any

from ..failure import is_read_only
from ..no_network import attempts
from .settings import registered


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """What stops `migrate` in production: errors of the system checks, for production's database engine.

    What a check finds that asks a database or another server is not known here.
    """
    from django.core.checks import Tags
    from django.core.checks.registry import registry

    for check in registry.get_checks(include_deployment_checks=True):
        # `run_checks` leaves these out too, unless a database is named.
        if Tags.database in check.tags:
            continue
        before = len(attempts)
        try:
            each = check(app_configs=None, databases=None)
        except Exception as error:
            if is_read_only(error) and not _only_in_release(check):
                continue
            raise
        errors = [one for one in each if one.is_serious() and not one.is_silenced()]
        if errors and len(attempts) > before:
            found["unchecked"] += sorted({str(one.id) for one in errors})
        else:
            found["errors"] += [f"{one.id}: {one.msg} ({one.obj})" for one in errors]


def _only_in_release(check: Any) -> bool:
    """Whether `migrate` is the first command that runs it. collectstatic has run those of static files, and may write;
    no command runs those of a deployment, or those that come with the URLs, which a check loads.
    """
    from django.core.checks import Tags

    return check in registered and Tags.staticfiles not in check.tags
