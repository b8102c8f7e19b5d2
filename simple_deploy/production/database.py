"""The default database of production: PostgreSQL, through an engine that suits the project."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..messages import errors
from ..model import Options, Problem, Project, Settings

_PLAIN = "django.db.backends.postgresql"
_POSTGIS = "django.contrib.gis.db.backends.postgis"
# Engine -> the extension that it creates, where its user may (Django's for PostGIS, django-postgres-extra).
_BY_ENGINE = {"django.contrib.gis.": "postgis", "psqlextra.": "hstore"}
# Engines without a server, and for PostgreSQL.
_STAYING = re.compile("sqlite|spatialite|dummy|postg")
# Vendors (`DatabaseWrapper.vendor`) of engines that store documents: their fields have no type in PostgreSQL.
_DOCUMENTS = frozenset({"mongodb", "djongo"})


def engine(settings: Settings, *, named: bool) -> str:
    """The argument `engine` of dj_database_url, with a comma before it; "" if its own default is right.

    `named` is whether its default is one that current Django no longer has.
    """
    if settings.database_engine.startswith("django.contrib.gis."):
        return f', engine="{_POSTGIS}"'
    if settings.database_vendor == "postgresql" or _is_named_so(settings):
        return f', engine="{settings.database_engine}"'
    return f', engine="{_PLAIN}"' if named else ""


def _is_named_so(settings: Settings) -> bool:
    """Whether only its name says that another package's engine is for PostgreSQL: that of django-tenants cannot be
    imported before the apps.
    """
    unknown = not settings.database_vendor and not settings.database_engine.startswith("django.")
    return unknown and "postg" in settings.database_engine


def extensions(project: Project) -> tuple[str, ...]:
    """The extensions of PostgreSQL that the database needs: of migrations, and those that its engine creates."""
    engine = project.settings.database_engine
    return tuple(
        sorted({*project.extensions, *(name for start, name in _BY_ENGINE.items() if engine.startswith(start))})
    )


def is_postgresql(settings: Settings) -> bool:
    """Whether the project itself uses PostgreSQL."""
    return "postg" in settings.database_engine or settings.database_vendor == "postgresql"


def replaced(settings: Settings, options: Options) -> str:
    """The engine of a server that PostgreSQL replaces, whether or not it is used here; "" if there is none."""
    stays = _STAYING.search(settings.database_engine) or settings.database_vendor in ("sqlite", "postgresql")
    found = ([] if stays else [settings.database_engine]) + list(settings.named_engines)
    # Example settings leave the end to people: "django.db.backends.".
    found = [engine for engine in found if not engine.endswith(".")]
    return found[0] if found and options.database != "none" else ""


def building_engine(settings: Settings, options: Options) -> str:
    """The engine of models in a build, which lacks the driver of a server that is replaced; "": the project's own."""
    geographic = "django.contrib.gis" in settings.installed_apps
    return (_POSTGIS if geographic else _PLAIN) if replaced(settings, options) else ""


def problems(project: Project, options: Options, platform: str) -> Iterator[Problem]:
    """A database that PostgreSQL cannot replace, unless the site gets none."""
    settings = project.settings
    if settings.database_vendor in _DOCUMENTS and options.database != "none":
        yield errors.database_not_replaced(
            path=settings.path, engine=settings.database_engine, vendor=settings.database_vendor, platform=platform
        )
