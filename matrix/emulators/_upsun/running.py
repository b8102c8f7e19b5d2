"""The deployment of an environment, to run something in its container."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matrix.emulators._upsun import containers
from matrix.emulators._upsun.configuration import Configuration
from matrix.emulators._upsun.image import python_image, tools_mounts
from matrix.emulators._upsun.state import Deployment, Project, State
from matrix.sandbox.namespace import Container


@dataclass(frozen=True, kw_only=True)
class Running:
    """A deployed application, to run something in its container."""

    state: State
    project: Project
    deployment: Deployment

    @property
    def configuration(self) -> Configuration:
        """The configuration of the deployed commit."""
        return Configuration(**self.deployment["configuration"])

    def container(self) -> Container:
        """A container of the application: read-only but for its mounts."""
        image = python_image(self.configuration.python)
        tools = tools_mounts(self.configuration.tools, image)
        storage = self.state.app_folder(self.project["id"]) / "storage"
        app = Path(self.deployment["build"])
        return containers.run_container(app, storage, self.configuration, image, tools)

    def environment(self) -> Mapping[str, str]:
        """Its environment variables."""
        tree = self.deployment["tree"]
        return containers.run_environment(self.state.flavour, self.project, self.configuration, tree)

    def shell(self, line: str) -> list[str]:
        """A command line as the application's shell runs it."""
        return containers.shell(line)


def running(state: State, project: Project) -> Running:
    """The deployment of a project's environment. There must be one."""
    deployment = project["environment"]["deployment"]
    assert deployment
    return Running(state=state, project=project, deployment=deployment)
