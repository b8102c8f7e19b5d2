"""One run of the CLI: its command line, the platform's state, who asks, and which project is meant."""

from __future__ import annotations

import os
import sys

from matrix.emulators._upsun import console, local_project
from matrix.emulators._upsun.arguments import Call
from matrix.emulators._upsun.console import CliError, note
from matrix.emulators._upsun.model import Environment, Platform, Project, may_use
from matrix.emulators._upsun.state import State

LOGIN_REQUIRED, PERMISSION_DENIED, NO_PROJECT = 3, 6, 2


class Session:
    """What a command gets."""

    def __init__(self, state: State, call: Call) -> None:
        self.state = state
        self.call = call
        self.flavour = state.flavour

    @property
    def interactive(self) -> bool:
        """Whether somebody can be asked [CLI source: Application.configureIO]."""
        refused = any(self.call.has(name) for name in ("yes", "no", "no-interaction", "quiet"))
        return sys.stdin.isatty() and not refused and not os.environ.get(f"{self.flavour.env_prefix}NO_INTERACTION")

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Whether the answer is yes; where nobody can be asked, the default [CLI source: QuestionHelper]."""
        prompt = f"{question} {'[Y/n]' if default else '[y/N]'} "
        if self.interactive:
            answer = console.ask(prompt).lower()
            return answer.startswith("y") if answer else default
        answered = {"yes": True, "no": False}
        agreed = next((value for name, value in answered.items() if self.call.has(name)), default)
        note(prompt + ("y" if agreed else "n"))
        return agreed

    def logged_in(self) -> bool:
        """Whether the developer is known: by a login, or by the variable with an API token."""
        account = self.state.read()["account"]
        token = os.environ.get(f"{self.flavour.env_prefix}TOKEN")
        return token == account["token"] if token else account["logged_in"]

    def platform(self) -> Platform:
        """The platform's state. Raises CliError if the developer is not logged in."""
        if not self.logged_in():
            raise _login_required(self.flavour.executable, self.flavour.env_prefix)
        return self.state.read()

    def project(self, named: str = "") -> Project:
        """The project that is meant: the one named, that of `--project`, or that of the current repository."""
        platform = self.platform()
        wanted = named or self.call.value("project")
        project_id = wanted or local_project.current_project_id(self.flavour)
        if not project_id:
            raise CliError(
                "Could not determine the current project.\n\nSpecify it using --project, or go to a project directory.",
                status=NO_PROJECT,
            )
        project = platform["projects"].get(project_id)
        if project is None:
            raise CliError(_not_found(platform, project_id) if wanted else _gone(project_id))
        if not may_use(platform, project):
            # [CLI source: an API answer of 403 ends with 6]; OWN WORDING
            raise CliError(f"Permission denied: the project {project_id}.", status=PERMISSION_DENIED)
        return project

    def environment(self, project: Project) -> Environment:
        """The environment that is meant. Raises CliError if there is none of that name."""
        wanted = self.call.value("environment")
        found = project["environment"]
        if wanted and wanted not in (".", found["name"]):
            raise CliError(f"Specified environment not found: {wanted}")
        if wanted == ".":
            note("Selecting default environment (indicated by .)")
            note(f"Selected environment: {environment_label(found)}")
            return found
        branch = local_project.git("branch", "--show-current")
        current = local_project.current_project_id(self.flavour) == project["id"] and branch == found["name"]
        if not wanted and not current:
            note(f"Selected default environment: {environment_label(found)}")
        return found


def project_label(project: Project) -> str:
    """How people are told of a project [CLI source: Api.getProjectLabel]."""
    return f"{project['title']} ({project['id']})" if project["title"] else project["id"]


def environment_label(environment: Environment) -> str:
    """How people are told of an environment [CLI source: Api.getEnvironmentLabel]."""
    return f"{environment['name']} (type: {environment['type']})"


def _not_found(platform: Platform, project_id: str) -> str:
    """[CLI source: Selector.getProjectNotFoundMessage]"""
    mine = [project for project in platform["projects"].values() if may_use(platform, project)]
    listing = "".join(f"\n    {project['id']} - {project['title']}" for project in mine[:8])
    return f"Specified project not found: {project_id}" + (f"\n\nYour projects are:{listing}" if mine else "")


def _gone(project_id: str) -> str:
    """[CLI source: Selector.getCurrentProject]"""
    return f"Project not found: {project_id}\nEither you do not have access to the project or it no longer exists."


def _login_required(executable: str, prefix: str) -> CliError:
    """[CLI source: LoginRequiredException]"""
    return CliError(
        f"Authentication is required.\n\nPlease log in by running:\n    {executable} login\n\n"
        "Alternatively, to log in using an API token (without a browser), run: "
        f"{executable} auth:api-token-login\n\n"
        f"To authenticate non-interactively using an API token, set the {prefix}TOKEN environment variable.",
        status=LOGIN_REQUIRED,
        frame=False,
    )
