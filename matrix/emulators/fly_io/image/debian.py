"""`python:X.Y-slim` for buildah if no registry can be reached: a small Debian with a Python of this machine."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from ....sandbox import environments, layers
from . import BuildFailed, base_images
from .dockerfile import parse
from .layering import Say

_RELEASE = "bookworm"
# Libraries for a Python of another machine, beyond the smallest Debian.
_PACKAGES = (
    "ca-certificates", "libbz2-1.0", "libexpat1", "libffi8", "liblzma5", "libncursesw6", "libreadline8",
    "libsqlite3-0", "libssl3", "libuuid1", "netbase", "tzdata", "zlib1g",
)  # fmt: skip
_AUTHORITIES = "etc/ssl/certs/ca-certificates.crt"


def provide(dockerfile: str, build_args: Mapping[str, str], say: Say) -> None:
    """Provide every official Python image that a Dockerfile starts from. Raises BuildFailed if one is not available."""
    named = dict.fromkeys(stage.origin for stage in parse(dockerfile, build_args))
    for name in (each for each in named if each.rpartition("/")[2].startswith("python:")):
        full = f"docker.io/library/{name.rpartition('/')[2]}"
        if not any(_succeeds(["buildah", *words]) for words in (["inspect", "--type", "image", full], ["pull", full])):
            say(f"{full} cannot be pulled: it is made of Debian {_RELEASE} and a Python of this machine")
            _make(full)


def _make(name: str) -> None:
    python = base_images.find(name).folders[0]
    key = {"what": "Fly.io, whole base image", "python": str(python), "debian": _RELEASE}
    root = environments.cached(key, lambda folder: _write(folder / "fs", python), read_only=False) / "fs"
    container = output("buildah", "from", "scratch").strip()
    output("buildah", "add", container, str(root), "/")
    env = {"PATH": layers.PATH, "LANG": "C.UTF-8", "SSL_CERT_FILE": f"/{_AUTHORITIES}", "PIP_CERT": f"/{_AUTHORITIES}"}
    settings = [word for pair in env.items() for word in ("--env", "=".join(pair))]
    output("buildah", "config", *settings, "--cmd", '["python3"]', container)
    output("buildah", "commit", "--rm", container, name)


def _write(root: Path, python: Path) -> None:
    smallest = environments.cached({"what": "Fly.io, Debian", "release": _RELEASE}, _bootstrap, read_only=False) / "fs"
    output("cp", "-a", str(smallest), str(root))
    output("cp", "-a", f"{python}/usr/local/.", str(root / "usr/local"))
    # The one of this machine, which may have additional authorities.
    shutil.copyfile(Path("/", _AUTHORITIES), root / _AUTHORITIES)
    output("chroot", str(root), "ldconfig")


def _bootstrap(folder: Path) -> None:
    if shutil.which("debootstrap") is None:
        raise BuildFailed("no registry can be reached, and there is no debootstrap to make a base image with")
    options = ["--variant=minbase", f"--include={','.join(_PACKAGES)}"]
    output("debootstrap", *options, _RELEASE, str(folder / "fs"))
    shutil.rmtree(folder / "fs/var/cache/apt")


def _succeeds(argv: list[str]) -> bool:
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0


def output(*argv: str) -> str:
    """What a program prints. Raises BuildFailed with its message."""
    done = subprocess.run(argv, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode != 0:
        raise BuildFailed(f"{' '.join(argv[:2])}: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout
