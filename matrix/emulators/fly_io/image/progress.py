"""A stage of a Dockerfile as far as it is built, and the layers that are added to it."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from matrix.emulators.fly_io.image import Image
from matrix.emulators.fly_io.image.context import Context
from matrix.sandbox import environments

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Build:
    """What the instructions of one Dockerfile share. `kept` holds the layers that no other sandbox needs."""

    context: Context
    build_args: Mapping[str, str]
    kept: Path
    say: Say
    stages: dict[str, Image] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A stage as far as it is built. `project_in_it`: its layers change with every change of the project."""

    image: Image
    args: Mapping[str, str]
    project_in_it: bool = False

    @property
    def variables(self) -> dict[str, str]:
        """The variables of an instruction: the image's win over build arguments."""
        return {**self.args, **self.image.env}

    def absolute(self, path: str) -> str:
        """`path` seen from the working directory; a slash at its end stays."""
        return os.path.normpath(PurePosixPath(self.image.workdir, path)) + ("/" if path.endswith("/") else "")

    def with_settings(self, **changed: object) -> Progress:
        """The stage with other settings of its image; no layer is made."""
        return replace(self, image=replace(self.image, **changed))  # type: ignore[arg-type]


def add_layer(
    build: Build, progress: Progress, what: Sequence[str], make: Callable[[Path], None], *, project_in_it: bool = False
) -> Progress:
    """The stage with one more layer, made now unless one of the same `what` on the same layers exists already.

    Layers that hold the project are kept in the sandbox, the others beside everything else that is installed once.
    """
    image = progress.image
    key = hashlib.sha256(json.dumps([image.key, *what]).encode()).hexdigest()[:32]
    own = progress.project_in_it or project_in_it
    if own:
        folder = _kept(build.kept / key, make)
    else:
        folder = environments.cached({"what": "Fly.io, image layer", "key": key}, make, read_only=False)
    done = replace(image, key=key, layers=(*image.layers, str(folder / "fs")))
    return replace(progress, image=done, project_in_it=own)


def _kept(folder: Path, make: Callable[[Path], None]) -> Path:
    """As `environments.cached`, for one sandbox, in which no other build runs at the same time."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix="new-", dir=folder.parent))
        make(unfinished)
        unfinished.rename(folder)
    return folder
