"""Words and sentences that are the same on every platform."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256

from ..messages import errors
from ..model import Argument, Problem, Project, Secret
from ..production.database import replaced
from ..production.hosts import LOCAL
from ..production.not_covered import Ways, not_covered
from .site import Site

_WAYS = Ways()
_SCRIPT = re.compile(r"[\w./-]*\.sh\b")
_SHELL = re.compile(rb"#!.*\b(?:ba|da|k|z)?sh\b")
# Hosts that other services give to a project, or to a machine for development.
_SERVICES = (
    *("amazonaws.com", "appspot.com", "azurewebsites.net", "elasticbeanstalk.com", "github.dev"),
    *("gitpod.io", "koyeb.app", "netlify.app", "ngrok-free.app", "ngrok.io", "now.sh"),
    *("ondigitalocean.app", "onrender.com", "pythonanywhere.com", "railway.app", "repl.co"),
    *("replit.dev", "run.app", "vercel.app"),
)
_NOBODYS = rf"{LOCAL}|.*\.({'|'.join(map(re.escape, _SERVICES))})"


def left_everywhere(
    site: Site,
    *,
    own_hosts: str = "",
    answers: str = "",
    ways: Ways = _WAYS,
    nowhere: Collection[str] = (),
) -> Iterator[str]:
    """What no run does on any platform. `own_hosts` is a pattern of the platform's own host names; `answers` continues
    the sentence after "it" ("answers at the platform's address"). `ways` describes how to add the rest, `nowhere` are
    variables whose value is the address of something that has still to be added.
    """
    settings = site.project.settings
    answers = answers or "answers at the platform's address"
    nobodys = re.compile(f"{_NOBODYS}|{own_hosts}" if own_hosts else _NOBODYS)
    domains = [host for host in settings.allowed_hosts if "." in host and not nobodys.fullmatch(host)]
    if domains:
        verb = "are" if domains[1:] else "is"
        yield f"{', '.join(domains)} (ALLOWED_HOSTS) {verb} not connected; the site only {answers}."
    else:
        yield f"No custom domain is connected; the site {answers}."
    engine = replaced(settings, site.options)
    if engine != settings.database_engine and site.remote.deployed is None:
        yield "The data in your local database is not copied; the site starts with an empty database."
    if engine:
        start = (
            "Your data is not copied: in production, PostgreSQL replaces"
            if engine == settings.database_engine
            else "Production has PostgreSQL, also where the settings name"
        )
        yield f"{start} {engine}. SQL of your own (RunSQL, raw, cursor.execute) must be valid there."
    # What only the user knows has an empty value in a run that does not deploy.
    known = site.remote.variables.union(name for name, value in site.options.variables.items() if plain(value))
    yield from not_covered(site.project, site.recipe.front_end, site.recipe.worker, ways, known.difference(nowhere))


def compared(given: Mapping[str, str | Secret], shown: Mapping[str, str]) -> tuple[frozenset[str], frozenset[str]]:
    """The names that the platform shows with the given value, and those with another: `Remote.same` and `differing`."""
    same = frozenset(name for name, value in given.items() if shown.get(name) == plain(value))
    return same, frozenset(given.keys() & shown.keys()) - same


def untranslated(site: Site, why: str) -> Iterator[str]:
    """A note on translations whose compiled form is not in Git. `why` is a sentence on why they may be missing."""
    if site.recipe.translate:
        compiled = [path.removesuffix(".po") + ".mo" for path in site.project.git.uncompiled[:3]]
        more = " and so on" if len(site.project.git.uncompiled) > len(compiled) else ""
        yield (
            f"Git does not have your translations in their compiled form (.mo). {why}. To be sure that pages are "
            "translated, run python manage.py compilemessages and commit its output: git add --force "
            f"{shlex.join(compiled)}{more}"
        )


def assignment(name: str, value: str | Secret) -> Argument:
    """NAME=VALUE as one word of a command."""
    return (
        Secret(value.reveal(), prefix=f"{name}=", recipe=value.recipe)
        if isinstance(value, Secret)
        else f"{name}={value}"
    )


def plain(value: str | Secret) -> str:
    """The value itself, for comparisons."""
    return value.reveal() if isinstance(value, Secret) else value


def named_scripts(text: str) -> list[str]:
    """The paths in a text that end in .sh, whether or not the project has these files."""
    return _SCRIPT.findall(text)


def is_for_a_shell(script: bytes) -> bool:
    """Whether its first line names a shell, whatever the name of the file."""
    return bool(_SHELL.match(script))


def fixed_port(command: str) -> str:
    """The port on which a web server listens regardless of the variable PORT; "" if the command does not set one."""
    found = re.search(r"(?::|--port[ =]|-p )(\d{2,5})\b", command)
    return found[1] if found and "PORT" not in command else ""


def hides_https(command: str) -> bool:
    """Whether a web server removes X-Forwarded-Proto, so that the site redirects each HTTPS request to HTTPS.

    waitress does unless it trusts the proxy (its documentation, "Using Behind A Reverse Proxy").
    """
    return "waitress-serve" in command and "--trusted-proxy" not in command


def https_hidden(file: str, command: str) -> Iterator[Problem]:
    """The problem of a start command in that file with such a server."""
    if hides_https(command):
        yield errors.https_hidden(file=file, command=command)


def not_executable(project: Project, file: str, text: str) -> Iterator[Problem]:
    """One problem for each file that this text starts and a platform could not start."""
    for path in sorted(project.git.not_executable):
        if path in text:
            yield errors.not_executable(file=file, script=path)


def slug(name: str, seed: str, *, longest: int) -> str:
    """A deterministic name: `name` in lower-case letters, digits and dashes, then six characters derived from `seed`,
    so that two projects of the same name do not collide on a platform.
    """
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    words = words if words[:1].isalpha() else f"app-{words}".rstrip("-")
    return f"{words[: longest - 7].rstrip('-')}-{sha256(seed.encode()).hexdigest()[:6]}"
