"""COPY: files of the context or of another stage, with their owner and mode."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ....sandbox import layers
from ....sandbox.namespace import Mount
from . import Image, base_images
from .dockerfile import Instruction, expand, list_form
from .layering import Build, Progress, add_layer, find_user, work

_FLAGS = ("from", "chown", "chmod", "link")
# The mount point of the files while they are copied.
_SEEN = "/run/also"
# Copies the contents of $1 into the folder $2, which keeps its owner and mode if it exists. $3: owner, $4: mode.
_COPY = """
set -eu
if [ -d "$2" ]; then before=$(stat -c '%u:%g %a' "$2"); else mkdir -p "$2"; before=; fi
cp -a -- "$1/." "$2/"
if [ -n "$3" ]; then (cd "$1" && find . -mindepth 1 -print0) | (cd "$2" && xargs -0r chown -h -- "$3"); fi
if [ -n "$4" ]; then (cd "$1" && find . -mindepth 1 -print0) | (cd "$2" && xargs -0r chmod -- "$4"); fi
if [ -n "$before" ]; then chown "${before% *}" "$2"; chmod "${before#* }" "$2"
elif [ -n "$3" ]; then chown "$3" "$2"; fi
"""
# The same for one file $1, which gets the name $5 in the folder of $2.
_ONE_FILE = """
if [ -f "$1" ]; then mkdir /run/one; cp -a -- "$1" "/run/one/$5"; set -- /run/one "${2%/*}/" "$3" "$4"; fi
"""


class _Wanted(NamedTuple):
    """The arguments of a COPY, with variables replaced."""

    sources: list[str]
    target: str
    owner: str
    mode: str


def copy(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    """Add one more layer. Raises BuildFailed if a source is missing, ValueError for what is not emulated."""
    if strange := [name for name, _ in instruction.flags if name not in _FLAGS]:
        raise ValueError(f"--{strange[0]} is not emulated")
    words = [expand(word, progress.variables) for word in list_form(instruction.rest)]
    if len(words) < 2:
        raise ValueError("COPY requires at least two arguments")
    owner = expand(instruction.flag("chown"), progress.variables)
    wanted = _Wanted(words[:-1], words[-1], owner, instruction.flag("chmod"))
    if instruction.flag("from"):
        return _from_image(build, progress, instruction, wanted)
    return _from_context(build, progress, instruction, wanted)


def _from_context(build: Build, progress: Progress, instruction: Instruction, wanted: _Wanted) -> Progress:
    matches = [match for source in wanted.sources for match in build.context.select(source)]
    folders = [build.context.is_folder(match) for match, _ in matches]
    into = wanted.target.endswith("/") or wanted.target in (".", "./") or any(folders)
    if len(matches) > 1 and not into:
        raise ValueError("when using COPY with more than one source file, the destination must be a directory")
    target = progress.absolute(wanted.target if into else str(PurePosixPath(wanted.target).parent))

    def make(folder: Path) -> None:
        stage = folder / "stage"
        stage.mkdir()
        for (match, files), whole in zip(matches, folders, strict=True):
            name = PurePosixPath(match if into else wanted.target).name
            build.context.stage(match, files, stage if whole else stage / name)
        argv = _command(progress.image, _COPY, _SEEN, target, wanted)
        work(progress.image, argv, folder, mounts=(Mount(host=stage, inside=_SEEN),))
        shutil.rmtree(stage)

    digests = [build.context.digest(files) for _, files in matches]
    what = [str(instruction), progress.image.workdir, *digests]
    return add_layer(build, progress, what, make, project_in_it=any(folders))


def _from_image(build: Build, progress: Progress, instruction: Instruction, wanted: _Wanted) -> Progress:
    if len(wanted.sources) != 1:
        raise ValueError("COPY --from with several sources is not emulated")
    name = instruction.flag("from")
    other = build.stages.get(name.lower()) or base_images.find(name, own_system=build.own_system)
    source, target = f"{_SEEN}/{wanted.sources[0].strip('/')}", progress.absolute(wanted.target)

    def make(folder: Path) -> None:
        argv = _command(progress.image, _ONE_FILE + _COPY, source, target, wanted)
        work(progress.image, argv, folder, also=other.folders)

    own = any(str(build.kept) in layer for layer in other.layers)
    return add_layer(build, progress, [str(instruction), progress.image.workdir, other.key], make, project_in_it=own)


def _command(image: Image, script: str, source: str, target: str, wanted: _Wanted) -> Sequence[str]:
    user = find_user(image, wanted.owner)
    owner = f"{user.uid}:{user.gid}" if wanted.owner and layers.has_owners() else ""
    name = PurePosixPath(source if target.endswith("/") else target).name
    return ["sh", "-c", script, "sh", source, target, owner, wanted.mode, name]
