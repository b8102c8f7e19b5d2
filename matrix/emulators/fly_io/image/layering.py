"""A partially built stage of a Dockerfile, and the containers that add layers to it."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from ....sandbox import environments, layers
from ....sandbox.namespace import Container, Mount
from ..._kit.programs import run_to_end
from . import BuildFailed, Image
from .context import Context

LIMIT = 900.0  # seconds for one instruction
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Build:
    """What the instructions of one Dockerfile share.

    `kept` has the layers that no other sandbox needs. With an `own_system` the base images do not use this machine's.
    """

    context: Context
    build_args: Mapping[str, str]
    kept: Path
    say: Say
    own_system: bool = False
    stages: dict[str, Image] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A partially built stage. `project_in_it`: its layers change with every change of the project."""

    image: Image
    args: Mapping[str, str]
    project_in_it: bool = False

    @property
    def variables(self) -> dict[str, str]:
        """The variables of an instruction: the image's override build arguments."""
        return {**self.args, **self.image.env}

    def absolute(self, path: str) -> str:
        """`path` relative to the working directory; a trailing slash is kept."""
        return os.path.normpath(PurePosixPath(self.image.workdir, path)) + ("/" if path.endswith("/") else "")

    def with_settings(self, **changed: object) -> Progress:
        """The stage with other settings of its image; no layer is made."""
        return replace(self, image=replace(self.image, **changed))  # type: ignore[arg-type]


def add_layer(
    build: Build, progress: Progress, what: Sequence[str], make: Callable[[Path], None], *, project_in_it: bool = False
) -> Progress:
    """The stage with one more layer, created now unless an equal one on the same layers exists already.

    Layers with the project are kept in the sandbox, the others with everything else that is installed once.
    """
    image = progress.image
    key = hashlib.sha256(json.dumps([image.key, *what]).encode()).hexdigest()[:32]
    own = progress.project_in_it or project_in_it
    if own:
        folder = kept_folder(build.kept / key, make)
    else:
        folder = environments.cached({"what": "Fly.io, image layer", "key": key}, make, read_only=False)
    done = replace(image, key=key, layers=(*image.layers, str(folder / "fs")))
    return replace(progress, image=done, project_in_it=own)


def kept_folder(folder: Path, make: Callable[[Path], None]) -> Path:
    """Like `environments.cached`, for one sandbox, in which no other build runs at the same time."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix="new-", dir=folder.parent))
        make(unfinished)
        unfinished.rename(folder)
    return folder


def find_user(image: Image, name: str) -> layers.User:
    """The user with that name or number, root for an empty one. Raises BuildFailed if there is none."""
    try:
        return layers.find_user(image.folders, name) if name else layers.ROOT
    except LookupError as error:
        raise BuildFailed(str(error)) from error


def work(
    image: Image, argv: Sequence[str], folder: Path, *, mounts: Sequence[Mount] = (), also: Sequence[Path] = ()
) -> None:
    """Run a command of the builder as root, on a new layer `folder`/fs. Raises BuildFailed with its output."""
    there = layers.container(image.folders, folder / "fs", mounts=mounts, also=also, own_system=image.own_system)
    said: list[str] = []
    status = run(there, argv, {"PATH": layers.PATH}, folder, (), said.append)
    if status != 0:
        raise BuildFailed("\n".join(said))


def run(
    there: Container, argv: Sequence[str], env: Mapping[str, str], folder: Path, mounts: Sequence[Mount], say: Say
) -> int:
    """Run a command, and remove everything but the layer: the overlay's work folder, and empty mount points."""
    status = run_to_end(there, argv, env, limit=LIMIT, each_line=say)
    root = folder / "fs"
    layers.remove_work(root)
    for mount in mounts:
        found = root / mount.inside.lstrip("/")
        if found.is_file() and not found.is_symlink() and found.stat().st_size == 0:
            found.unlink()
            found = found.parent
        while found != root and found.is_dir() and not any(found.iterdir()):
            found.rmdir()
            found = found.parent
    return status
