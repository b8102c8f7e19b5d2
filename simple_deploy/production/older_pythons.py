"""Requirements that the project's older Pythons cannot have. Pure."""

from __future__ import annotations

from functools import cache

from .python_version import NEWEST_PYTHON, allows, oldest_with_django

# Requires-Python of the oldest versions that the tool adds, where a project may allow an older Python.
_NEEDS = {
    "gunicorn": ">=3.7",
    "uvicorn": ">=3.8",
    "uvicorn-worker": ">=3.8",
    "whitenoise": ">=3.8",
    "dj-database-url": ">=3.8",
    "psycopg": ">=3.7",
}
_SERIES = [(3, minor) for minor in range(NEWEST_PYTHON[1] + 1)]


def needs(package: str, django: tuple[int, int]) -> str:
    """Requires-Python (PEP 440) of a package that the tool adds, by its PEP 503 name; "" if every Python has it."""
    return ">={}.{}".format(*oldest_with_django(django)) if package == "django" else _NEEDS.get(package, "")


@cache
def where_available(requirement: str, needs: str, allowed: str, production: tuple[int, int] | None) -> str:
    """The requirement (PEP 508), with a marker if the project also allows older Pythons, which cannot have it.

    A lock is for every Python that the project allows, and production runs one of them. `needs` is Requires-Python of
    the package, `allowed` that of the project ("": unknown), `production` a series (None: any that the package needs).
    """
    if not needs or not allowed or (production and not allows(needs, production)):
        return requirement
    first = next((one for one in _SERIES if allows(needs, one)), _SERIES[0])
    found = [one for one in _SERIES if allows(allowed, one)]
    if not found or not found[0] < first <= found[-1]:
        return requirement
    return '{}; python_version >= "{}.{}"'.format(requirement, *first)
