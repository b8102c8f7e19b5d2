"""What can stop a run on Fly.io, with what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from ..contract import Problem
from .dockerignore import literal


def impossible_name(name: str) -> Problem:
    """Fly.io would refuse the app's name, or that of its database."""
    return Problem(
        code="fly-name",
        found=f'"{name}" is not a valid app name on Fly.io.',
        remedy="Use up to 60 lowercase letters, digits and hyphens, without a hyphen at either end.",
    )


def impossible_region(region: str) -> Problem:
    """Seen without asking Fly.io."""
    return Problem(
        code="fly-region",
        found=f'"{region}" is not a Fly.io region: region codes have three letters.',
        remedy="Choose one from fly platform regions, or leave out --region: --automate-all picks one.",
        see="https://fly.io/docs/reference/regions/",
    )


def two_databases() -> Problem:
    """Attaching the database would be refused: the secret DATABASE_URL has a value."""
    return Problem(
        code="fly-two-databases",
        found="The option --env sets DATABASE_URL, but the app would also get its own database.",
        remedy="To use the database that DATABASE_URL names, add --database none. Otherwise leave out DATABASE_URL.",
    )


def not_copied(paths: Sequence[str]) -> Problem:
    """COPY takes these characters for variables, quotes or patterns (Docker docs: Dockerfile reference)."""
    return Problem(
        code="fly-copy",
        found=f"A Dockerfile cannot copy files with these names: {', '.join(paths)}.",
        remedy="Give the file or its folder a name without $ ' \" \\ [ * ? and commit that.",
    )


def left_out(paths: Sequence[str]) -> Problem:
    """The builder would not get what the image needs."""
    return Problem(
        code="fly-left-out",
        found=f".dockerignore excludes files that the image needs: {', '.join(paths)}.",
        remedy="Remove the matching line from .dockerignore, or add at its end: "
        f"{', '.join(f'!{literal(path)}' for path in paths)}",
        see="https://docs.docker.com/build/concepts/context/#dockerignore-files",
    )


def closed_configuration(reason: str) -> Problem:
    """fly.toml cannot take what it lacks."""
    return Problem(
        code="fly-toml",
        found=f"Nothing can be added to fly.toml: {reason}.",
        remedy="Fix that place. Each table needs its own header, for example a line [http_service].",
        see="https://fly.io/docs/reference/configuration/",
    )


def unknown_region(region: str, codes: Sequence[str]) -> Problem:
    """Fly.io does not list the region, or not for what is wanted."""
    return Problem(
        code="fly-region-unknown",
        found=f'Fly.io has no region "{region}" for this.',
        remedy=f"Choose one of: {', '.join(f'--region {code}' for code in codes)}",
        see="https://fly.io/docs/reference/regions/",
    )


def other_organization(app: str, own: str, wanted: str) -> Problem:
    """--org names another organization than that of the app."""
    return Problem(
        code="fly-other-organization",
        found=f"The app {app} belongs to the organization {own}, not to {wanted}.",
        remedy="Leave out --org, or choose another name: --deployed-project-name NAME",
    )


def unknown_organization(name: str, slugs: Sequence[str]) -> Problem:
    """--org names an organization that the account does not see."""
    return Problem(
        code="fly-organization",
        found=f"Your Fly.io account has no organization {name}.",
        remedy=f"Choose one of: {_choices(slugs)}",
    )


def which_organization(slugs: Sequence[str]) -> Problem:
    """There are several, and no one can be asked."""
    return Problem(
        code="fly-organizations",
        found="Your Fly.io account has several organizations.",
        remedy=f"Choose one of: {_choices(slugs)}",
    )


def foreign_database(name: str, reason: str) -> Problem:
    """What the app's database would be called is someone else's."""
    return Problem(
        code="fly-database",
        found=f"The app's database would be named {name}, but that name is in use: {reason}.",
        remedy="Choose another name for the app: --deployed-project-name NAME\n"
        "Or use --database none and attach a database yourself.\n"
        "If that database belongs to this project, name the app and add --adopt.",
    )


def _choices(slugs: Sequence[str]) -> str:
    return ", ".join(f"--org {slug}" for slug in slugs)
