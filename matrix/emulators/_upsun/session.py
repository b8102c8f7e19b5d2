"""One run of the CLI: the caller, the selected project, and how tables are displayed."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from .._kit.console import note, say
from .._kit.grammar import Call
from .._kit.repository import git
from .._kit.session import Session
from .._kit.symfony import CliError, ask, say_table
from .._kit.texts import Texts
from . import local_project
from .state import SHAPES, Environment, Platform, Project, State, may_use

LOGIN_REQUIRED, PERMISSION_DENIED, NO_PROJECT = 3, 6, 2
TEXTS = Texts(Path(__file__).with_name("texts.txt"))


class UpsunSession(Session[State]):
    """The argument of a CLI command."""

    def __init__(self, state: State, call: Call) -> None:
        super().__init__(state, call)
        self.flavour = state.flavour

    @property
    def interactive(self) -> bool:
        """Whether the CLI can ask [CLI source: Application.configureIO]."""
        refused = any(self.has(name) for name in ("yes", "no", "no-interaction", "quiet"))
        return sys.stdin.isatty() and not refused and not os.environ.get(f"{self.flavour.env_prefix}NO_INTERACTION")

    @property
    def machine_readable(self) -> bool:
        """Whether a table is for a program, so that messages for people are omitted."""
        return self.value("format").lower() in ("csv", "tsv", "plain")

    def tell(self, text: str) -> None:
        """A message for people above a table."""
        if not self.machine_readable:
            note(text)

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Whether the answer is yes; the default where the CLI cannot ask [CLI source: QuestionHelper]."""
        prompt = f"{question} {'[Y/n]' if default else '[y/N]'} "
        if self.interactive:
            answer = ask(prompt).lower()
            return answer.startswith("y") if answer else default
        answered = {"yes": True, "no": False}
        agreed = next((value for name, value in answered.items() if self.has(name)), default)
        note(prompt + ("y" if agreed else "n"))
        return agreed

    def logged_in(self) -> bool:
        """Whether the developer is authenticated: by a login, or by the variable with an API token."""
        account = self.state.read()["account"]
        token = os.environ.get(f"{self.flavour.env_prefix}TOKEN")
        return token == account["token"] if token else account["logged_in"]

    def platform(self) -> Platform:
        """The platform's state. Raises CliError if the developer is not logged in."""
        if not self.logged_in():
            text = TEXTS("login", executable=self.flavour.executable, prefix=self.flavour.env_prefix)
            raise CliError(text, status=LOGIN_REQUIRED, frame=False)
        return self.state.read()

    def current_project(self) -> Project | None:
        """The project of the current repository, even of another owner; None if there is none."""
        return self.platform()["projects"].get(local_project.current_project_id(self.flavour) or "")

    def project(self, named: str = "") -> Project:
        """The selected project: the one named, that of `--project`, or that of the current repository."""
        platform = self.platform()
        wanted = named or self.value("project")
        project_id = wanted or local_project.current_project_id(self.flavour)
        if not project_id:
            raise CliError(TEXTS("no project"), status=NO_PROJECT)
        project = platform["projects"].get(project_id)
        if project is None:
            raise CliError(_not_found(platform, project_id) if wanted else TEXTS("gone", project=project_id))
        if not may_use(platform, project):
            # [CLI source: after an API answer of 403 the CLI exits with 6]; OWN WORDING
            raise CliError(f"Permission denied: the project {project_id}.", status=PERMISSION_DENIED)
        return project

    def environment(self, project: Project) -> Environment:
        """The selected environment. Raises CliError if none has that name."""
        wanted = self.value("environment")
        found = project["environment"]
        if wanted and wanted not in (".", found["name"]):
            raise CliError(f"Specified environment not found: {wanted}")
        if wanted == ".":
            note("Selecting default environment (indicated by .)")
            note(f"Selected environment: {environment_label(found)}")
        branch = git("branch", "--show-current")
        current = local_project.current_project_id(self.flavour) == project["id"] and branch == found["name"]
        if not wanted and not current:
            note(f"Selected default environment: {environment_label(found)}")
        return found

    def show(self, kind: str, rows: Sequence[Mapping[str, str]], default: Sequence[str]) -> None:
        """A table as the options select it. Raises CliError for an unknown column [CLI source: Table]."""
        titles = SHAPES.fill(f"{kind} titles")
        wanted: list[str] = []
        for column in (word.lower() for word in self.call.listed("columns")):
            if column != "+" and column not in titles:
                raise CliError(f"Column not found: {column} (available columns: {', '.join(sorted(titles))})")
            wanted += default if column == "+" else [column]
        columns = list(dict.fromkeys(wanted)) or list(default)
        form = self.value("format", "table").lower()
        say_table(rows, titles, columns, form=form, header=not self.has("no-header"))

    def show_property(self, properties: Mapping[str, str], wanted: str) -> None:
        """Show one of the properties, or a table of all; a property without a value is an empty line."""
        if wanted and wanted not in properties:
            raise CliError(f"Property not found: {wanted}")
        if wanted:
            say(properties[wanted])
            return
        rows = [{"property": name, "value": value} for name, value in properties.items()]
        self.show("property", rows, ("property", "value"))

    def sets_nothing(self) -> None:
        """Raise CliError for an attempt to change a property."""
        if self.argument(1):
            raise CliError(f"The emulated {self.call.command} sets nothing.")  # LIMIT of the emulation


def project_label(project: Project) -> str:
    """How a project is shown to people [CLI source: Api.getProjectLabel]."""
    return f"{project['title']} ({project['id']})" if project["title"] else project["id"]


def environment_label(environment: Environment) -> str:
    """How an environment is shown to people [CLI source: Api.getEnvironmentLabel]."""
    return f"{environment['name']} (type: {environment['type']})"


def _not_found(platform: Platform, project_id: str) -> str:
    """[CLI source: Selector.getProjectNotFoundMessage]"""
    mine = [project for project in platform["projects"].values() if may_use(platform, project)]
    listing = "".join(f"\n    {project['id']} - {project['title']}" for project in mine[:8])
    return f"Specified project not found: {project_id}" + (f"\n\nYour projects are:{listing}" if mine else "")
