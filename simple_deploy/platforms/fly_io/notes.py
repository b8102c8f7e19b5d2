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
        yield f"the region {region} was chosen from your time zone; --region NAME selects another one."
    elif not (region or options.region or present.get("primary_region")):
        yield "fly.toml has no region yet. --region NAME or a run with --automate-all adds one."
    if other := other_image(project):
        yield f"no Dockerfile is written, because fly.toml has {other}. That image must listen on internal_port."
    if sent := sent_although_ignored(project):
        more = f" and {len(sent) - _MOST} more" if len(sent) > _MOST else ""
        yield (
            "Git ignores these files, but .dockerignore does not exclude them from the image: "
            f"{', '.join(sent[:_MOST])}{more}. Add a line for each file that must stay out."
        )
    if ignorefile := fly_toml.table(present, "build").get("ignorefile"):
        yield f"fly.toml uses {ignorefile} instead of .dockerignore; what it excludes was not checked."
    runs_in = remote.facts.get("runs in")
    if runs_in and runs_in != (region or runs_in):
        yield f"the existing machine stays in {runs_in}; {region} applies to new machines only."
    checks = fly_toml.tables(fly_toml.table(present, "http_service"), "checks")
    if any("host" not in map(str.lower, fly_toml.table(check, "headers")) for check in checks if "path" in check):
        yield (
            "a health check in fly.toml sends no Host header, so Django sees a private address and refuses it (400): "
            f"add Host = '{remote.app}.fly.dev' to its headers."
        )
    if "statics" in present:
        yield (
            "[[statics]] in fly.toml is served before requests reach Django, without the hashed names from "
            "collectstatic. Remove it: WhiteNoise serves all static files."
        )
    if project.settings.media_root:
        yield (
            "the project accepts uploads (MEDIA_ROOT), but a machine's disk is reset with each deployment. "
            "Store uploads in a bucket: https://fly.io/docs/tigris/"
        )
    if remote.version and not remote.deployed:
        yield f"{_FACTS['free trial'].value}."
    yield from _database_notes(options, remote)
    unseen = [name for name in ("DEBUG", "SECRET_KEY") if name in remote.variables]
    if unseen:
        yield (
            f"Fly.io shows only digests of secrets, so the values of {', '.join(unseen)} could not be checked. To "
            "change one: fly secrets set NAME=value"
        )


def _database_notes(options: Options, remote: Remote) -> Iterator[str]:
    kind = databases.kind(options, remote)
    if remote.database and options.database not in (None, kind):
        yield f"--database {options.database} has no effect: the app already has a database ({remote.database})."
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
            "Fly.io does not support this database: updates, backups and repairs are up to you (--database managed "
            "is the alternative)."
        )


def not_done(project: Project, remote: Remote) -> tuple[str, ...]:
    """What this project may still want on Fly.io and no step does."""
    return tuple(_not_done(project, remote))


def _not_done(project: Project, remote: Remote) -> Iterator[str]:
    yield from left_everywhere(
        project, remote, own_hosts=r"\.?fly\.dev|.*\.fly\.dev", answers="answers at Fly.io's address"
    )
    yield "No second machine is created: the site is down while its only machine is replaced or has failed."
