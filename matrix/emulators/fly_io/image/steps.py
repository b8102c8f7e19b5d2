"""The instructions that put files into an image: RUN, COPY, WORKDIR. Each makes one layer."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from matrix.emulators.fly_io.image import BuildFailed, Image
from matrix.emulators.fly_io.image.network import reaching_the_index
from matrix.emulators.programs import run_to_end
from matrix.sandbox import environments, layers
from matrix.sandbox.namespace import Container, Mount

LIMIT = 900.0  # seconds for one instruction
Say = Callable[[str], None]
# Copies what is in $1 into the folder $2, which keeps its owner and mode if it is there already. $3: owner, $4: mode.
_ONE_FILE = """
if [ -f "$1" ]; then mkdir /run/one; cp -a -- "$1" "/run/one/$5"; set -- /run/one "${2%/*}/" "$3" "$4"; fi"""
_COPY = """
set -eu
if [ -d "$2" ]; then before=$(stat -c '%u:%g %a' "$2"); else mkdir -p "$2"; before=; fi
cp -a -- "$1/." "$2/"
if [ -n "$3" ]; then (cd "$1" && find . -mindepth 1 -print0) | (cd "$2" && xargs -0r chown -h -- "$3"); fi
if [ -n "$4" ]; then (cd "$1" && find . -mindepth 1 -print0) | (cd "$2" && xargs -0r chmod -- "$4"); fi
if [ -n "$before" ]; then chown "${before% *}" "$2"; chmod "${before#* }" "$2"
elif [ -n "$3" ]; then chown "$3" "$2"; fi
"""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A stage as far as it is built. `project_in_it`: its layers change with every change of the project."""

    image: Image
    args: Mapping[str, str]
    project_in_it: bool = False


def add_layer(
    progress: Progress, what: Sequence[str], make: Callable[[Path], None], kept: Path, *, project_in_it: bool = False
) -> Progress:
    """The stage with one more layer, made now unless one of the same `what` on the same layers exists already.

    Layers that hold the project are kept in `kept`, the others beside everything else that is installed once.
    """
    image = progress.image
    key = hashlib.sha256(json.dumps([image.key, *what]).encode()).hexdigest()[:32]
    own = progress.project_in_it or project_in_it
    folder = _kept(kept / key, make) if own else environments.cached({"what": "Fly.io, image layer", "key": key}, make)
    done = replace(image, key=key, layers=(*image.layers, str(folder / "fs")))
    return replace(progress, image=done, project_in_it=own)


def run(progress: Progress, argv: Sequence[str], mounts: Sequence[Mount], folder: Path, say: Say) -> None:
    """Carry out a RUN on top of a stage, as its user; what it writes is the layer `folder`/fs.

    It sees the image's variables and build arguments and nothing else of the developer's, except what an installer
    needs to reach the package index as this machine does. Raises BuildFailed if it fails.
    """
    index_env, index_mounts = reaching_the_index(tuple(argv))
    user = _user(progress.image, progress.image.user)
    shown = (*index_mounts, *mounts)
    place = _place(progress.image, folder, user=user, mounts=shown)
    env = {**index_env, "HOME": user.home, **progress.args, **progress.image.env}
    status = run_to_end(place, argv, env, limit=LIMIT, each_line=say)
    _tidy(folder, shown)
    if status != 0:
        code = "no exit code in time" if status is None else f"exit code: {status}"
        text = " ".join(argv)
        raise BuildFailed(f'process "{text}" did not complete successfully: {code}')


def copy_staged(progress: Progress, stage: Path, target: str, owner: str, mode: str, folder: Path) -> None:
    """Put the content of a folder of this machine into `target`."""
    mounts = (Mount(host=stage, inside="/run/also"),)
    _copy(progress.image, _place(progress.image, folder, mounts=mounts), "/run/also", target, owner, mode, folder)


def copy_from(progress: Progress, other: Image, source: str, target: str, owner: str, mode: str, folder: Path) -> None:
    """Copy from another image: a folder's content, or one file."""
    place = _place(progress.image, folder, also=other.folders)
    inside = f"/run/also/{source.strip('/')}"
    _copy(progress.image, place, inside, target, owner, mode, folder, f"{_ONE_FILE}{_COPY}")


def make_folder(progress: Progress, path: str, folder: Path) -> None:
    """Create a folder and its parents."""
    said: list[str] = []
    place = _place(progress.image, folder)
    env = {"PATH": layers.PATH}
    _finish(run_to_end(place, ["mkdir", "-p", path], env, limit=LIMIT, each_line=said.append), said)
    _tidy(folder, ())


def absolute(image: Image, path: str) -> str:
    """`path` seen from the working directory of an image."""
    return os.path.normpath(PurePosixPath(image.workdir, path)) + ("/" if path.endswith("/") else "")


def _copy(
    image: Image, place: Container, source: str, target: str, owner: str, mode: str, folder: Path, script: str = _COPY
) -> None:
    numbers = ""
    if owner:
        user = _user(image, owner)
        numbers = f"{user.uid}:{user.gid}"
    name = PurePosixPath(source if target.endswith("/") else target).name
    said: list[str] = []
    argv = ["sh", "-c", script, "sh", source, target, numbers, mode, name]
    _finish(run_to_end(place, argv, {"PATH": layers.PATH}, limit=LIMIT, each_line=said.append), said)
    _tidy(folder, ())


def _finish(status: int | None, said: Sequence[str]) -> None:
    if status != 0:
        raise BuildFailed("\n".join(said) or "failed to copy")


def _place(
    image: Image,
    folder: Path,
    *,
    user: layers.User = layers.ROOT,
    mounts: Sequence[Mount] = (),
    also: Sequence[Path] = (),
) -> Container:
    return layers.container(
        image.folders, folder / "fs", user=user, workdir="/" if also else image.workdir, mounts=mounts, also=also
    )


def _user(image: Image, name: str) -> layers.User:
    try:
        return layers.find_user(image.folders, name) if name else layers.ROOT
    except LookupError as error:
        raise BuildFailed(str(error)) from error


def _tidy(folder: Path, mounts: Sequence[Mount]) -> None:
    """Leave the layer only: no work folder of the overlay, no empty files or folders in the places of mounts."""
    shutil.rmtree(folder / "fs.work")
    for mount in mounts:
        place = folder / "fs" / mount.inside.lstrip("/")
        if place.is_file() and not place.is_symlink() and place.stat().st_size == 0:
            place.unlink()
            place = place.parent
        while place != folder / "fs" and place.is_dir() and not any(place.iterdir()):
            place.rmdir()
            place = place.parent


def _kept(folder: Path, make: Callable[[Path], None]) -> Path:
    """As `environments.cached` does it, for one sandbox, in which nobody else builds at the same time."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix="new-", dir=folder.parent))
        make(unfinished)
        unfinished.rename(folder)
    return folder
