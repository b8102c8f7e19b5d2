"""`project:create` [CLI source: ProjectCreateCommand, with its integration tests]."""

from __future__ import annotations

from collections.abc import Sequence

from ..._kit.console import note, say
from ..._kit.store import first
from ..._kit.symfony import CliError, ask
from .. import lifecycle, local_project
from ..session import TEXTS, UpsunSession, project_label
from ..state import Organization, Platform, git_url

ESTIMATE = "$10"  # a month; every project costs the same here
# Ids of regions that the vendor's documentation and examples name.
REGIONS = (
    *("au.platform.sh", "au-2.platform.sh", "ca-1.platform.sh", "ch-1.platform.sh", "de-2.platform.sh"),
    *("eu-2.platform.sh", "eu-3.platform.sh", "eu-4.platform.sh", "eu-5.platform.sh", "fr-3.platform.sh"),
    *("fr-4.platform.sh", "uk-1.platform.sh", "us-2.platform.sh", "us-3.platform.sh", "us-4.platform.sh"),
)


def create(session: UpsunSession) -> int:
    """Standard output is only the project's ID. Asks for missing values, if there is a terminal."""
    platform = session.platform()
    organization = _organization(session, platform)
    if platform["refusal"]:
        note(TEXTS(f"refusal {platform['refusal']}", organization=organization["name"]))
        return 1
    note(f"Creating a project under the organization {_label(organization)}\n")
    root = local_project.repository_root()
    if session.has("set-remote") and root is None:
        note("The --set-remote option can only be used inside a Git repository directory.")
        note("Use git init to create a repository.")
        return 1
    title = _field(session, "title", "Project title", "Untitled Project")
    region = _region(session)
    branch = _field(session, "default-branch", "Default branch", "main")
    mapped = root is not None and not session.has("no-set-remote") and _agree_on_remote(session, title)
    if not session.confirm(TEXTS("cost", estimate=ESTIMATE)):
        return 1
    if region not in REGIONS:
        raise CliError(f"The region {region} does not exist.")  # OWN WORDING: the API rejects it
    project = lifecycle.create(session.state, title, region, organization, branch=branch)
    note(TEXTS("requested", service=session.flavour.service_name, project=project))
    say(project["id"])
    note(TEXTS("created", project=project, organization=organization, git=git_url(project)))
    if root is not None and mapped:
        note(f"\nSetting the remote project for this repository to: {project_label(project)}")
        local_project.map_repository(session.flavour, root, project)
    elif root is None:
        note(f"\nTo clone the project locally, run: {session.flavour.executable} get {project['id']}")
    return 0


def _organization(session: UpsunSession, platform: Platform) -> Organization:
    """[CLI source: Selector.selectOrganization] Without a terminal it must be named, even if there is only one."""
    wanted, known = session.value("org"), platform["organizations"]
    if wanted:
        found = first(known, name=wanted) or first(known, id=wanted)
        if found is None:
            raise CliError(f"Organization not found: {wanted}")
        return found
    current = session.current_project()
    if current and current["owner"] == platform["account"]["email"]:
        return next(one for one in known if one["id"] == current["organization"])
    if not session.interactive:
        raise CliError("An organization name or ID (--org) is required.")
    if not known:
        raise CliError(
            "You do not yet own nor belong to an organization in which you can create a project.", frame=False
        )
    if len(known) == 1:
        note(f"Selected organization: {_label(known[0])} (by default)")
        return known[0]
    return known[_choice("Enter a number to choose an organization (-o):", [_label(one) for one in known])]


def _region(session: UpsunSession) -> str:
    given = session.value("region")
    if given:
        return given
    if not session.interactive:
        raise CliError("--region is required")  # [CLI source: platformsh/console-form, Form::resolveOptions]
    return REGIONS[_choice("Region (--region)", REGIONS)]


def _field(session: UpsunSession, option: str, name: str, default: str) -> str:
    """The value of an option; at a terminal the CLI asks for a missing one."""
    given = session.value(option)
    if given or not session.interactive:
        return given or default
    return ask(f"{name} (--{option})\nDefault: {default}\nEnter a value: ") or default


def _choice(question: str, entries: Sequence[str]) -> int:
    listing = "".join(f"  [{number}] {entry}\n" for number, entry in enumerate(entries))
    answer = ask(f"{question}\n{listing} > ")
    if not answer.isdigit() or int(answer) >= len(entries):
        raise CliError(f'Value "{answer}" is invalid')
    return int(answer)


def _agree_on_remote(session: UpsunSession, title: str) -> bool:
    current = session.current_project()
    note(f"Local Git repository detected: {local_project.repository_root()}")
    if current:
        note(f"The remote project is currently: {project_label(current)}")
    note()
    if session.has("set-remote"):
        note(f"The new project {title} will be set as the remote for this repository directory.\n")
        return True
    if current:
        question = "Switch the remote project for this repository directory from "
        agreed = session.confirm(f"{question}{project_label(current)} to the new project {title}?", default=False)
    else:
        agreed = session.confirm(f"Set the new project {title} as the remote for this repository directory?")
    note()
    return agreed


def _label(organization: Organization) -> str:
    """[CLI source: Api.getOrganizationLabel]"""
    name, label = organization["name"], organization["label"]
    return f"{label} ({name})" if label and label != name else name
