"""The system checks."""

from __future__ import annotations

from typing import Any


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """What stops `migrate` in production: errors of the system checks, for production's database engine."""
    from django.core import checks

    errors = [
        error
        for error in checks.run_checks(include_deployment_checks=True)
        if error.is_serious() and not error.is_silenced()
    ]
    found["errors"] += [f"{error.id}: {error.msg} ({error.obj})" for error in errors]
