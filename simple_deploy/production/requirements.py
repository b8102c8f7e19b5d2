"""What production needs in addition to the project's own requirements. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Project
from .settings_block import serves_static

_DRIVERS = frozenset({"psycopg", "psycopg2", "psycopg2-binary", "psycopg-binary"})


def requirements(project: Project, besides: Sequence[str] = ()) -> tuple[str, ...]:
    """What the settings block and the web server use, and a PostgreSQL driver if the project has none (PEP 508).

    `besides` are the platform's own.
    """
    # psycopg 3 and STORAGES are supported since Django 4.2 (its release notes).
    modern = project.settings.django_version >= (4, 2)
    wanted = ["Django~={}.{}.0".format(*project.settings.django_version)] if project.dependencies.lacks_django else []
    wanted.append("gunicorn>=22")
    if project.dependencies.pkg_resources:
        wanted.append("setuptools<81")
    if project.settings.asgi:
        # The worker class with which gunicorn runs an ASGI application; "standard" includes what WebSockets need.
        wanted += ["uvicorn[standard]>=0.30", "uvicorn-worker>=0.2"]
    if serves_static(project.settings):
        # WhiteNoise 6.5 supports STORAGES; 6.8 no longer supports older versions of Django.
        wanted.append("whitenoise>=6.5" if modern else "whitenoise>=6.5,<6.8")
    # dj-database-url 2.1 supports the scheme pgsql; 2.2 no longer supports older versions of Django.
    wanted.append("dj-database-url>=2.1" if modern else "dj-database-url>=2.1,<2.2")
    if not _DRIVERS & project.dependencies.declared:
        # Its binary package needs no compiler.
        wanted.append("psycopg[binary]>=3.1.18" if modern else "psycopg2-binary>=2.9")
    return (*wanted, *besides)
