"""The containers of an app: their environment, and the web process behind the router."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from simple_deploy_matrix.emulators._kit.store import new_id
from simple_deploy_matrix.sandbox.namespace import Container
from simple_deploy_matrix.sandbox.site import Site

from .build import BUILD
from .state import REGION, App, Image, State, host


def place(state: State, app: str, image: Image, container: str) -> Container:
    """A container with a fresh copy of the app: what is written there is lost with it."""
    folder = state.app_folder(app) / "containers" / f"{container}-{new_id()[:8]}"
    shutil.copytree(image["folder"], folder, symlinks=True)
    return BUILD.container(folder, Path(image["environment"]), Path(image["interpreter"]))


def resolved(config: Mapping[str, str]) -> dict[str, str]:
    """[docs: Variable Alias] A value `$NAME` is replaced with that of another variable."""
    return {name: config.get(value[1:], "") if value.startswith("$") else value for name, value in config.items()}


def environment(app: App, image: Image, container: str) -> dict[str, str]:
    """[docs: Runtime Environment Variables]"""
    injected = {
        "APP": app["name"],
        "CONTAINER": container,
        "CONTAINER_MEMORY": str(512 * 1024 * 1024),
        "CONTAINER_SIZE": "M",
        "CONTAINER_VERSION": image["commit"],
        "HOSTNAME": f"{app['name']}-{container}",
        "REGION_NAME": REGION,
        "SCALINGO_APPLICATION_ID": app["id"],
        "STACK": "scalingo-24",
        "WEB_CONCURRENCY": "2",
    }
    return {**injected, **resolved(app["config"]), "HOME": "/app", "LANG": "en_US.UTF-8", "PATH": BUILD.path}


def serve(state: State, app: App, image: Image, *, candidate: bool = False) -> None:
    """Start the web process; raises SiteDidNotStart. A candidate gets no requests yet."""
    limits, name = state.read()["limits"], app["name"]
    log = state.app_folder(name) / "logs" / "web-1.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    state.sandbox().start_site(
        Site(
            name=f"{name}.next" if candidate else name,
            hosts=[] if candidate else [host(name)],
            container=place(state, name, image, "web-1"),
            argv=["bash", "-c", _on_loopback(image["processes"].get("web", "false"))],
            env=environment(app, image, "web-1"),
            log=log,
            boot_timeout=limits["boot"],
            stop_timeout=limits["stop"],
        )
    )


def _on_loopback(command: str) -> str:
    """Bind gunicorn, which by default listens on every network of this machine, to the loopback interface."""
    if re.search(r"(^|\s)gunicorn\s", command):
        return f'export GUNICORN_CMD_ARGS="--bind 127.0.0.1:$PORT $GUNICORN_CMD_ARGS"; {command}'
    return command
