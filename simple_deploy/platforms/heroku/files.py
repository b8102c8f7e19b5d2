"""The files that Heroku reads: how the site is started and released, its Python version, and what it installs."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from simple_deploy.contract import (
    BUILD_ONLY_DATABASE_URL,
    BUILD_ONLY_KEY,
    FileEdit,
    FrontEnd,
    Site,
    default_file,
    filled,
    with_processes,
)

from . import slugignore

# What the buildpack rejects as a misspelt .python-version (heroku-buildpack-python, pull request 1970).
MISSPELT = ("python-version", ".python_version", ".python.version", ".python-version.txt")
# Heroku runs it at the end of a build (heroku-buildpack-python, "Build hooks").
HOOK = "bin/post_compile"
_DEEPEST = 2
# Any of these selects the package manager in the buildpack, which stops if it finds several (heroku-buildpack-python
# v351: "Multiple Python package manager files were found"); with uv's it reads .python-version only.
_MANAGERS = ("Pipfile.lock", "requirements.txt", "poetry.lock", "uv.lock")
# It stops at these as well ("Existing 'venv/' directory found.").
_ENVIRONMENTS = ("venv", ".venv")
# A module of the project that hides the package gunicorn from its own program.
SHADOW = "gunicorn.py"
_PROCFILE = Path(__file__).parent / "templates" / "Procfile"
# The router times out after 30 seconds and keeps connections for 90; a dyno is killed 30 seconds after SIGTERM (Dev
# Center).
_GUNICORN = (
    *("--timeout", "20"),
    *("--graceful-timeout", "20"),
    *("--keep-alive", "95"),
)


def files(site: Site) -> tuple[FileEdit, ...]:
    """The Procfile and, unless the project has it already, the Python version."""
    wanted, project = site.recipe.python, site.project
    edits = [
        FileEdit(
            path="Procfile",
            edit=lambda text: with_processes(text, procfile(site)),
            why="how Heroku starts the site and migrates the database before each release",
        )
    ]
    if project.files.get("runtime.txt") is None:
        edits.append(
            default_file(".python-version", str(wanted), f"the Python version in production, as in {wanted.where}")
        )
    front_end = site.recipe.front_end
    if front_end and front_end.folder != ".":
        why = f"Heroku finds the front end in {front_end.folder} through this file"
        edits.append(default_file("package.json", package(front_end), why))
    if commands := list(_after_collecting(site)):
        edits.append(
            FileEdit(
                path=HOOK,
                edit=lambda text: with_lines(text or "#!/usr/bin/env bash\nset -e\n", commands),
                why="what Heroku's build runs after it has collected static files",
            )
        )
    if requirement := project.dependencies.requirement:
        edits.append(
            default_file("requirements.txt", requirement, "Heroku finds the project's packages through this file")
        )
    if unseen := _unseen(site):
        edits.append(
            FileEdit(
                path=slugignore.NAME,
                edit=lambda text: with_lines(text or "", unseen),
                why="what Heroku's build must not see: files of other package managers, a virtual environment",
            )
        )
    return tuple(edits)


def _unseen(site: Site) -> list[str]:
    """The pattern of each file that selects a package manager other than production's, and of each environment."""
    dependencies, tracked = site.project.dependencies, site.project.git.exposed
    used = {dependencies.lock or dependencies.manifest, *(("requirements.txt",) if dependencies.requirement else ())}
    unused = [file for file in _MANAGERS if site.project.files.get(file) is not None and file not in used]
    return [f"/{name}" for name in (*unused, *(name for name in _ENVIRONMENTS if f"{name}/" in tracked))]


def _after_collecting(site: Site) -> Iterator[str]:
    """The rest of the build after Heroku has collected static files; all of it if something comes before."""
    # Builds have the config vars, so they can upload.
    build = (*site.recipe.build, *site.recipe.upload)
    collected = collects(site) and build[:1] == (site.recipe.manage("collectstatic", "--noinput"),)
    # Builds have gettext (heroku/base-images, heroku-24-build/setup.sh).
    commands = (*(build[1:] if collected else build), site.recipe.translate)
    yield from (shlex.join(argv) for argv in commands if argv)


def collects(site: Site) -> bool:
    """Whether Heroku collects static files with the site's manage.py: it takes the one that is nearest to the Git root,
    at most two folders deep (heroku-buildpack-python v351, its step for static files).
    """
    ours = site.recipe.manage_py
    others = [path for path in site.project.git.manage_scripts if path != ours]
    return ours.count("/") <= _DEEPEST and all(path.count("/") > ours.count("/") for path in others)


def with_lines(text: str, wanted: Sequence[str]) -> str:
    """The text with each of these lines, which are added at its end; existing lines stay."""
    lines = text.splitlines()
    return "".join(f"{line}\n" for line in [*lines, *(line for line in wanted if line not in lines)])


def package(front_end: FrontEnd) -> str:
    """A package.json at the Git root, where Heroku expects one, that builds the front end in its folder.

    Heroku sets NODE_ENV to production, with which npm does not install what the build needs.
    """
    install, *others = map(shlex.join, front_end.commands)
    words = " && ".join((f"cd {shlex.quote(front_end.folder)}", f"NODE_ENV=development {install}", *others))
    return json.dumps({"private": True, "scripts": {"build": words}}, indent=2, ensure_ascii=False)


def procfile(site: Site) -> str:
    """The Procfile of a project that has none."""
    release = " && ".join(map(shlex.join, site.recipe.release))
    return filled(_PROCFILE, {"release": release, "web": web(site)})


def web(site: Site) -> str:
    """The start command, which a shell runs. On Heroku, PYTHONPATH names the Git root (heroku-buildpack-python)."""
    recipe = site.recipe
    hidden = site.project.files.get(SHADOW) is not None and not recipe.chdir
    bind = " --bind 0.0.0.0:$PORT" if recipe.binds else ""
    return f"{'PYTHONPATH= ' if hidden else ''}{shlex.join(recipe.web(*_GUNICORN, threads=5))}{bind}"


def environment(site: Site) -> Mapping[str, str]:
    """The variables of a web dyno (Dev Center: "Dyno Metadata", "Dynos"), and those that the steps set."""
    return {
        "DATABASE_URL": BUILD_ONLY_DATABASE_URL,
        "DYNO": "web.1",
        "HEROKU_APP_DEFAULT_DOMAIN_NAME": "site-0123456789ab.herokuapp.com",
        "HEROKU_APP_ID": "01234567-89ab-cdef-0123-456789abcdef",
        "HEROKU_APP_NAME": "site",
        "HEROKU_RELEASE_CREATED_AT": "2006-01-02T03:04:05Z",
        "HEROKU_RELEASE_VERSION": "v1",
        "HEROKU_SLUG_COMMIT": "0123456789abcdef0123456789abcdef01234567",
        "HEROKU_SLUG_DESCRIPTION": "Deploy",
        "ON_HEROKU": "1",
        "PORT": "8000",
        "SECRET_KEY": BUILD_ONLY_KEY,
    }
