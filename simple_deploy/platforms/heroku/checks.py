"""Problems on Heroku, notes for the user, and what no step does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from simple_deploy.contract import (
    Problem,
    Site,
    Start,
    Ways,
    allows,
    facts,
    fixed_port,
    https_hidden,
    kept_processes,
    left_everywhere,
    newer_python,
    not_executable,
    own_processes,
)

from . import texts
from .files import MISSPELT, procfile

_FACTS = facts(Path(__file__).parent)
# Python versions that the buildpack installs.
_PYTHONS = _FACTS["Python versions"]
_SERIES = tuple((int(major), int(minor)) for major, minor in (text.split(".") for text in _PYTHONS.value))
# Debian packages that the stack has, if only under Ubuntu's name (libglib2.0-0t64, libmysqlclient-dev).
_IN_STACK = frozenset(_FACTS["system packages"].value)
# Regions of the Common Runtime; the others need a Private Space.
REGIONS = _FACTS["regions"].value
WAYS = Ways(
    worker='add the line "worker: {command}" to the Procfile, push, and run heroku ps:scale worker=1',
    worker_cost=_FACTS["dyno price"].value["text"],
    # The certificate: devcenter.heroku.com, "Connecting to Heroku Key-Value Store".
    redis="heroku addons:create heroku-redis:mini --app NAME, which sets the variable REDIS_URL (its certificate is "
    "self-signed, so clients need ssl_cert_reqs=None). If pages need it, run heroku apps:create NAME before that, and "
    "deploy with --deployed-project-name NAME --adopt after it",
    redis_cost=_FACTS["Redis price"].value,
    redis_variable="REDIS_URL",
    schedule="heroku addons:create scheduler:standard, then heroku addons:open scheduler; only the dynos that run the "
    "jobs cost something",
)
_MEGABYTE = 1_000_000
_NAME = re.compile(r"[a-z](?:[a-z0-9-]{1,28})[a-z0-9]")


def check(site: Site) -> tuple[Problem, ...]:
    """What would make the build or the creation fail, as far as it can be seen locally."""
    return tuple(_check(site))


def _check(site: Site) -> Iterator[Problem]:
    project, options = site.project, site.options
    if options.app_name and not _NAME.fullmatch(options.app_name):
        yield texts.impossible_name(name=options.app_name)
    if options.region and options.region not in REGIONS:
        yield texts.unknown_region(region=options.region, regions=REGIONS)
    for name in MISSPELT:
        if project.files.get(name) is not None:
            yield texts.misspelt(name=name)
    web = own_processes(site).get("web", "")
    if port := fixed_port(web):
        yield texts.port_fixed(command=web, port=port)
    yield from https_hidden("Procfile", web)
    yield from not_executable(project, "Procfile", " ".join(own_processes(site).values()))
    yield from _check_python(site)
    large = site.project.tried.large
    # What a wheel packs is packed in the slug in much the same way.
    if (size := sum(bytes_ for _, bytes_ in large)) > _FACTS["slug size"].value * _MEGABYTE:
        named = [f"{name} ({bytes_ // _MEGABYTE} MB)" for name, bytes_ in large[:5]]
        yield texts.slug_too_large(size=size // _MEGABYTE, limit=_FACTS["slug size"].value, large=named)


def starts(site: Site) -> tuple[Start, ...]:
    """How the project's own Procfile starts the site. PYTHONPATH names the Git root (heroku-buildpack-python), unless a
    script that runs first says otherwise (Dev Center, "Dynos and the dyno manager" and "Buildpack API").
    """
    web, before = own_processes(site).get("web", ""), (".profile", ".profile.d")
    return (Start(file="Procfile", command=web, folder=".", path=(".",), before=before),) if web else ()


def _check_python(site: Site) -> Iterator[Problem]:
    dependencies = site.project.dependencies
    if site.project.files.get("runtime.txt") is not None and dependencies.lock == "uv.lock":
        yield texts.runtime_txt(manifest=dependencies.manifest)
    if reason := _unreadable(site):
        # Django's FAQ: 4.1 and older support no Python after 3.11.
        newer = "3.11" if site.project.settings.django_version < (4, 2) else "3.13"
        if any(allows(dependencies.python, series) for series in _SERIES):
            older = site.project.files.get("runtime.txt") is not None
            other = ", remove runtime.txt (git rm runtime.txt)" if older else ""
            yield texts.unknown_python(reason=reason, newer=newer, other=other)
        else:
            given = {"manifest": dependencies.manifest, "allowed": dependencies.python, "newer": newer}
            yield texts.excluded_python(supported=_PYTHONS.value, **given)


def _unreadable(site: Site) -> str:
    """Why Heroku would not install the project's Python; "" if it would. runtime.txt takes precedence there."""
    wanted, runtime = site.recipe.python, site.project.files.get("runtime.txt")
    if runtime is not None and not re.fullmatch(rb"\s*python-\d+\.\d+(\.\d+)?\s*", runtime):
        return f'runtime.txt says "{" ".join(runtime.decode("utf-8", "replace").split())}"'
    if wanted.mark:
        return ".python-version begins with a byte order mark; save it as UTF-8 without one"
    if wanted.said is not None and not re.fullmatch(r"\d+\.\d+(\.\d+)?", wanted.said):
        return f'.python-version says "{wanted.said}"'
    known = str(wanted) in _PYTHONS.value or _PYTHONS.lacks_newer(str(wanted))
    return "" if known else f"{wanted.where} says {wanted}"


def not_working(site: Site) -> tuple[str, ...]:
    """What works in development, and here only after the user has changed something."""
    if not site.project.uploads:
        return ()
    return (
        "uploads go to a folder (MEDIA_ROOT), and a dyno's disk is reset at least once a day. "
        "Store uploads in a bucket: https://devcenter.heroku.com/articles/s3",
    )


def notes(site: Site) -> tuple[str, ...]:
    """What the user should know although it does not stop the run."""
    return tuple(_notes(site))


def _notes(site: Site) -> Iterator[str]:
    yield from kept_processes(site, procfile(site))
    if site.project.files.get("runtime.txt") is not None:
        yield "runtime.txt is deprecated on Heroku; use .python-version instead."
    wanted = str(site.recipe.python)
    if _PYTHONS.lacks_newer(wanted):
        yield newer_python(_PYTHONS, "Heroku", wanted)
    needs = site.recipe.system
    if lacking := [name for name in needs.all if name not in _IN_STACK]:
        yield (
            f"{needs.needing(lacking)} may need system packages that Heroku does not have: {', '.join(lacking)}. If "
            "they are missing during the build or at run time, list them in an Aptfile, one per line, and run: "
            "heroku buildpacks:add --index 1 heroku-community/apt"
        )


def not_done(site: Site) -> tuple[str, ...]:
    """What this project may still need on Heroku and no step does."""
    hosts = r"\.?herokuapp\.com|.*\.herokuapp\.com"
    own = [name for name in own_processes(site) if name not in ("web", "release")]
    scaled = f"run heroku ps:scale {' '.join(f'{name}=1' for name in own)}, as your Procfile has the command"
    ways = replace(WAYS, worker=scaled) if own else WAYS
    left = left_everywhere(site, own_hosts=hosts, answers="answers at Heroku's address", ways=ways)
    return (*left, "No backups of the database are scheduled.")
