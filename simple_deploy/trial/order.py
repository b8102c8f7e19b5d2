"""What the child is to try, and with which packages."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import PathFinder
from pathlib import Path
from shutil import which
from typing import Any

from ..model import Project
from ..production.static_files import is_strict, serves_static
from .contested import contested
from .own_modules import FOLDERS, OwnModules
from .packages import SERVERS, Fetched, added_extras
from .production import installed, withheld


def order(
    project: Project,
    requirements: Sequence[str],
    fetched: Fetched,
    *,
    whole: bool,
    read_only: bool,
    writable: Sequence[str] = (),
    collected: str,
    uploads: str = "",
    starts: Sequence[Mapping[str, Any]] = (),
    search_paths: Sequence[str] = (),
    own: OwnModules | None = None,
) -> dict[str, Any]:
    """The order as JSON. `requirements` are what the plan adds to the project's own; the running site can write the
    folders of `writable`, although the rest is `read_only`; `collected` is the folder into which the build collects
    static files, `uploads` the path at which the platform serves uploads, `starts` what else the site's start commands
    load, `search_paths` are those of the platform, `own` the modules of the project that production installs, where
    they are known.
    """
    places = {"packages": str(fetched.folder or ""), "before": list(map(str, fetched.before))}
    lacking = _lacking(project, _path(places))
    dependencies = project.dependencies
    declared = {name: dependencies.extras.get(name, ()) for name in sorted(dependencies.declared)}
    names = {**added_extras(requirements), **declared}
    complete = not lacking and not fetched.absent
    return {
        "parts": [
            *parts(static=serves_static(project.settings), lacking=bool(lacking), whole=whole),
            "services",
            "local addresses",
            "copied keys",
            "loaded code",
            *(["translations"] if whole and project.git.uncompiled and which("msgfmt") else []),
            *([] if lacking else ["backends", "error log", "mail", "home page", "uploads"]),
            "first user",
            "manage.py",
        ],
        "argv": ["gunicorn", project.settings.application],
        **places,
        "lacking": lacking,
        "read_only": read_only,
        "writable": list(writable),
        "collected": collected,
        "uploads": uploads,
        "own_manifest": is_strict(project.settings),
        "starts": [] if lacking else list(starts),
        "declared": {name: extras for name, extras in names.items() if name not in SERVERS} if complete else {},
        "application": project.settings.application,
        "asynchronous": bool(project.settings.asgi),
        "module": project.settings.module,
        "configuration": project.settings.configuration,
        "manage_dir": project.manage_dir,
        "root": str(project.root),
        "absent": [str(project.root), os.path.realpath(Path.home())],
        "paths": [one for one in dict.fromkeys((*project.more_paths, *search_paths)) if one != project.manage_dir],
        "installed": "." in project.dependencies.files and own is None,
        "pip": any(argv[0].endswith("/pip") for argv in project.dependencies.install),
        "built": list(own.folders) if own else _built(project),
        "own": own and {"names": list(own.names), "folders": list(FOLDERS)},
        "version_file": project.dependencies.version_file,
    }


def isolated(order: Mapping[str, Any]) -> dict[str, Any]:
    """The order with what is installed here and not in production, whether that is known, and what several packages
    install.

    This reads the metadata of every package, so it is not part of the order that the cache is asked for.
    """
    if not order["declared"]:
        return {**order, "complete": False, "withheld": {}, "contested": []}
    here = installed(order["declared"], _path(order))
    absent = withheld(here)
    return {**order, "complete": absent is not None, "withheld": absent or {}, "contested": contested(here)}


def _path(order: Mapping[str, Any]) -> list[str]:
    """Where the trial finds modules: what is installed here, and before or after it the fetched packages."""
    return [*order["before"], *sys.path, *([order["packages"]] if order["packages"] else [])]


def parts(*, static: bool, lacking: bool, whole: bool) -> list[str]:
    """What to try, in this order; `whole` adds what takes longer.

    Where packages are `lacking` the settings block has no effect: then neither the application nor the system checks
    would show anything about production.
    """
    wanted = {
        "settings": True,
        "application": not lacking,
        "collectstatic": static,
        "static files": static,
        "checks": whole and not lacking,
        "migrations": whole,
        "first migrate": whole and not lacking,
    }
    return [part for part, is_tried in wanted.items() if is_tried]


def _built(project: Project) -> list[str]:
    """The folders from which production installs the project's own packages: this environment may not have them."""
    known = {project.manage_dir, *project.more_paths}
    return [folder for folder in FOLDERS if folder not in known and "." in project.dependencies.files]


def _lacking(project: Project, path: list[str]) -> list[str]:
    """Packages that the block uses in production and that are not on `path`."""
    wanted = ["dj_database_url", *(["whitenoise"] if serves_static(project.settings) else [])]
    has_driver = any(PathFinder.find_spec(name, path) for name in ("psycopg", "psycopg2"))
    return [*(name for name in wanted if not PathFinder.find_spec(name, path)), *([] if has_driver else ["psycopg"])]
