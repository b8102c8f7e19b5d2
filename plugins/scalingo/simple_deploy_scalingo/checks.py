"""Problems on Scalingo, notes for the user, and what no step does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from simple_deploy.contract import (
    Problem,
    Site,
    allows,
    facts,
    fixed_port,
    https_hidden,
    kept_processes,
    left_everywhere,
    newer_python,
    not_executable,
    own_processes,
    untranslated,
)

from . import texts
from .files import procfile

_PYTHONS = facts(Path(__file__).parent)["Python versions"]
# Any of these selects the package manager in the buildpack. Scalingo's .slugignore cannot hide one: it takes effect
# after the build (doc.scalingo.com/platform/app/slugignore).
_MANAGERS = ("Pipfile.lock", "requirements.txt", "poetry.lock", "uv.lock")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{4,46})[a-z0-9]")  # inferred: 6 to 48 characters


def check(site: Site) -> tuple[Problem, ...]:
    """What would make the build or the creation fail, seen from here."""
    return tuple(_check(site))


def _check(site: Site) -> Iterator[Problem]:
    project, wanted = site.project, site.recipe.python
    if site.options.app_name and not _NAME.fullmatch(site.options.app_name):
        yield texts.impossible_name(name=site.options.app_name)
    own = own_processes(site)
    yield from not_executable(project, "Procfile", " ".join(own.values()))
    web = own.get("web", "")
    if port := fixed_port(web):
        yield texts.port_fixed(command=web, port=port)
    yield from https_hidden("Procfile", web)
    if str(wanted) not in _PYTHONS.value and not _PYTHONS.lacks_newer(str(wanted)):
        yield _without_python(site)
    source = project.dependencies.lock or project.dependencies.manifest
    used = {source, *(("requirements.txt",) if project.dependencies.requirement else ())}
    if unused := [file for file in _MANAGERS if project.files.get(file) is not None and file not in used]:
        yield texts.several_managers(source=source, unused=unused)


def _without_python(site: Site) -> Problem:
    project, wanted = site.project, site.recipe.python
    dependencies = project.dependencies
    series = ((int(major), int(minor)) for major, minor in (text.split(".") for text in _PYTHONS.value))
    if not any(allows(dependencies.python, one) for one in series):
        given = {"manifest": dependencies.manifest, "allowed": dependencies.python, "newer": _PYTHONS.value[0]}
        return texts.excluded_python(supported=_PYTHONS.value, **given)
    other = ", remove runtime.txt (git rm runtime.txt)" if project.files.get("runtime.txt") is not None else ""
    return texts.unknown_python(reason=f"{wanted.where} says {wanted}", other=other, known=_PYTHONS.value)


def not_working(site: Site) -> tuple[str, ...]:
    """What works in development, and here only after the user has changed something."""
    if not site.project.uploads:
        return ()
    return (
        "the project accepts uploads (MEDIA_ROOT), but a container's disk is lost with each deployment. "
        "Store uploads in a bucket.",
    )


def notes(site: Site) -> tuple[str, ...]:
    """What the user should know although it does not stop the run."""
    return tuple(_notes(site))


def _notes(site: Site) -> Iterator[str]:
    project, wanted = site.project, str(site.recipe.python)
    yield from kept_processes(site, procfile(site))
    if project.files.get("runtime.txt") is not None:
        yield "runtime.txt is deprecated on Scalingo; use .python-version instead."
    if _PYTHONS.lacks_newer(wanted):
        yield newer_python(_PYTHONS, "Scalingo", wanted)
    if project.files.get("package.json") is not None:
        yield (
            "the project has a package.json: if Scalingo takes it for Node.js, run "
            "scalingo env-set BUILDPACK_URL=https://github.com/Scalingo/python-buildpack"
        )
    yield from untranslated(site, "Scalingo's build does not compile them")


def not_done(site: Site) -> tuple[str, ...]:
    """What this project may still need on Scalingo and no step does."""
    return tuple(left_everywhere(site, own_hosts=r".*\.scalingo\.io", answers="answers at Scalingo's address"))
