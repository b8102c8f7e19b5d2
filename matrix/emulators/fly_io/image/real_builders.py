"""Builds an image with docker, podman or buildah, and unpacks it into one layer."""

from __future__ import annotations

import functools
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from . import BuildFailed, Image
from .buildah_images import provide
from .debian import output
from .layering import Say, kept_folder

NAMES: Final = ("docker", "podman", "buildah")
_TRIAL = "FROM scratch\nCOPY file /file\n"
# Otherwise buildah needs a runtime for containers.
_OPTIONS = {"buildah": ["--isolation", "chroot"]}
_TRIAL_TAG = "simple-deploy-trial"


def works(builder: str) -> bool:
    """Whether this program can build an image here."""
    return not obstacle(builder)


@functools.cache
def obstacle(builder: str) -> str:
    """Why this program cannot build an image here; empty if it can. Many machines have it without prerequisites."""
    if shutil.which(builder) is None:
        return "it is not on PATH"
    with tempfile.TemporaryDirectory() as name:
        Path(name, "file").write_text("trial\n", encoding="utf-8")
        Path(name, "Dockerfile").write_text(_TRIAL, encoding="utf-8")
        argv = [builder, "build", *_OPTIONS.get(builder, []), "--tag", _TRIAL_TAG, name]
        ended = subprocess.run(argv, capture_output=True, encoding="utf-8", errors="replace", check=False)
        if ended.returncode == 0:
            subprocess.run([builder, "rmi", _TRIAL_TAG], capture_output=True, check=False)
            return ""
        return next(reversed(ended.stderr.strip().splitlines()), f"it ended with status {ended.returncode}")


def build(builder: str, context: Path, dockerfile: Path, build_args: Mapping[str, str], kept: Path, say: Say) -> Image:
    """The image, with all its files below `kept`. Raises BuildFailed if there is no such builder, or it fails."""
    if not works(builder):
        raise BuildFailed(f"{builder} cannot build images on this machine")
    if builder == "buildah":
        provide(dockerfile.read_text(encoding="utf-8"), build_args, say)
    # A sandbox's name may end in an underscore, which is not allowed in a tag.
    tag = f"simple-deploy-{re.sub('[^a-z0-9]+', '-', kept.parent.parent.name.lower()).strip('-')}"
    given = [word for name, value in build_args.items() for word in ("--build-arg", f"{name}={value}")]
    _stream([builder, "build", *_OPTIONS.get(builder, []), "--file", dockerfile, "--tag", tag, *given, context], say)
    found = _described(builder, tag)
    config = found["config"]
    name = re.sub(r"\W", "_", found["id"])
    folder = kept_folder(kept / name, lambda unfinished: _unpack(builder, tag, unfinished / "fs"))
    output(builder, "rmi", tag)
    return Image(
        key=found["id"],
        layers=(str(folder / "fs"),),
        env=dict(pair.split("=", 1) for pair in config.get("Env") or []),
        builder=f"{builder} {_version(builder)}",
        workdir=config.get("WorkingDir") or "/",
        user=config.get("User") or "",
        entrypoint=tuple(config.get("Entrypoint") or ()),
        command=tuple(config.get("Cmd") or ()),
        own_system=True,
    )


def _stream(argv: Sequence[str | Path], say: Say) -> None:
    words = [str(word) for word in argv]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
    ) as child:
        assert child.stdout
        for line in child.stdout:
            say(line.rstrip("\n"))
    if child.returncode != 0:
        raise BuildFailed(f"{words[0]} ended with status {child.returncode}")


def _described(builder: str, tag: str) -> dict[str, Any]:
    """The image's identifier and its configuration, in OCI terms."""
    if builder == "buildah":
        image = json.loads(output(builder, "inspect", "--type", "image", tag))
        return {"id": image["FromImageID"], "config": image["OCIv1"]["config"]}
    (image,) = json.loads(output(builder, "image", "inspect", tag))
    return {"id": image["Id"], "config": image["Config"]}


def _unpack(builder: str, tag: str, target: Path) -> None:
    """The image's files with their owners."""
    target.mkdir()
    if builder == "buildah":
        container = output(builder, "from", "--pull-never", tag).strip()
        mounted = output(builder, "mount", container).strip()
        output("cp", "-a", f"{mounted}/.", str(target))
    else:
        container = output(builder, "create", tag).strip()
        archive = target.with_name("files.tar")
        output(builder, "export", "--output", str(archive), container)
        output("tar", "-x", "--numeric-owner", "-p", "-f", str(archive), "-C", str(target))
        archive.unlink()
    output(builder, "rm", container)


def _version(builder: str) -> str:
    found = re.search(r"\d+\.\d+(\.\d+)?", output(builder, "--version"))
    return found[0] if found else ""
