"""What the user should know of a project on Fly.io, and what no step does for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..contract import Options, Project, Remote, facts, left_everywhere
from . import databases, fly_toml
from .project import configuration, other_image, sent_although_ignored

_FACTS = facts(Path(__file__).parent)
# How many files a note names.
_MOST = 20


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
    if other := other_image(project):
        yield f"no Dockerfile is written, because fly.toml says {other}. That image has to listen on the internal_port."
    if sent := sent_although_ignored(project):
        more = f" and {len(sent) - _MOST} more" if len(sent) > _MOST else ""
        yield (
            f"Git ignores these, but .dockerignore lets them into the image: {', '.join(sent[:_MOST])}{more}. "
            "Add a line to it for each file that must stay out."
        )
    if ignorefile := fly_toml.table(present, "build").get("ignorefile"):
        yield f"fly.toml names {ignorefile} in the place of .dockerignore; what it leaves out was not checked."
    runs_in = remote.facts.get("runs in")
    if runs_in and runs_in != (region or runs_in):
        yield f"the machine that runs in {runs_in} stays there; {region} is for new ones."
    checks = fly_toml.tables(fly_toml.table(present, "http_service"), "checks")
    if any("host" not in map(str.lower, fly_toml.table(check, "headers")) for check in checks if "path" in check):
        yield (
            "a health check in fly.toml sends no Host header, so Django sees a private address and refuses it (400): "
            f"add Host = '{remote.app}.fly.dev' to its headers."
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
    if remote.version and not remote.deployed:
        yield f"{_FACTS['free trial'].value}."
    yield from _database_notes(options, remote)
    unseen = [name for name in ("DEBUG", "SECRET_KEY") if name in remote.variables]
    if unseen:
        yield (
            f"Fly.io shows secrets as digests only, so the values of {', '.join(unseen)} are not checked. "
            "To set another one: fly secrets set NAME=value"
        )


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
    yield from left_everywhere(
        project, remote, own_hosts=r"\.?fly\.dev|.*\.fly\.dev", answers="answers at Fly.io's address"
    )
    yield "No second machine is created: while the only one is replaced or fails, nobody answers."
