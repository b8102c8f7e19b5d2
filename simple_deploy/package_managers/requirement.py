"""One requirement (PEP 508) as production sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from packaging.requirements import InvalidRequirement, Requirement

from ..model import Dependencies
from .names import canonical

# Production's environment: a requirement whose marker excludes it does not apply to production.
_PRODUCTION = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "extra": ""}


def is_requirement(text: str) -> bool:
    """Whether the text is a requirement, for any environment."""
    try:
        Requirement(text)
    except InvalidRequirement:
        return False
    return True


def parse(text: str) -> Requirement | None:
    """The requirement that production installs; None if it is for another environment, or not a requirement."""
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return None
    marker = requirement.marker
    return requirement if marker is None or marker.evaluate(_PRODUCTION) else None


def extras(named: Mapping[str, Requirement | None]) -> dict[str, tuple[str, ...]]:
    """PEP 503 name -> the extras in its requirements, for packages that have any."""
    return {name: tuple(sorted(asked.extras)) for name, asked in named.items() if asked and asked.extras}


def versions(named: Mapping[str, Requirement | None]) -> dict[str, str]:
    """PEP 503 name -> specifier ("": any). An extra counts as the package of its name: psycopg[binary] installs
    psycopg-binary.
    """
    known = {name: asked for name, asked in named.items() if asked}
    extras = {f"{name}-{canonical(extra)}": "" for name, asked in known.items() for extra in asked.extras}
    return extras | {name: str(asked.specifier) for name, asked in known.items()}


def declared(dependencies: Dependencies, besides: Mapping[str, Sequence[str]] | None = None) -> list[str]:
    """Each declared requirement in the version that is known (PEP 508). `besides` are extras that a lock lacks."""
    known = {name: [version] for name, version in dependencies.versions.items()}
    return in_versions(dependencies, known, {**(besides or {}), **dependencies.extras})


def in_versions(
    dependencies: Dependencies, versions: Mapping[str, Sequence[str]], extras: Mapping[str, Sequence[str]]
) -> list[str]:
    """Each declared requirement (PEP 508), once in each of its versions, which may have markers."""
    asked = {name: f"[{','.join(found)}]" for name, found in extras.items() if found}
    return [
        f"{name}{asked.get(name, '')}{version}"
        for name in sorted(dependencies.declared)
        for version in versions.get(name, [""])
    ]
