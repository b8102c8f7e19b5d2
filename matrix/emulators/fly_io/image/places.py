"""The containers of a build: the layers of an image, and a new one for changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matrix.emulators._kit.programs import run_to_end
from matrix.emulators.fly_io.image import BuildFailed, Image
from matrix.sandbox import layers
from matrix.sandbox.namespace import Container, Mount

LIMIT = 900.0  # seconds for one instruction


def place(
    image: Image,
    folder: Path,
    *,
    user: layers.User = layers.ROOT,
    workdir: str = "/",
    mounts: Sequence[Mount] = (),
    also: Sequence[Path] = (),
) -> Container:
    """A container in which the new layer `folder`/fs is written."""
    return layers.container(image.folders, folder / "fs", user=user, workdir=workdir, mounts=mounts, also=also)


def find_user(image: Image, name: str) -> layers.User:
    """The user of that name or number, root for an empty one. Raises BuildFailed if there is none."""
    try:
        return layers.find_user(image.folders, name) if name else layers.ROOT
    except LookupError as error:
        raise BuildFailed(str(error)) from error


def work(there: Container, argv: Sequence[str], folder: Path) -> None:
    """Run a command of the builder as root. Raises BuildFailed with its output if it fails."""
    said: list[str] = []
    env: Mapping[str, str] = {"PATH": layers.PATH}
    if run_to_end(there, argv, env, limit=LIMIT, each_line=said.append) != 0:
        raise BuildFailed("\n".join(said))
    tidy(folder, ())


def tidy(folder: Path, mounts: Sequence[Mount]) -> None:
    """Remove everything but the layer: the work folder of the overlay, and empty files or folders at mount points."""
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
