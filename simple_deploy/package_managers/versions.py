"""Versions of production's requirements: those that are too old, and how an addition matches a file of pins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..messages import errors
from ..model import Dependencies, Problem
from .names import canonical, name_of

# The oldest versions that work, each with the reason why an older one does not.
_OLDEST = {
    "gunicorn": ("20.0", "older versions do not start on the Pythons of today"),
    "whitenoise": ("5.0", "older versions import parts of Django that have been removed"),
    "dj-database-url": ("0.5.0", "older versions cannot request an encrypted connection"),
}
# The pin to add next to other pins: the first of these that the requirement allows.
_PINS = {
    "gunicorn": ("23.0.0",),
    "setuptools": ("80.9.0",),
    "uvicorn": ("0.35.0",),
    "uvicorn-worker": ("0.3.0",),
    "whitenoise": ("6.11.0", "6.7.0"),
    "dj-database-url": ("2.3.0", "2.1.0"),
    "psycopg": ("3.2.13",),
    "psycopg2-binary": ("2.9.11",),
}
# What the plan adds to any project.
ADDED = frozenset(_PINS)


def kept(dependencies: Dependencies, name: str) -> str:
    """The specifier of the version that production keeps; "" if the project asks for none.

    A version that is only locked, for another package, gives way to one that the plan adds.
    """
    gives_way = dependencies.lock and name not in dependencies.declared
    return "" if gives_way else dependencies.versions.get(name, "")


def too_old(dependencies: Dependencies) -> Iterator[Problem]:
    """The versions that the project pins and production does not work with."""
    for name, (oldest, reason) in _OLDEST.items():
        asked = kept(dependencies, name)
        if below(asked, oldest):
            yield errors.version_too_old(
                file=dependencies.lock or dependencies.manifest,
                package=name,
                specifier=asked,
                oldest=oldest,
                reason=reason,
            )


def fitted(requirements: Iterable[str], *, limits: Mapping[str, str], pinned: bool) -> tuple[str, ...]:
    """The requirements in the file's style: pinned next to pins, bare where a constraint sets an older version."""
    return tuple(_fitted(requirement, limits, pinned) for requirement in requirements)


def django_is_missing(dependencies: Dependencies) -> bool:
    """Whether no declared package brings Django, as far as the packages installed here show."""
    if "django" in dependencies.declared or "django" in dependencies.versions:
        return False
    return not _brings_django(list(dependencies.declared))


def below(asked: str, oldest: str) -> bool:
    """Whether every version that a specifier allows is older, judging by its pins and upper bounds."""
    if not asked:
        return False
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    limit = Version(oldest)
    try:
        for part in SpecifierSet(asked):
            version = Version(part.version.removesuffix(".*"))
            if part.operator == "==" and part.version.endswith(".*"):
                if _next(version.release) <= limit.release:
                    return True
            elif part.operator in ("==", "===", "<="):
                if version < limit:
                    return True
            elif part.operator == "<":
                if version <= limit:
                    return True
            elif part.operator == "~=" and _next(version.release[:-1]) <= limit.release:
                return True
    except (InvalidSpecifier, InvalidVersion):
        return False
    return False


def _brings_django(names: Sequence[str]) -> bool:
    from importlib.metadata import PackageNotFoundError, requires

    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            waiting += [canonical(name_of(requirement)) for requirement in requires(name) or ()]
        except PackageNotFoundError:
            # One of them is not installed here, so its dependencies are unknown.
            if name in names:
                return True
    return "django" in seen


def _next(release: tuple[int, ...]) -> tuple[int, ...]:
    return (*release[:-1], release[-1] + 1)


def _fitted(requirement: str, limits: Mapping[str, str], pinned: bool) -> str:
    from packaging.requirements import Requirement

    parsed = Requirement(requirement)
    extras = f"[{','.join(sorted(parsed.extras))}]" if parsed.extras else ""
    limit = limits.get(canonical(parsed.name), "")
    if any(below(limit, part.version) for part in parsed.specifier if part.operator == ">="):
        return f"{parsed.name}{extras}"
    known = _PINS.get(canonical(parsed.name), ()) if pinned else ()
    pin = next((version for version in known if parsed.specifier.contains(version)), None)
    return f"{parsed.name}{extras}=={pin}" if pin else requirement
