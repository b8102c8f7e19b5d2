"""What production needs in addition to the project's own requirements. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..model import EVERY, OLD_SETUPTOOLS, Project
from . import python_version
from .older_pythons import needs, where_available
from .static_files import serves_static

_DRIVERS = frozenset({"psycopg", "psycopg2", "psycopg2-binary", "psycopg-binary"})


def requirements(project: Project, besides: Sequence[str] = ()) -> tuple[str, ...]:
    """What the settings block and the web server use, a PostgreSQL driver if the project has none, and what the site
    loads without declaring it (PEP 508).

    `besides` are the platform's own.
    """
    # psycopg 3 and STORAGES are supported since Django 4.2 (its release notes).
    modern = project.settings.django_version >= (4, 2)
    wanted = ["Django~={}.{}.0".format(*project.settings.django_version)] if project.dependencies.lacks_django else []
    wanted.append("gunicorn>=22")
    if project.dependencies.old_setuptools:
        wanted.append(OLD_SETUPTOOLS)
    if project.settings.asgi:
        # The worker class with which gunicorn runs an ASGI application; "standard" includes what WebSockets need.
        wanted += ["uvicorn[standard]>=0.30", "uvicorn-worker>=0.2"]
    if serves_static(project.settings):
        # WhiteNoise 6.5 supports STORAGES; 6.8 no longer supports older versions of Django.
        wanted.append("whitenoise>=6.5" if modern else "whitenoise>=6.5,<6.8")
    # dj-database-url 2.1 supports the scheme pgsql; 2.2 no longer supports older versions of Django, and 3.1 is built
    # by uv, which itself needs Rust where wheels are rejected.
    built = {EVERY, "dj-database-url"} & project.dependencies.from_source
    newest = ",<2.2" if not modern else ",<3.1" if built else ""
    wanted.append(f"dj-database-url>=2.1{newest}")
    ours = (_where_available(one, project) for one in (*wanted, *driver(project)))
    return (*ours, *project.dependencies.undeclared, *besides)


def driver(project: Project) -> tuple[str, ...]:
    """The PostgreSQL driver to add; none if the project has one."""
    if _DRIVERS & {
        *project.dependencies.declared,
        *map(_name, project.dependencies.undeclared),
    }:
        return ()
    if project.settings.django_version < (4, 2):
        return ("psycopg2-binary>=2.9",)
    # The binary package needs no compiler, and cannot be built from source: it is published as wheels only.
    rejected = {EVERY, "psycopg-binary"} & project.dependencies.from_source
    return ("psycopg[c]>=3.1.18",) if rejected else ("psycopg[binary]>=3.1.18",)


def _where_available(requirement: str, project: Project) -> str:
    needed = needs(_name(requirement), project.settings.django_version)
    production, _ = python_version.named(project) or (None, "")
    return where_available(requirement, needed, project.dependencies.python, production)


def _name(requirement: str) -> str:
    return re.split(r"[~<>\[;]", requirement)[0].lower()
