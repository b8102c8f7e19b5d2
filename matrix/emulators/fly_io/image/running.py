"""RUN: a command in the image, as its user, with caches and files of the context mounted."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ....sandbox import environments, layers
from ....sandbox.namespace import Container, Mount
from ..._kit.programs import LATE
from . import BuildFailed, Image
from .dockerfile import Instruction, words
from .layering import Build, Progress, add_layer, find_user, run
from .network import reaching_the_index
from .packages import reachable


class _Shown(NamedTuple):
    """A mount, the digest of its files, and whether it is a folder of the project."""

    mount: Mount
    digest: str = ""
    project_in_it: bool = False


def run_instruction(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    """One more layer. Raises BuildFailed if the command fails, ValueError for what is not emulated."""
    if other := [name for name, _ in instruction.flags if name != "mount"]:
        raise ValueError(f"--{other[0]} is not emulated")
    argv = words(instruction.rest)
    shown = [_shown(build, progress, value) for _, value in instruction.flags]
    image = progress.image
    settings = json.dumps([image.user, image.workdir, dict(image.env), dict(progress.args)], sort_keys=True)
    return add_layer(
        build,
        progress,
        [str(instruction), settings, *(each.digest for each in shown)],
        lambda folder: _carry_out(build, progress, argv, [each.mount for each in shown], folder),
        project_in_it=any(each.project_in_it for each in shown),
    )


def _carry_out(build: Build, progress: Progress, argv: tuple[str, ...], mounts: Sequence[Mount], folder: Path) -> None:
    """Its environment is that of the image, with the build arguments and the settings for the package index."""
    index_env, index_mounts = reaching_the_index(argv)
    user = find_user(progress.image, progress.image.user)
    env = {**index_env, "HOME": user.home, **progress.variables}
    with reachable(argv) as package_mounts:
        shown = (*index_mounts, *package_mounts, *mounts)
        there = _container(progress.image, folder / "fs", user, shown)
        status = run(there, argv, env, folder, shown, build.say)
    if status != 0:
        code = "no exit code in time" if status == LATE else f"exit code: {status}"
        raise BuildFailed(f'process "{" ".join(argv)}" did not complete successfully: {code}')


def _container(image: Image, upper: Path, user: layers.User, mounts: Sequence[Mount]) -> Container:
    return layers.container(
        image.folders, upper, user=user, workdir=image.workdir, mounts=mounts, own_system=image.own_system
    )


def _shown(build: Build, progress: Progress, text: str) -> _Shown:
    options = {name: value for name, _, value in (part.partition("=") for part in text.split(","))}
    kind = options.get("type", "bind")
    target = options.get("target") or options.get("dst") or options.get("destination")
    if not target or kind not in ("bind", "cache") or "from" in options:
        raise ValueError("of mounts, cache and bind of the context are emulated")
    inside = progress.absolute(target)
    if kind == "cache":
        return _Shown(_cache(options.get("id") or inside, inside))
    ((match, files),) = build.context.select(options.get("source") or options.get("src") or ".")
    build.kept.mkdir(parents=True, exist_ok=True)
    copied = Path(tempfile.mkdtemp(prefix="bind-", dir=build.kept)) / "it"
    build.context.stage(match, files, copied)
    digest = build.context.digest(files)
    return _Shown(Mount(host=copied, inside=inside), digest, build.context.is_folder(match))


def _cache(name: str, inside: str) -> Mount:
    """A folder that all builds share, by its identifier or its path."""
    folder = environments.cache_folder() / "image-caches" / re.sub(r"\W+", "_", name).strip("_")
    folder.mkdir(parents=True, exist_ok=True)
    return Mount(host=folder, inside=inside, writable=True)
