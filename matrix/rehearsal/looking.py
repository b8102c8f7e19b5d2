"""The stage after the deployment: what a visitor of the site sees."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from urllib.parse import urlsplit

from simple_deploy.production.build_only import placeholders

from .. import visitor
from ..engine import projects, stages
from ..engine.run import Run, StageFailed, last_words
from ..sandbox.machine import Ran
from ..visitor import Sight

# The meaning of the status of a first page where it is not an error.
NO_ERROR = {401: "asks for a login", 403: "is not for everybody", 404: "the project has no page at this address"}
# The sources of variables that the deployed site has, and the project here may lack.
_DEPLOYED = ("given", "set", "platform", "block", "missing")
_SHELL = ("manage.py", "shell")
# The development server serves the static files itself.
_LEADING = """
from django.conf import settings
from django.urls import Resolver404, resolve
for path in {paths}:
    try:
        resolve(path)
    except Resolver404:
        print("" if path.startswith(settings.STATIC_URL or "/") else f"nowhere: {{path}}")
"""
_ASKING = ("-c", "from django.urls import reverse; print('admin:', reverse('admin:index'))")


def look(run: Run) -> Run:
    """Look at the deployed site as anyone could: its first page, its admin, and the files they load."""
    admin, unknown = admin_address(run)
    sights = visitor.look(run.url, admin=admin, proxy=stages.router(run), ca=stages.authorities(run))
    missing = (run.outcome.get("trial") or {}).get("missing_static", [])
    known = [announced(sight, missing) for sight in sights]
    run = replace(run, sights=(*_known_absent(run, known), *unknown))
    run.log.write("\n".join(map(sight_line, run.sights)))
    if bad := [sight_line(sight) for sight in run.sights if not sight.ok]:
        raise StageFailed("The site does not answer as it should:\n" + "\n".join(bad))
    return run


def announced(sight: Sight, missing: Sequence[str]) -> Sight:
    """The sight; a file that the project lacks is no failure of the deployment if simple_deploy has named it."""
    names = tuple(f"/{entry.rpartition(': ')[2].partition(' (')[0]}" for entry in missing)
    # Django may redirect to the same address with a slash first.
    if sight.status != 404 or not sight.url.rstrip("/").endswith(names):
        return sight
    return replace(sight, ok=True, note="the project has no such file, as simple_deploy said")


def _known_absent(run: Run, sights: Sequence[Sight]) -> Iterator[Sight]:
    """The sights; a file to which no URL of the project leads, in development either, is no failure."""
    lost = [sight for sight in sights if not sight.ok and sight.status == 404 and sight.what.startswith("file of")]
    nowhere = _leads_nowhere(run, sorted({urlsplit(sight.url).path for sight in lost})) if lost else []
    for sight in sights:
        if sight in lost and urlsplit(sight.url).path in nowhere:
            yield replace(sight, ok=True, note="no URL of the project leads to it, in development either")
        else:
            yield sight


def _leads_nowhere(run: Run, paths: Sequence[str]) -> list[str]:
    """Those of the paths that the project's URLs do not have; none where the project cannot be asked."""
    asking = (*_SHELL, *_settings(run.options), "-c", _LEADING.format(paths=paths))
    ran = run.command([run.python, *asking], cwd=projects.manage_folder(run.source), expect=None)
    return re.findall(r"^nowhere: (.*)$", ran.stdout, re.MULTILINE) if ran.returncode == 0 else []


def sight_line(sight: Sight) -> str:
    """One line on one address."""
    note = sight.note or (NO_ERROR.get(sight.status, "") if sight.ok and sight.status else "")
    line = f"{'ok ' if sight.ok else 'BAD'}  {sight.status or '---'}  {sight.what}: {sight.url}"
    return f"{line}  {note}" if note else line


def admin_address(run: Run) -> tuple[str | None, tuple[Sight, ...]]:
    """The address of Django's admin according to the project's URLs, None if it has none; where that is not known, a
    sight that says so.

    The developer's settings may need what is not installed here, a database driver for example: then those of
    production are asked. The variables that only the deployment sets have placeholders, so that the settings load.
    """
    folder = projects.manage_folder(run.source)
    deployed = [one["name"] for one in run.outcome.get("variables", []) if one["source"] in _DEPLOYED]
    env = placeholders(name for name in deployed if name not in run.box.env)
    asking = (*_SHELL, *_settings(run.options), *_ASKING)
    ran = run.command([run.python, *asking], cwd=folder, env=env, expect=None)
    if not _answers(ran):
        folder = projects.manage_folder(run.deployed)
        python = projects.production_environment(run, run.interpreter, run.deployed)
        ran = run.command([python, *asking], cwd=folder, env={**run.emulator.ENVIRONMENT, **env}, expect=None)
    if not _answers(ran):
        note = f"not looked at: {last_words(ran).splitlines()[0]}"
        return None, (Sight(what="admin", url=run.url, status=None, ok=True, note=note),)
    found = re.search(r"^admin: /(.*)$", ran.stdout, re.MULTILINE)
    return found[1] if found else None, ()


def _settings(options: Sequence[str]) -> Sequence[str]:
    """The settings that the deployment was given, as an option of manage.py."""
    return next((pair for pair in pairwise(options) if pair[0] == "--settings"), ())


def _answers(ran: Ran) -> bool:
    """Whether the project has loaded, with an admin or without one."""
    return ran.returncode == 0 or "NoReverseMatch" in ran.stderr
