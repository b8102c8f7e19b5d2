"""Images: built from a Dockerfile, described by a JSON file, run in layers.

`building` executes a Dockerfile itself, `real_builders` uses docker, podman or buildah.
Semantics: [Docker docs: Dockerfile reference], [Docker docs: build context], and BuildKit's where these say nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


class BuildFailed(Exception):
    """The image cannot be built; the text is for the developer."""


@dataclass(frozen=True, kw_only=True)
class Image:
    """A finished image: its layers, lowest first, and the settings of its programs.

    `key` identifies its content: equal keys are equal images. `builder` is the program that built it. An image with an
    `own_system` is complete, the others use the system of this machine, see `matrix.sandbox.layers`.
    """

    key: str
    layers: tuple[str, ...]
    env: Mapping[str, str]
    builder: str
    workdir: str = "/"
    user: str = ""
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    own_system: bool = False

    @property
    def folders(self) -> tuple[Path, ...]:
        """The layers as paths."""
        return tuple(map(Path, self.layers))

    def save(self, path: Path) -> None:
        """Write the description."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")


def last(folder: Path) -> Image | None:
    """The image built last for any app whose folder is in `folder`/apps."""
    found = sorted(folder.glob("apps/*/images/*.json"), key=lambda path: path.stat().st_mtime_ns)
    return load(found[-1]) if found else None


def load(path: Path) -> Image:
    """Read a description that `save` wrote."""
    described = json.loads(path.read_bytes())
    lists = {name: tuple(described[name]) for name in ("layers", "entrypoint", "command")}
    return Image(**{**described, **lists})
