"""What can stop a run on Upsun, with what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..contract import Problem, Ran, cli_failed, facts
from .flavour import Flavour
from .python_version import SUPPORTED

_REGION = facts(Path(__file__).parent)["region"].value


def failed(ran: Ran) -> Problem:
    """A question that the CLI did not answer; status 6 is its word for "not allowed" (upsun/cli source)."""
    return cli_failed(
        command=" ".join(map(str, ran.argv)), reason=ran.stderr.strip() or f"exit status {ran.returncode}"
    )


def several_projects(flavour: Flavour, title: str, projects: Sequence[tuple[str, str]]) -> Problem:
    """Titles need not be unique; `projects` are ids with their organizations."""
    listed = ", ".join(f"{project_id} (organization {organization})" for project_id, organization in projects)
    return Problem(
        code="upsun-several-projects",
        found=f'Your account has several projects called "{title}": {listed}.',
        remedy="If one of them belongs to this project, name it by its ID: --deployed-project-name ID --adopt\n"
        "To create a new one: --deployed-project-name NEW-NAME",
    )


def no_organization(flavour: Flavour, said: str) -> Problem:
    """Projects belong to organizations, and there is none of the product's own type."""
    if not flavour.open:
        return existing_customers_only()
    return Problem(
        code="upsun-no-organization",
        found=f"Your account has no organization that can own the project. {said}",
        remedy=f"Create one: {flavour.executable} organization:create",
    )


def existing_customers_only() -> Problem:
    """What the CLI's `organization:create` makes is of the other product (upsun/cli, `default_organization_type`)."""
    return Problem(
        code="upsun-fixed",
        found="Platform.sh (Upsun Fixed) accepts existing customers only, and your account is in no organization of "
        "that kind. New organizations can only own Upsun projects.",
        remedy="Deploy to Upsun: --platform upsun\n"
        "If you have a contract for Upsun Fixed, ask its support for an organization of the type fixed.",
        see="https://fixed.docs.upsun.com/administration/organizations.html",
    )


def unknown_organization(flavour: Flavour, name: str, known: Sequence[str]) -> Problem:
    """--org names an organization that the account does not see."""
    return Problem(
        code="upsun-organization",
        found=f'Your account has no organization "{name}".',
        remedy=f"Choose one of: {_choices(known)}",
    )


def which_organization(flavour: Flavour, known: Sequence[str]) -> Problem:
    """There are several, and no one can be asked."""
    return Problem(
        code="upsun-organizations",
        found="Your account has several organizations that could own (and pay for) the project.",
        remedy=f"Choose one of: {_choices(known)}",
    )


def no_region(flavour: Flavour) -> Problem:
    """With --yes, the CLI asks no one where the project shall be."""
    return Problem(
        code="upsun-region",
        found="A new project needs a region, and with --yes there is no question about it.",
        remedy=f"Choose one, for example --region {_REGION}. Without --yes, {flavour.executable} lists all regions.",
        see=f"{flavour.docs}/development/regions.html",
    )


def excluded_python(flavour: Flavour, manifest: str, allowed: str) -> Problem:
    """The project allows no supported Python (`allowed`: PEP 440)."""
    return Problem(
        code="upsun-python-excluded",
        found=f'{flavour.name} supports Python {_supported()}, but {manifest} allows only "{allowed}".',
        remedy="Allow Python 3.13, update the lock file with that version, and commit both.",
        see=f"{flavour.docs}/languages/python.html",
    )


def _supported() -> str:
    return " and ".join("{}.{}".format(*version) for version in SUPPORTED)


def unsupported_django(flavour: Flavour, version: str, django: str) -> Problem:
    """Django before 4.2 imports a module that Python 3.13 no longer has."""
    return Problem(
        code="upsun-django",
        found=f"{flavour.name} would run the site on Python {version}, which Django {django} does not support.",
        remedy="Upgrade the project to Django 4.2 or newer, and commit.",
        see=f"{flavour.docs}/languages/python.html",
    )


def _choices(names: Sequence[str]) -> str:
    return ", ".join(f"--org {name}" for name in names)
