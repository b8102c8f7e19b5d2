"""The default database of production: PostgreSQL, through an engine that suits the project."""

from __future__ import annotations

from collections.abc import Iterator

from ..messages import errors
from ..model import Options, Problem, Project, Settings

_POSTGIS = "django.contrib.gis.db.backends.postgis"
# Vendors (`DatabaseWrapper.vendor`) of engines that store documents: their fields have no type in PostgreSQL.
_DOCUMENTS = frozenset({"mongodb", "djongo"})


def engine(settings: Settings, *, named: bool) -> str:
    """The argument `engine` of dj_database_url, with a comma before it; "" if its own default is right.

    `named` is whether its default is one that current Django no longer has.
    """
    if settings.database_engine.startswith("django.contrib.gis."):
        return f', engine="{_POSTGIS}"'
    if settings.database_vendor == "postgresql":
        return f', engine="{settings.database_engine}"'
    return ', engine="django.db.backends.postgresql"' if named else ""


def problems(project: Project, options: Options, platform: str) -> Iterator[Problem]:
    """A database that PostgreSQL cannot replace, unless the site gets none."""
    settings = project.settings
    if settings.database_vendor in _DOCUMENTS and options.database != "none":
        yield errors.database_not_replaced(
            path=settings.path, engine=settings.database_engine, vendor=settings.database_vendor, platform=platform
        )
