"""The system checks."""

from __future__ import annotations

from typing import Any

from ..no_network import attempts


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
        errors = [one for one in check(app_configs=None, databases=None) if one.is_serious() and not one.is_silenced()]
        if errors and len(attempts) > before:
            found["unchecked"] += sorted({str(one.id) for one in errors})
        else:
            found["errors"] += [f"{one.id}: {one.msg} ({one.obj})" for one in errors]
