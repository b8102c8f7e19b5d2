"""The deployment of an environment: its container, and its web process behind the gateway."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ...sandbox.environments import base_interpreter
from ...sandbox.namespace import Container, Mount
from ...sandbox.site import Site
from . import containers
from .addresses import hosts_of, routes_of
from .configuration import Configuration
from .image import python_image, tools_mounts
from .state import Deployment, Project, State, host

_PORT_VARIABLE = "GATEWAY_PORT"
_SOURCES = "/opt/gateway"
_HARNESS = Path(__file__).resolve().parents[2]
_GATEWAY = (
    f"import sys; sys.path.insert(0, '{_SOURCES}/{_HARNESS.name}/..'); "
    f"from {__package__}.gateway.serving import main; main()"
)


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

    @property
    def routes(self) -> dict[str, dict[str, Any]]:
        """The addresses of the environment."""
        return routes_of(json.loads(json.dumps(asdict(self.configuration))), host(self.project))

    def container(self) -> Container:
        """A container of the application: read-only except for its mounts."""
        image = python_image(self.configuration.python)
        tools = tools_mounts(self.configuration.tools, image)
        storage = self.state.app_folder(self.project["id"]) / "storage"
        app = Path(self.deployment["build"])
        return containers.run_container(app, storage, self.configuration, image, tools)

    def environment(self) -> Mapping[str, str]:
        """Its environment variables."""
        tree = self.deployment["tree"]
        return containers.run_environment(self.state.flavour, self.project, self.configuration, tree)

    def site(self) -> Site:
        """Its web process behind the gateway, which runs in the same container."""
        limits, place = self.state.read()["limits"], self.container()
        gateway = Mount(host=_HARNESS, inside=f"{_SOURCES}/{_HARNESS.name}")
        return Site(
            name=self.project["site"],
            hosts=hosts_of(self.routes),
            container=replace(place, mounts=(*place.mounts, gateway)),
            argv=[str(base_interpreter()), "-I", "-c", _GATEWAY, json.dumps(self._gateway_settings(limits["boot"]))],
            env=self.environment(),
            log=self.state.app_folder(self.project["id"]) / "logs" / "app.log",
            port_variable=_PORT_VARIABLE,
            boot_timeout=2 * limits["boot"],
            stop_timeout=limits["stop"],
        )

    def _gateway_settings(self, boot: float) -> dict[str, Any]:
        """The arguments of its program; the application has `boot` seconds to start."""
        web = self.configuration.application.get("web") or {}
        commands = web.get("commands") or {}
        return {
            "start": containers.shell("\n".join(filter(None, (commands.get("pre_start"), commands["start"])))),
            "family": (web.get("upstream") or {}).get("socket_family", "tcp"),
            "locations": {"/": {"passthru": True}, **(web.get("locations") or {})},
            "routes": self.routes,
            "folder": "/app",
            "port variable": _PORT_VARIABLE,
            "boot": boot,
        }


def running(state: State, project: Project) -> Running:
    """The deployment of a project's environment. There must be one."""
    deployment = project["environment"]["deployment"]
    assert deployment
    return Running(state=state, project=project, deployment=deployment)
