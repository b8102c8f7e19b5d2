"""The containers and environment variables of an application's build, hooks and web process.

[docs: development/variables, create-apps] A build has the project's values but no environment: there are no routes or
services for it. At run time the application's folder is read-only, except for its mounts.
"""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from ...sandbox import isolation
from ...sandbox.namespace import Container, Mount
from .._kit.programs import run_part
from .addresses import relationship_variables, relationships_of, routes_of
from .configuration import Configuration
from .flavour import Flavour
from .image import PATH, Image
from .state import SHAPES, Project, State, current_environment, exported, host

CACHE = "/mnt/cache"
_SHELL = "/bin/dash" if Path("/bin/dash").exists() else "/bin/sh"


def shell(script: str) -> list[str]:
    """A script as the platform runs it: by dash, with the variables of the file `.environment`."""
    return [_SHELL, "-c", f"if [ -f /app/.environment ]; then . /app/.environment; fi\n{script}"]


def run_script(
    state: State, part: str, place: Container, script: str, env: Mapping[str, str], say: Callable[[str], None]
) -> int:
    """Run a hook and return its exit status; lines of its standard error are marked with `W:` [push log]."""

    def warn(line: str) -> None:
        say(f"W: {line}")

    return run_part(state, part, place, shell(script), env, limit="hook", each_line=say, each_warning=warn)


def encoded(value: object) -> str:
    """JSON in base64, as the platform passes structures to a container."""
    return base64.b64encode(json.dumps(value).encode()).decode()


def build_environment(project: Project, configuration: Configuration, tree: str) -> dict[str, str]:
    """The environment variables of a build, without those for the package index."""
    return {**_always(project, configuration, tree, building=True), **SHAPES.fill("build variables")}


def run_environment(flavour: Flavour, project: Project, configuration: Configuration, tree: str) -> dict[str, str]:
    """The environment variables of hooks and of the web process, which also gets its `PORT` or `SOCKET`."""
    environment = project["environment"]
    relationships = relationships_of(configuration, project["databases"])
    own = relationship_variables(relationships) if flavour.relationship_variables else {}
    run = SHAPES.fill(
        "run variables",
        environment=environment,
        command=configuration.application["web"]["commands"]["start"],
        machine=current_environment(project),
        relationships=encoded(relationships),
        routes=encoded(routes_of(vars(configuration), host(project))),
    )
    return {**own, **_always(project, configuration, tree, building=False), **run}


def build_container(app: Path, cache: Path, image: Image, mounts: tuple[Mount, ...]) -> Container:
    """A container that can write the application, the cache of the project's builds, and /tmp."""
    cache.mkdir(parents=True, exist_ok=True)
    return Container(app=app, mounts=(*image.mounts, *mounts, Mount(host=cache, inside=CACHE, writable=True)))


def run_container(
    app: Path, storage: Path, configuration: Configuration, image: Image, mounts: tuple[Mount, ...]
) -> Container:
    """A container that can write only the mounts, /tmp and /run."""
    return Container(
        app=app,
        mounts=(*image.mounts, *mounts, *_disks(app, storage, configuration), *_known_hosts(storage, configuration)),
        app_writable=False,
    )


def _always(project: Project, configuration: Configuration, tree: str, *, building: bool) -> dict[str, str]:
    named = {
        f"{prefix}:{name}": value
        for prefix in configuration.application.get("variables") or {}
        for name, value in configuration.variables(prefix).items()
        if prefix != "env"
    }
    fixed = SHAPES.fill(
        "variables",
        path=PATH,
        application=encoded({**configuration.application, "name": configuration.name}),
        configuration=configuration,
        project=project,
        tree=tree,
        variables=encoded(named),
        dash=_SHELL,
    )
    return {"PIP_USER": "1", **configuration.variables(), **exported(project, building=building), **fixed}


def _disks(app: Path, storage: Path, configuration: Configuration) -> list[Mount]:
    """Folders that are kept between deployments; two mounts with one source path show the same folder.

    Without a container they are links in the application's folder.
    """
    disks = []
    for path, mount in (configuration.application.get("mounts") or {}).items():
        inside = f"/app/{str(path).strip('/')}"
        folder = storage / mount["source"] / str(mount.get("source_path") or path).strip("/")
        folder.mkdir(parents=True, exist_ok=True)
        place = app / str(path).strip("/")
        if isolation.current() == "folder" and not place.is_symlink():
            shutil.rmtree(place)
            place.symlink_to(folder, target_is_directory=True)
        disks.append(Mount(host=folder, inside=inside, writable=True))
    return disks


def _known_hosts(storage: Path, configuration: Configuration) -> list[Mount]:
    """The services' host names. They cannot be given to a process without a container."""
    if isolation.current() == "folder":
        return []
    storage.mkdir(parents=True, exist_ok=True)
    file = storage / "hosts"
    shutil.copyfile("/etc/hosts", file)
    with file.open("a", encoding="utf-8") as stream:
        for name in configuration.relationships:
            stream.write(f"127.0.0.1 {name}.internal\n")
    return [Mount(host=file, inside="/etc/hosts")]
