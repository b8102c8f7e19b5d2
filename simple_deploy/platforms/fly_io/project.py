"""What Fly.io wants a project to say: its files, its requirements, and what stands in the way."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from ..contract import Options, Problem, Project, Remote, Wish, serves_static, slug
from . import databases, fly_toml, problems
from .dockerfile import dockerfile, dockerignore

CONFIGURATION = "fly.toml"
# A host name's label has 63 characters at most, and "-db" is added to it.
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
_REGION = re.compile(r"[a-z]{3}")
# Hosts of development, in the forms that ALLOWED_HOSTS knows: they are nobody's domain.
_LOCAL = re.compile(r"[\d.]+|(.*\.)?localhost|.*\.(local|test|example)|\.?fly\.dev|.*\.fly\.dev")


def requirements(project: Project) -> tuple[str, ...]:
    """What the settings block and the image use, and a PostgreSQL driver if the project brings none."""
    wanted = ["gunicorn>=22", "dj-database-url>=2.1"]
    if serves_static(project.settings):
        wanted.append("whitenoise>=6.5")
    drivers = {"psycopg", "psycopg2", "psycopg2-binary", "psycopg-binary"}
    if not drivers & project.dependencies.declared:
        # psycopg 3 is supported since Django 4.2 (its release notes). Its binary needs no compiler.
        modern = project.settings.django_version >= (4, 2)
        wanted.append("psycopg[binary]>=3.1.18" if modern else "psycopg2-binary>=2.9")
    return tuple(wanted)


def configuration(project: Project) -> fly_toml.Document:
    """What the user's fly.toml says; nothing if there is none, or if it cannot be read."""
    try:
        return fly_toml.loads((project.files.get(CONFIGURATION) or b"").decode("utf-8-sig"))
    except ValueError:
        return {}


def app_name(project: Project, options: Options) -> str:
    """The app's name: the user's, else that in fly.toml, else one that every run makes anew the same."""
    named = options.app_name or configuration(project).get("app")
    return str(named) if named else slug(project.name, project.git.first_commit or "", longest=30)


def wishes(project: Project, options: Options, remote: Remote) -> tuple[Wish, ...]:
    """fly.toml, and the image with what stays out of it, unless fly.toml names another image."""

    def edit(text: str | None) -> str:
        try:
            return _configured(text, project, options, remote)
        except ValueError:
            # `check` says why it cannot be.
            return text or ""

    toml = Wish(path=CONFIGURATION, edit=edit, why="how Fly.io builds, migrates and runs the site")
    return (toml, *(() if _other_image(project) else _image(project, options)))


def _configured(text: str | None, project: Project, options: Options, remote: Remote) -> str:
    """fly.toml as it shall be. Raises ValueError where that cannot be done safely."""
    region = options.region or remote.facts.get("region") or configuration(project).get("primary_region")
    run = f"python {shlex.quote(project.manage_py)}"
    values = {"shell": f"{run} shell", "migrate": f"{run} migrate --noinput"}
    return fly_toml.edited(text, app=remote.app or app_name(project, options), region=region, values=values)


def _image(project: Project, options: Options) -> tuple[Wish, ...]:
    return (
        Wish(
            path="Dockerfile",
            edit=lambda text: dockerfile(project, options),
            why="the image that Fly.io builds and runs",
            whole=True,
        ),
        Wish(
            path=".dockerignore",
            edit=lambda text: dockerignore(text, project),
            why="Fly.io takes the folder as it is: secrets, databases and environments stay out of the image",
        ),
    )


def _other_image(project: Project) -> str:
    """What fly.toml builds or runs in place of the Dockerfile at the Git root; "" if nothing."""
    build = configuration(project).get("build", {})
    others = [f"{key} = {build[key]!r}" for key in ("image", "builder", "buildpacks") if build.get(key)]
    if build.get("dockerfile", "Dockerfile").removeprefix("./") != "Dockerfile":
        others.append(f"dockerfile = {build['dockerfile']!r}")
    return ", ".join(others)


def check(project: Project, options: Options, remote: Remote) -> tuple[Problem, ...]:
    """What would make the build or the creation fail, seen from here."""
    return tuple(_check(project, options, remote))


def _check(project: Project, options: Options, remote: Remote) -> Iterator[Problem]:
    name = app_name(project, options)
    if not _NAME.fullmatch(name):
        yield problems.impossible_name(name)
    if options.region and remote.version is None and not _REGION.fullmatch(options.region):
        yield problems.impossible_region(options.region)
    present = project.files.get(CONFIGURATION)
    try:
        _configured(present.decode("utf-8-sig") if present else None, project, options, remote)
    except UnicodeDecodeError:
        pass  # The deployer says it of every file that is no text.
    except ValueError as error:
        yield problems.closed_configuration(str(error))


def notes(project: Project, options: Options, remote: Remote) -> tuple[str, ...]:
    """What the user should know although it does not stop the run."""
    return tuple(_notes(project, options, remote))


def _notes(project: Project, options: Options, remote: Remote) -> Iterator[str]:
    present = configuration(project)
    region = remote.facts.get("region")
    if region and remote.facts.get("chosen"):
        yield f"the region {region} is chosen by your clock; --region NAME takes another one."
    elif not (region or options.region or present.get("primary_region")):
        yield "no region is in fly.toml yet. --region NAME puts one there, or a run with --automate-all does."
    if other := _other_image(project):
        yield f"no Dockerfile is written, because fly.toml says {other}. That image has to listen on the internal_port."
    runs_in = remote.facts.get("runs in")
    if runs_in and runs_in != (region or runs_in):
        yield f"the machine that runs in {runs_in} stays there; {region} is for new ones."
    checks = present.get("http_service", {}).get("checks", [])
    if any("host" not in map(str.lower, check.get("headers", {})) for check in checks if "path" in check):
        yield (
            "a health check in fly.toml sends no Host header, so Django sees a private address and refuses it (400): "
            f"add Host = '{app_name(project, options)}.fly.dev' to its headers."
        )
    if "statics" in present:
        yield (
            "[[statics]] in fly.toml answers before Django does, and does not know the names that collectstatic "
            "gives; WhiteNoise serves all static files without it."
        )
    if project.settings.media_root:
        yield (
            "the project accepts uploads (MEDIA_ROOT), but a machine's disk is as new after each deployment. "
            "Store uploads in a bucket: https://fly.io/docs/tigris/"
        )
    yield from _database_notes(options, remote)


def _database_notes(options: Options, remote: Remote) -> Iterator[str]:
    kind = databases.kind(options, remote)
    if remote.database and options.database not in (None, kind):
        yield f"--database {options.database} changes nothing: the app has a database ({remote.database})."
    elif kind == databases.NONE:
        yield "without a database on Fly.io the site uses the one of your own settings, and has to reach it from there."
    elif kind == databases.OTHER:
        yield "the app's secret DATABASE_URL names a database that simple_deploy did not make; it is used as it is."
    elif kind == databases.MANAGED:
        yield (
            "the managed database is no part of the app: it goes on, and costs, when the app is gone. "
            "fly mpg list names its ID, and fly mpg destroy ID removes it."
        )
    else:
        yield "the database is not supported by Fly.io: its updates, backups and repair are yours (--database managed)."


def not_done(project: Project, remote: Remote) -> tuple[str, ...]:
    """What this project may still want on Fly.io and no step does."""
    return tuple(_not_done(project, remote))


def _not_done(project: Project, remote: Remote) -> Iterator[str]:
    settings = project.settings
    domains = [host for host in settings.allowed_hosts if "." in host and not _LOCAL.fullmatch(host)]
    if domains:
        yield f"{', '.join(domains)} (ALLOWED_HOSTS) is not pointed to the app; it answers at Fly.io's address only."
    else:
        yield "No domain of your own is connected; the site answers at Fly.io's address."
    if settings.database_engine.endswith(".sqlite3"):
        yield "The data in your SQLite database is not copied; the site starts with an empty database."
    if "django.contrib.admin" in settings.installed_apps and remote.deployed is None:
        yield "No admin user is created; you make the first one after the deployment."
    yield "No second machine is created: while the only one is replaced or fails, nobody answers."
