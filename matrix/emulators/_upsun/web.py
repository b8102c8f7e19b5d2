"""The command that starts the gateway of an application, inside of its container."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matrix.sandbox.namespace import Container, Mount

if TYPE_CHECKING:
    from matrix.emulators._upsun.configuration import Configuration

PORT_VARIABLE = "GATEWAY_PORT"
_SOURCES = "/opt/gateway"
_PROGRAM = (
    f"import sys; sys.path.insert(0, '{_SOURCES}/matrix/..'); "
    "from matrix.emulators._upsun.gateway.serving import main; main()"
)


def placed_in(container: Container) -> Container:
    """The container with the gateway's program mounted."""
    package = Path(__file__).resolve().parents[2]
    return replace(container, mounts=(*container.mounts, Mount(host=package, inside=f"{_SOURCES}/matrix")))


def command(configuration: Configuration, routes: Mapping[str, Any], boot: float) -> list[str]:
    """Its arguments for an application, which has `boot` seconds to start."""
    from matrix.emulators._upsun.containers import shell
    from matrix.sandbox.environments import base_interpreter

    web = configuration.application.get("web") or {}
    commands = web.get("commands") or {}
    settings = {
        "start": shell("\n".join(filter(None, (commands.get("pre_start"), commands["start"])))),
        "family": (web.get("upstream") or {}).get("socket_family", "tcp"),
        "locations": {"/": {"passthru": True}, **(web.get("locations") or {})},
        "routes": routes,
        "folder": "/app",
        "port variable": PORT_VARIABLE,
        "boot": boot,
    }
    return [str(base_interpreter()), "-I", "-c", _PROGRAM, json.dumps(settings)]
