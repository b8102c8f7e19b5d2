"""Problems on Fly.io, notes for the user, and what no step does."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from simple_deploy.contract import NEWEST_PYTHON, Problem, Site, Ways, facts, left_everywhere, toml_content, unsupported

from . import databases, fly_toml, texts
from .dockerignore import Ignore, literal
from .files import configured
from .left_out import dockerignore, sent
from .own_image import BESIDE, DOCKERFILE, code, fixed, image_file, listens_at, other_image, unsuitable
from .own_start import runs_a_script

_FACTS = facts(Path(__file__).parent)
WAYS = Ways(
    worker="add a table [processes] to fly.toml, with the CMD of the Dockerfile as app and with worker = '{command}', "
    "add processes = ['app'] to [http_service], and deploy",
    worker_cost=_FACTS["machine price"].value["text"],
    redis="fly redis create, and set {names} to {parts}the address that it prints (fly secrets set)",
    redis_cost=_FACTS["Redis price"].value,
    schedule="fly machine run IMAGE COMMAND --schedule daily, with the app's image (fly image show)",
)
# A host name's label has at most 63 characters, and "-db" is added to it.
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
_REGION = re.compile(r"[a-z]{3}")
_FROM = re.compile(r"^FROM\s+(?:--\S+\s+)?(?:\S+/)?python:(3\.\d+)", re.MULTILINE | re.IGNORECASE)
# The number of files that a note lists.
_MOST = 20


def check(site: Site) -> tuple[Problem, ...]:
    """What would make the build or the creation fail, as far as it can be seen locally."""
    return tuple(_check(site))


def _check(site: Site) -> Iterator[Problem]:
    region = site.options.region
    if not _NAME.fullmatch(site.app):
        yield texts.impossible_name(name=site.app)
    if region and not site.remote.surveyed and not _REGION.fullmatch(region):
        yield texts.impossible_region(region=region)
    own_database = databases.kind(site) not in (databases.NONE, databases.OTHER)
    if "DATABASE_URL" in site.options.variables and own_database:
        yield texts.two_databases()
    special = [path for path in site.recipe.files if set("$'\"\\[*?") & set(path)]
    if special and not other_image(site.project):
        yield texts.not_copied(paths=special)
    if needed := _left_out(site):
        yield texts.left_out(paths=needed, lines=map(literal, needed))
    present = site.project.files.get(fly_toml.CONFIGURATION)
    try:
        configured(present.decode("utf-8-sig") if present else None, site)
        yield from _check_image(site)
    except UnicodeDecodeError:
        pass  # The core reports every file that is not text.
    except ValueError as error:
        yield texts.closed_configuration(reason=error)


def _check_image(site: Site) -> Iterator[Problem]:
    """A user's own Dockerfile is kept. Where it does not start the site, Fly.io builds one of ours beside it, unless
    fly.toml names what it builds.
    """
    keys = fixed(site.project)
    if keys and image_file(site) == DOCKERFILE and (reason := unsuitable(site)):
        gunicorn = json.dumps(site.recipe.web("--bind", f"0.0.0.0:{listens_at(site.project)}"))
        yield texts.unsuitable_image(reason=reason, wanted=f"CMD {gunicorn}", key=min(keys), file=BESIDE)


def _sent_although_ignored(site: Site) -> list[str]:
    """What Git ignores but is sent to Fly.io's builder, given the planned .dockerignore."""
    text = _dockerignore(site)
    return [] if text is None else sent(site, text)


def _dockerignore(site: Site) -> str | None:
    """The planned .dockerignore; None if nothing is built, so nothing is sent."""
    if fly_toml.table(fly_toml.of(site.project), "build").get("image"):
        return None
    raw = site.project.files.get(".dockerignore")
    text = raw.decode("utf-8", "replace") if raw is not None else None
    return (text or "") if other_image(site.project) else dockerignore(text, site)


def left_out(site: Site) -> Callable[[str], str]:
    """The name of the planned .dockerignore for a path that it excludes."""
    text = _dockerignore(site)
    patterns = Ignore(text or "")
    return lambda path: ".dockerignore" if patterns.leaves_out(path) else ""


def _left_out(site: Site) -> list[str]:
    """The files that the image needs but the .dockerignore excludes.

    It repeats what Git ignores, which has a problem of its own.
    """
    excluded, project = left_out(site), site.project
    dependencies = project.dependencies
    read = (dependencies.manifest, dependencies.lock, *dependencies.files, _readme(site))
    named = (*read, project.manage_py, project.settings.path)
    needed = {path: None for name in named if name not in (None, ".") for path in (name, project.real(name))}
    return [path for path in needed if excluded(path) and path not in project.ignored.files]


def _readme(site: Site) -> str | None:
    """What pyproject.toml names as its readme: who builds the project as a package reads it."""
    dependencies = site.project.dependencies
    raw = site.project.files.get(dependencies.manifest)
    if "." not in dependencies.files or raw is None or not dependencies.manifest.endswith(".toml"):
        return None
    named = toml_content(raw).get("project", {}).get("readme")
    name = named.get("file") if isinstance(named, dict) else named
    return (PurePosixPath(dependencies.manifest).parent / name).as_posix() if isinstance(name, str) else None


def not_working(site: Site) -> tuple[str, ...]:
    """What works in development, and here only after the user has changed something."""
    return tuple(_not_working(site))


def _not_working(site: Site) -> Iterator[str]:
    if site.project.uploads:
        yield (
            "uploads go to a folder (MEDIA_ROOT), and a machine's disk is reset whenever it stops: with each "
            "deployment, and after some minutes without visitors. Store uploads in a bucket: "
            "https://fly.io/docs/tigris/"
        )
    yield from _image_gaps(site)
    yield from _service_gaps(site)


def notes(site: Site) -> tuple[str, ...]:
    """What the user should know although it does not stop the run."""
    return tuple(_notes(site))


def _notes(site: Site) -> Iterator[str]:
    remote, found = site.remote, databases.of(site.remote)
    yield from _region_notes(site)
    yield from _image_notes(site)
    if found.runs_in and found.region not in ("", found.runs_in):
        yield f"the existing machine stays in {found.runs_in}; {found.region} applies to new machines only."
    if remote.surveyed and not remote.deployed:
        yield f"{_FACTS['free trial'].value}."
    yield from _database_notes(site)
    unseen = [name for name in ("DEBUG", "SECRET_KEY") if name in remote.variables]
    if unseen:
        yield (
            f"Fly.io shows only digests of secrets, so the values of {', '.join(unseen)} could not be checked. To "
            "change one: fly secrets set NAME=value"
        )


def _image_gaps(site: Site) -> Iterator[str]:
    """What a user's own Dockerfile lacks that the site needs."""
    lines = _own_lines(site)
    if not lines or runs_a_script(site.project, lines):
        return
    if site.recipe.build and "collectstatic" not in lines:
        yield (
            "your Dockerfile does not collect static files, so pages come without them. Add a line: "
            f"RUN {shlex.join(site.recipe.build[0])}"
        )
    if site.recipe.translate and "compilemessages" not in lines:
        yield (
            "your Dockerfile does not compile translations, and Git has none compiled, so pages are not translated. "
            f"Install the package gettext in it, and add a line: RUN {shlex.join(site.recipe.translate)}"
        )


def _dockerfile_notes(site: Site) -> Iterator[str]:
    for version in sorted({found[1] for found in _FROM.finditer(_own_lines(site))}):
        if old := unsupported(version, site.options.now.date()):
            yield f"your Dockerfile uses Python {version}, which {old}."


def _own_lines(site: Site) -> str:
    """The instructions of the user's own Dockerfile; "" if it is not the one that is built."""
    return code(site) if image_file(site) == DOCKERFILE else ""


def _region_notes(site: Site) -> Iterator[str]:
    found, present = databases.of(site.remote), fly_toml.of(site.project)
    if found.region and found.chosen:
        yield f"the region {found.region} was chosen from your time zone; --region NAME selects another one."
    elif not (found.region or site.options.region or present.get("primary_region")):
        yield "fly.toml has no region yet. --region NAME or a run with --automate-all adds one."


def _image_notes(site: Site) -> Iterator[str]:
    if other := other_image(site.project):
        yield f"no Dockerfile is written, because fly.toml has {other}. That image must listen on internal_port."
    if image_file(site) == BESIDE and (reason := unsuitable(site)):
        yield (
            f"your Dockerfile {reason}, so it stays as it is and Fly.io builds {BESIDE}. --replace-files replaces "
            "yours instead."
        )
    if not other_image(site.project) and site.recipe.python.series > NEWEST_PYTHON:
        yield (
            f"simple_deploy cannot tell whether there is an image with Python {site.recipe.python}: the newest that it "
            f"knows is {'{}.{}'.format(*NEWEST_PYTHON)}. See https://hub.docker.com/_/python"
        )
    yield from _dockerfile_notes(site)
    if sent := _sent_although_ignored(site):
        more = f" and {len(sent) - _MOST} more" if len(sent) > _MOST else ""
        yield (
            "Git ignores these files, but .dockerignore does not exclude them from the image: "
            f"{', '.join(sent[:_MOST])}{more}. Add a line for each file that must stay out."
        )
    if ignorefile := fly_toml.table(fly_toml.of(site.project), "build").get("ignorefile"):
        yield f"fly.toml uses {ignorefile} instead of .dockerignore; what it excludes was not checked."


def _service_gaps(site: Site) -> Iterator[str]:
    present = fly_toml.of(site.project)
    checks = fly_toml.tables(fly_toml.table(present, "http_service"), "checks")
    if any("host" not in map(str.lower, fly_toml.table(check, "headers")) for check in checks if "path" in check):
        yield (
            "a health check in fly.toml sends no Host header, so Django sees a private address and refuses it (400): "
            f"add Host = '{site.remote.app}.fly.dev' to its headers."
        )
    if "statics" in present:
        yield (
            "[[statics]] in fly.toml is served before requests reach Django, without the hashed names from "
            "collectstatic. Remove it: WhiteNoise serves all static files."
        )


def _database_notes(site: Site) -> Iterator[str]:
    kind, asked, present = databases.kind(site), site.options.database, site.remote.database
    if present and asked not in (None, kind):
        yield f"--database {asked} has no effect: the app already has a database ({present})."
    elif kind == databases.NONE:
        yield (
            "without a database on Fly.io, the site uses the one in your own settings, which must be reachable from "
            "Fly.io."
        )
    elif kind == databases.OTHER:
        yield "the app's secret DATABASE_URL names a database that simple_deploy did not create; it is used unchanged."
    elif kind == databases.MANAGED:
        yield (
            "the managed database is separate from the app: it keeps running, and costs money, after the app is "
            "deleted. fly mpg list shows its ID, and fly mpg destroy ID deletes it."
        )
    else:
        yield (
            "Fly.io runs this PostgreSQL but does not manage it: updates, backups and repairs are up to you. It does "
            "that for a managed one (--database managed), which costs more."
        )


def not_done(site: Site) -> tuple[str, ...]:
    """What this project may still need on Fly.io and no step does."""
    left = left_everywhere(
        site, own_hosts=r"\.?fly\.dev|.*\.fly\.dev", answers="answers at Fly.io's address", ways=WAYS
    )
    return (*left, "No second machine is created: the site is down while its only machine is replaced or has failed.")
