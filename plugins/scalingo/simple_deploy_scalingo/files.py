"""The files that Scalingo reads: how the site is started and migrated, and its Python version."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from simple_deploy.contract import (
    BUILD_ONLY_DATABASE_URL,
    BUILD_ONLY_KEY,
    FileEdit,
    Site,
    default_file,
    filled,
    with_processes,
)

_PROCFILE = Path(__file__).parent / "templates" / "Procfile"


def files(site: Site) -> tuple[FileEdit, ...]:
    """The Procfile, the Python version unless the project sets it, and a requirements.txt if there is no lock."""
    wanted = site.recipe.python
    edits = [
        FileEdit(
            path="Procfile",
            edit=lambda text: with_processes(text, procfile(site)),
            why="how Scalingo starts the site and migrates the database before visitors get a new version",
        )
    ]
    if site.project.files.get("runtime.txt") is None:
        edits.append(
            default_file(".python-version", str(wanted), f"the Python version in production, as in {wanted.where}")
        )
    if requirement := site.project.dependencies.requirement:
        edits.append(default_file("requirements.txt", requirement, "Scalingo finds the project's packages through it"))
    return tuple(edits)


def procfile(site: Site) -> str:
    """The Procfile of a project that has none. The hook runs in the new containers' environment, before the routing."""
    release = " && ".join(map(shlex.join, site.recipe.release))
    bind = " --bind 0.0.0.0:$PORT" if site.recipe.binds else ""
    return filled(_PROCFILE, {"release": release, "web": f"{shlex.join(site.recipe.web(*_GUNICORN, threads=5))}{bind}"})


# The log has the site's standard output (doc.scalingo.com/languages/python/django/start).
_GUNICORN = ("--log-file", "-")


def environment(site: Site) -> Mapping[str, str]:
    """The variables of a web container (doc.scalingo.com/platform/app/environment), and those that the steps set."""
    return {
        "APP": "site",
        "CONTAINER": "web-1",
        "CONTAINER_MEMORY": "536870912",
        "CONTAINER_SIZE": "M",
        "CONTAINER_VERSION": "0123456789abcdef0123456789abcdef01234567",
        "DATABASE_URL": BUILD_ONLY_DATABASE_URL,
        "HOSTNAME": "site-web-1",
        "PORT": "8000",
        "REGION_NAME": "osc-fr1",
        "SCALINGO_APPLICATION_ID": "ap-01234567-89ab-cdef-0123-456789abcdef",
        "SCALINGO_POSTGRESQL_URL": BUILD_ONLY_DATABASE_URL,
        "SECRET_KEY": BUILD_ONLY_KEY,
        "STACK": "scalingo-24",
    }
